import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {after, before, describe, it} from 'node:test'

import {readLockfile} from '../../../src/project/lockfile/read-lockfile.js'
import {integrityOf} from '../resolution/packages.js'

let folder: string
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'apkg-lockfile-'))
})
after(() => rm(folder, {recursive: true}))

async function read(content: unknown) {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2)
  await writeFile(path.join(folder, 'apkg-lock.json'), text)
  return (await readLockfile(folder))!
}

const integrity = integrityOf('@a/x', '1.0.0')
const entry = {
  version: '1.0.0',
  resolved: 'https://r.example/x',
  integrity,
  dependencies: {},
  type: 'skill',
  optional: false,
}

function lockWith(packages: unknown): object {
  return {lockfileVersion: 1, requires: true, resolved: '2026-05-17T21:56:21.123456789+00:00', packages}
}

function withEntry(change: object): object {
  return lockWith({'@a/x@1.0.0': {...entry, ...change}})
}

describe('readLockfile', () => {
  it('readLockfile: ignores a byte order mark', async () => {
    const {lockfile} = await read(`\uFEFF${JSON.stringify(withEntry({}))}`)
    assert.deepEqual([...lockfile.packages.keys()], ['@a/x'])
  })

  it('readLockfile: reads a lockfile of the original client', async () => {
    const dependencies = {'@a/y': '^1.0.0'}
    const {lockfile, text} = await read(lockWith({'@a/x@1.0.0': {...entry, dependencies, type: 'unknown'}}))
    assert.deepEqual(lockfile, {
      registry: undefined,
      packages: new Map([['@a/x', {name: '@a/x', version: '1.0.0', integrity, dependencies, type: 'unknown'}]]),
      registries: {},
      leftOver: [],
    })
    assert.equal(text, await readFile(path.join(folder, 'apkg-lock.json'), 'utf8'))
  })

  it('readLockfile: returns undefined without a lockfile', async () => {
    assert.equal(await readLockfile(path.join(folder, 'elsewhere')), undefined)
  })

  it('readLockfile: ignores unknown fields', async () => {
    const {lockfile} = await read({...lockWith({'@a/x@1.0.0': {...entry, signed: true}}), more: [{a: 1}, {a: 2}]})
    assert.equal(lockfile.packages.size, 1)
  })

  for (const [what, versions, ranges, kept, leftOver] of [
    [
      'the highest version, not the first in the file',
      ['1.0.0', '1.10.0', '1.9.0'],
      ['^1'],
      '1.10.0',
      ['1.9.0', '1.0.0'],
    ],
    ['the version that another package requires', ['1.0.0', '2.0.0'], ['^1'], '1.0.0', ['2.0.0']],
    [
      'the version that all other packages accept',
      ['1.0.0', '1.5.0', '2.0.0'],
      ['*', '<1.5'],
      '1.0.0',
      ['2.0.0', '1.5.0'],
    ],
    ['the highest version if none is accepted by all', ['1.0.0', '2.0.0'], ['^1', '^2'], '2.0.0', ['1.0.0']],
  ] as const) {
    it(`readLockfile: keeps ${what} if the original client locked several`, async () => {
      const neighbors = ranges.map((range, index) => [`@a/n${index}@1.0.0`, {...entry, dependencies: {'@a/x': range}}])
      const all = versions.map((version) => [`@a/x@${version}`, {...entry, version}])
      const {lockfile} = await read(lockWith(Object.fromEntries([...neighbors, ...all])))
      assert.equal(lockfile.packages.get('@a/x')?.version, kept)
      assert.deepEqual(
        lockfile.leftOver,
        leftOver.map((version) => `@a/x@${version}`),
      )
    })
  }
})

describe('readLockfile of a damaged lockfile', () => {
  const other = integrityOf('@a/y', '1.0.0')
  const sha512 = `sha512-${Buffer.alloc(64).toString('base64')}`
  for (const [what, content, reason] of [
    ['an empty file', '', /it is empty/],
    ['white space', ' \n', /it is empty/],
    ['half a file', JSON.stringify(lockWith({})).slice(0, -3), /it is not JSON/],
    ['a byte order mark and no JSON', '\uFEFF{', /it is not JSON/],
    ['a list', [], /not a JSON object/],
    ['null', 'null', /not a JSON object/],
    ['no lockfileVersion', {packages: {}}, /no `lockfileVersion`/],
    ['no packages', {lockfileVersion: 1}, /`packages` is not an object/],
    ['packages in a list', lockWith([entry]), /`packages` is not an object/],
    ['a registry that is a number', {...lockWith({}), registry: 1}, /`registry` is not a string/],
    ['a registry that is null', {...lockWith({}), registry: null}, /`registry` is not a string/],
    ['a key without a version', lockWith({'@a/x': entry}), /is not named `@scope\/name@version`/],
    ['a key without a package name', lockWith({'@1.0.0': entry}), /is not/],
    ['an empty key', lockWith({'': entry}), /is not/],
    ['a name without a scope that is a path', lockWith({'x/y@1.0.0': entry}), /is not/],
    ['a name with a path traversal', lockWith({'@a/../../x@1.0.0': entry}), /is not/],
    ['a scope with a path traversal', lockWith({'@../x@1.0.0': entry}), /is not/],
    ['an absolute name', lockWith({'/etc/passwd@1.0.0': entry}), /is not/],
    ['a name with a backslash', lockWith({'@a\\..\\x@1.0.0': entry}), /is not/],
    ['an uppercase name', lockWith({'@A/X@1.0.0': entry}), /is not/],
    ['a name with a NUL', lockWith({'@a/x\0@1.0.0': entry}), /is not/],
    ['a name of 300 characters', lockWith({[`@a/${'x'.repeat(300)}@1.0.0`]: entry}), /is not/],
    ['the name `__proto__`', `{"lockfileVersion":1,"packages":{"__proto__":{}}}`, /is not/],
    ['a version with a path traversal', lockWith({'@a/x@../../1.0.0': {...entry, version: '../../1.0.0'}}), /is not/],
    ['a version that is a range', lockWith({'@a/x@^1': {...entry, version: '^1'}}), /is not/],
    ['a version that is not normalized', lockWith({'@a/x@v1.0.0': {...entry, version: 'v1.0.0'}}), /is not/],
    ['an entry that is null', lockWith({'@a/x@1.0.0': null}), /is not an object/],
    ['an entry with another version inside', withEntry({version: '1.0.1'}), /different `version` inside/],
    ['no integrity', withEntry({integrity: undefined}), /exactly one sha256/],
    ['an empty integrity', withEntry({integrity: ''}), /exactly one sha256/],
    ['another algorithm', withEntry({integrity: sha512}), /exactly one sha256/],
    ['two digests', withEntry({integrity: `${integrity} ${other}`}), /exactly one sha256/],
    ['an option after the digest', withEntry({integrity: `${integrity}?x`}), /exactly one sha256/],
    ['a digest in a list', withEntry({integrity: [integrity]}), /exactly one sha256/],
    [
      'a digest that is not canonical base64',
      withEntry({integrity: integrity.replace(/.=$/, '/=')}),
      /exactly one sha256/,
    ],
    ['a newline after the digest', withEntry({integrity: `${integrity}\n`}), /exactly one sha256/],
    ['no dependencies', withEntry({dependencies: undefined}), /needs an object as `dependencies`/],
    ['dependencies in a list', withEntry({dependencies: ['@a/y']}), /needs an object as `dependencies`/],
    [
      'a dependency with a path traversal',
      withEntry({dependencies: {'../y': '*'}}),
      /a dependency with an invalid name/,
    ],
    ['a dependency on a tag', withEntry({dependencies: {'@a/y': 'latest'}}), /an invalid range for @a\/y/],
    [
      'a dependency on a URL',
      withEntry({dependencies: {'@a/y': 'https://evil.example/y'}}),
      /an invalid range for @a\/y/,
    ],
    ['a dependency on a number', withEntry({dependencies: {'@a/y': 1}}), /an invalid range for @a\/y/],
    ['no type', withEntry({type: undefined}), /an invalid `type`/],
    ['a type with a path traversal', withEntry({type: '../..'}), /an invalid `type`/],
    ['a duplicate field', `{"lockfileVersion":1,"packages":{},"packages":{}}`, /it has a duplicate field/],
    [
      'a duplicate entry, once escaped',
      `{"lockfileVersion":1,"packages":{"@a/x@1.0.0":${JSON.stringify(entry)},"@a\\/x@1.0.0":${JSON.stringify(entry)}}}`,
      /it has a duplicate field/,
    ],
    ['200,000 nested arrays', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, /not a JSON object/],
    ['a string of a million escapes', `{"a":"${'\\n'.repeat(1_000_000)}"}`, /no `lockfileVersion`/],
  ] as const) {
    it(`readLockfile: rejects ${what}, and does not change the file`, async () => {
      const text = typeof content === 'string' ? content : JSON.stringify(content)
      await assert.rejects(read(text), (error: any) => {
        assert.deepEqual([error.code, error.exitCode], ['LOCKFILE_DAMAGED', 1])
        assert.match(error.message, reason)
        assert.match(error.message, /^[ -~]*$/)
        return true
      })
      assert.equal(await readFile(path.join(folder, 'apkg-lock.json'), 'utf8'), text)
    })
  }

  it('readLockfile: reports an unsupported lockfileVersion', async () => {
    await assert.rejects(read({...lockWith({}), lockfileVersion: 2}), {
      code: 'LOCKFILE_VERSION',
      message: `${path.join(folder, 'apkg-lock.json')} has lockfileVersion 2, but this version of apkg only supports 1`,
    })
    await assert.rejects(read({...lockWith({}), lockfileVersion: '1'}), {code: 'LOCKFILE_VERSION'})
  })

  it('readLockfile: reports merge conflict markers with commands that resolve them', async () => {
    const text = `{\n<<<<<<< HEAD\n  "lockfileVersion": 1\n=======\n  "lockfileVersion": 1,\n>>>>>>> theirs\n}\n`
    await assert.rejects(read(text), {
      code: 'LOCKFILE_CONFLICTED',
      suggestions: [
        'take their version and update it to match apkg.json: `git checkout --theirs apkg-lock.json && apkg install`',
        'or regenerate it: `rm apkg-lock.json && apkg install`',
      ],
    })
  })
})

describe('readLockfile of something other than a regular file', () => {
  async function place(make: (file: string) => Promise<unknown>): Promise<string> {
    const project = await mkdtemp(path.join(folder, 'project-'))
    await make(path.join(project, 'apkg-lock.json'))
    return project
  }

  it('readLockfile: rejects a directory', async () => {
    await assert.rejects(readLockfile(await place((file) => mkdir(file))), {
      code: 'LOCKFILE_DAMAGED',
      message: /not a file/,
    })
  })

  it(
    'readLockfile: rejects a pipe, which would never end',
    {skip: process.platform === 'win32' && 'Windows has no mkfifo'},
    async () => {
      const project = await place(async (file) => execFileSync('mkfifo', [file]))
      await assert.rejects(readLockfile(project), {code: 'LOCKFILE_DAMAGED', message: /not a file/})
    },
  )

  it(
    'readLockfile: rejects a link to a device',
    {skip: process.platform === 'win32' && '/dev does not exist'},
    async () => {
      const project = await place((file) => symlink('/dev/zero', file))
      await assert.rejects(readLockfile(project), {code: 'LOCKFILE_DAMAGED', message: /not a file/})
    },
  )

  it('readLockfile: rejects a file that is larger than any lockfile', async () => {
    const project = await place(async (file) => {
      await writeFile(file, '')
      await truncate(file, 2 ** 40)
    })
    await assert.rejects(readLockfile(project), {code: 'LOCKFILE_DAMAGED', message: /larger than/})
  })
})
