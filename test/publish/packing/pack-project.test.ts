import assert from 'node:assert/strict'
import {createHash, generateKeyPairSync} from 'node:crypto'
import {chmod, mkdir, rename, truncate, unlink, utimes, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {formatTokenValue} from '@apkg/wire'
import {defaultLimits} from '@apkg/package-format'
import {readArchive} from '@apkg/package-format/archive'
import fc from 'fast-check'

import {packProject} from '../../../src/publish/packing/pack-project.js'
import {readProject} from '../../../src/project/read-project.js'
import {makeExecutable, makeTree, writeTree} from '../../support/make-tree.js'

const manifest = {'apkg.json': JSON.stringify({name: '@ada/tool', version: '1.0.0', type: 'skill'})}

async function pack(root: string) {
  return packProject(await readProject(root))
}

/** The files in a tarball by path, in hex. */
async function unpack(tarball: Uint8Array): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  const source = (async function* () {
    yield tarball
  })()
  await readArchive(source, defaultLimits, async ({path: name, isExecutable, content}) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of content) chunks.push(chunk)
    found[name + (isExecutable ? '*' : '')] = Buffer.concat(chunks).toString('hex')
  })
  return found
}

describe('packing', () => {
  it('says what is in the tarball: files, sizes, digest', async (t) => {
    const root = await makeTree(t, {...manifest, 'skill.md': '# Hi\n', 'bin/run': '#!/bin/sh\n', 'empty.md': ''})
    await makeExecutable(path.join(root, 'bin/run'))
    const {tarball, integrity, files, unpackedSize, warnings} = await pack(root)
    const size = manifest['apkg.json'].length
    const expected = {'apkg.json': size, 'bin/run': 10, 'empty.md': 0, 'skill.md': 5}
    assert.deepEqual(Object.fromEntries(files.map((file) => [file.path, file.size])), expected)
    assert.equal(unpackedSize, size + 15)
    assert.equal(integrity, `sha256-${createHash('sha256').update(tarball).digest('base64')}`)
    assert.deepEqual(Object.keys(await unpack(tarball)), ['apkg.json', 'bin/run*', 'empty.md', 'skill.md'])
    assert.deepEqual(warnings, [])
  })

  it('makes one digest of one tree, whatever the order, the times, the umask and the way it was made', async (t) => {
    const files = {...manifest, 'b/z.md': 'z', 'b/a.md': 'a', 'a.md': 'x', 'ä.md': 'ä', 'run.sh': 'echo'}
    const one = await makeTree(t, files)
    const other = await makeTree(t, {})
    for (const [name, content] of Object.entries(files).reverse()) {
      await writeTree(other, {[`${name}.tmp`]: content})
      await rename(path.join(other, `${name}.tmp`), path.join(other, name))
      await utimes(path.join(other, name), 1, 2)
      await chmod(path.join(other, name), 0o600)
    }
    await mkdir(path.join(other, 'empty/folders'), {recursive: true})
    await chmod(path.join(other, 'b'), 0o700)
    await chmod(path.join(one, 'run.sh'), 0o777)
    await chmod(path.join(other, 'run.sh'), 0o700)
    const [{tarball}, again] = [await pack(one), await pack(other)]
    assert.ok(Buffer.from(tarball).equals(again.tarball))
    await chmod(path.join(other, 'run.sh'), 0o600)
    assert.notEqual((await pack(other)).integrity, again.integrity)
  })

  it('gives every tree back, byte for byte', async (t) => {
    const part = fc.stringMatching(/^[a-z][a-z0-9 _-]{0,6}[a-z0-9]$/)
    const name = fc.array(part, {minLength: 1, maxLength: 3}).map((parts) => `x-${parts.join('/f-')}.md`)
    const trees = fc.dictionary(name, fc.uint8Array({maxLength: 2000}), {maxKeys: 8})
    await fc.assert(
      fc.asyncProperty(trees, async (files) => {
        const root = await makeTree(t, {...manifest, ...files})
        const contents = Object.entries({...manifest, ...files}).map(([file, content]) => [
          file,
          Buffer.from(content).toString('hex'),
        ])
        const {tarball} = await pack(root)
        assert.deepEqual(await unpack(tarball), Object.fromEntries(contents))
      }),
      {numRuns: 40},
    )
  })

  it('packs the manifest that was read, though the file has changed since', async (t) => {
    const root = await makeTree(t, manifest)
    const project = await readProject(root)
    await writeFile(path.join(root, 'apkg.json'), '{"name": "@eve/tool"}')
    const {contentOf} = await packProject(project)
    assert.equal(Buffer.from(contentOf('apkg.json')!).toString(), manifest['apkg.json'])
  })

  it('names the file and the line of every secret, and not the secret', async (t) => {
    const value = formatTokenValue('token', '0123456789abcdefghijABCDEFGHIJ01')
    const pem = generateKeyPairSync('ed25519').privateKey.export({type: 'pkcs8', format: 'pem'})
    const long = Buffer.concat([Buffer.alloc(300_000, 'x\n'), Buffer.from(value), Buffer.alloc(300_000)])
    const root = await makeTree(t, {...manifest, 'a/b.md': `x\n${value}`, 'c.txt': `\n\n${pem}`, 'long.bin': long})
    await assert.rejects(pack(root), (error: Error & {code: string; exitCode: number}) => {
      assert.equal(error.code, 'SECRET_IN_PACKAGE')
      assert.equal(error.exitCode, 3)
      assert.deepEqual(error.message.split('\n').slice(1), [
        '  - a/b.md, line 2: the value of an API token',
        '  - c.txt, line 3: a private key',
        '  - long.bin, line 150001: the value of an API token',
      ])
      assert.ok(!error.message.includes(value))
      return true
    })
  })

  it('refuses a token in the name of a file', async (t) => {
    const root = await makeTree(t, {...manifest, [formatTokenValue('refresh', 'A'.repeat(32))]: ''})
    await assert.rejects(pack(root), {code: 'SECRET_IN_PACKAGE', message: /name of a file is the value of a refresh/})
  })

  it('refuses names that are one or none on another platform, naming the file', async (t) => {
    const hostile: Record<string, string[]> = {
      'two that differ in case': ['Readme.txt', 'README.txt'],
      'two spellings of one character': ['\u00e4.md', 'a\u0308.md'],
      'a name that Windows reserves': ['sub/con.md'],
      'a name with a backslash': ['sub\\a.md'],
      'a name that ends with a full stop': ['a.'],
      'a control character': ['a\u0007.md'],
    }
    for (const [title, names] of Object.entries(hostile)) {
      const root = await makeTree(t, {...manifest, ...Object.fromEntries(names.map((name) => [name, 'x']))})
      await assert.rejects(pack(root), {code: 'PACKAGE_NOT_PACKABLE'}, title)
      for (const name of names.slice(-1)) await unlink(path.join(root, name))
      if (names.length > 1) await pack(root)
    }
  })

  it('refuses more than a package may unpack to before it is read, naming the file', async (t) => {
    const root = await makeTree(t, {...manifest, 'large.bin': '', 'small.md': 'x'})
    await truncate(path.join(root, 'large.bin'), defaultLimits.unpacked)
    await assert.rejects(pack(root), {code: 'PACKAGE_NOT_PACKABLE', message: /large\.bin does not fit in/})
  })

  it('names the largest files, in sizes that people read, where a limit of the whole is passed', async (t) => {
    const root = await makeTree(t, {...manifest, 'a.bin': '', 'b.bin': '', 'c.bin': '', 'd.bin': ''})
    for (const [name, megabytes] of Object.entries({'a.bin': 60, 'b.bin': 90, 'c.bin': 70})) {
      await truncate(path.join(root, name), megabytes * 1024 * 1024)
    }
    const suggestions = [
      'list what nobody needs who uses the package in .apkgignore, or move large files to a package of their own',
    ]
    await assert.rejects(pack(root), {
      code: 'PACKAGE_NOT_PACKABLE',
      message:
        /c\.bin does not fit in: a package unpacks to at most 200\.0 MB\. Largest files: b\.bin \(90\.0 MB\), c\.bin \(70\.0 MB\), a\.bin \(60\.0 MB\)$/,
      suggestions,
    })
    for (const name of ['a.bin', 'b.bin', 'c.bin']) await truncate(path.join(root, name), 22 * 1024 * 1024)
    await assert.rejects(pack(root), {
      message: /unpacks to more than 50 times the size of its tarball.* Largest files: a\.bin \(22\.0 MB\), b\.bin/,
      suggestions,
    })
  })

  it('warns of what the original client would cut off, counted as it counts', async (t) => {
    const limit = 2 * 1024 * 1024
    const overhead = 512 + 512 + 512 + 1024
    const root = await makeTree(t, {...manifest, 'fits.bin': Buffer.alloc(limit - overhead)})
    assert.deepEqual((await pack(root)).warnings, [])
    await writeFile(path.join(root, 'fits.bin'), Buffer.alloc(limit - overhead + 1))
    const [warning] = (await pack(root)).warnings
    assert.match(warning!, /^The package unpacks to 2\.0 MB; the original apkg client cuts off/)
  })
})
