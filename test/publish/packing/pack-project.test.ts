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

const manifest = {'apkg.json': JSON.stringify({name: '@ada/tool', version: '1.0.0', type: 'library'})}

async function pack(root: string) {
  return packProject(await readProject(root))
}

/** The files in a tarball by path, with their content in hex. */
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

describe('packProject', () => {
  it('pack project: reports files, sizes and integrity of the tarball', async (t) => {
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

  it('pack project: the integrity does not depend on file order, times or umask', async (t) => {
    const files = {...manifest, 'b/z.md': 'z', 'b/a.md': 'a', 'a.md': 'x', 'ä.md': 'ä', 'run.sh': 'echo'}
    const first = await makeTree(t, files)
    const second = await makeTree(t, {})
    for (const [name, content] of Object.entries(files).reverse()) {
      await writeTree(second, {[`${name}.tmp`]: content})
      await rename(path.join(second, `${name}.tmp`), path.join(second, name))
      await utimes(path.join(second, name), 1, 2)
      await chmod(path.join(second, name), 0o600)
    }
    await mkdir(path.join(second, 'empty/folders'), {recursive: true})
    await chmod(path.join(second, 'b'), 0o700)
    await chmod(path.join(first, 'run.sh'), 0o777)
    await chmod(path.join(second, 'run.sh'), 0o700)
    const [{tarball}, again] = [await pack(first), await pack(second)]
    assert.ok(Buffer.from(tarball).equals(again.tarball))
    await chmod(path.join(second, 'run.sh'), 0o600)
    assert.notEqual((await pack(second)).integrity, again.integrity)
  })

  it('pack project: unpacking returns the same files, byte for byte', async (t) => {
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

  it('pack project: packs the manifest as it was read, even if the file has changed since', async (t) => {
    const root = await makeTree(t, manifest)
    const project = await readProject(root)
    await writeFile(path.join(root, 'apkg.json'), '{"name": "@eve/tool"}')
    const {contentOf} = await packProject(project)
    assert.equal(Buffer.from(contentOf('apkg.json')!).toString(), manifest['apkg.json'])
  })

  it('pack project: reports file and line of every secret, but not the secret', async (t) => {
    const value = formatTokenValue('token', '0123456789abcdefghijABCDEFGHIJ01')
    const pem = generateKeyPairSync('ed25519').privateKey.export({type: 'pkcs8', format: 'pem'})
    const long = Buffer.concat([Buffer.alloc(300_000, 'x\n'), Buffer.from(value), Buffer.alloc(300_000)])
    const root = await makeTree(t, {...manifest, 'a/b.md': `x\n${value}`, 'c.txt': `\n\n${pem}`, 'long.bin': long})
    await assert.rejects(pack(root), (error: Error & {code: string; exitCode: number}) => {
      assert.equal(error.code, 'SECRET_IN_PACKAGE')
      assert.equal(error.exitCode, 3)
      assert.deepEqual(error.message.split('\n').slice(1), [
        '  - a/b.md, line 2: an API token',
        '  - c.txt, line 3: a private key',
        '  - long.bin, line 150001: an API token',
      ])
      assert.ok(!error.message.includes(value))
      return true
    })
  })

  it('pack project: refuses a token in a file name', async (t) => {
    const root = await makeTree(t, {...manifest, [formatTokenValue('refresh', 'A'.repeat(32))]: ''})
    await assert.rejects(pack(root), {code: 'SECRET_IN_PACKAGE', message: /a file name contains a refresh token/})
  })

  it('pack project: refuses names that collide or are invalid on another platform', async (t) => {
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

  it('pack project: refuses a package that is too large before reading it', async (t) => {
    const root = await makeTree(t, {...manifest, 'large.bin': '', 'small.md': 'x'})
    await truncate(path.join(root, 'large.bin'), defaultLimits.unpacked)
    await assert.rejects(pack(root), {
      code: 'PACKAGE_NOT_PACKABLE',
      message: /the package exceeds the maximum .* \(at large\.bin\)/,
    })
  })

  it('pack project: lists the largest files if a size limit is exceeded', async (t) => {
    const root = await makeTree(t, {...manifest, 'a.bin': '', 'b.bin': '', 'c.bin': '', 'd.bin': ''})
    for (const [name, megabytes] of Object.entries({'a.bin': 60, 'b.bin': 90, 'c.bin': 70})) {
      await truncate(path.join(root, name), megabytes * 1024 * 1024)
    }
    const suggestions = ['list files that users do not need in .apkgignore', 'move large files to a separate package']
    await assert.rejects(pack(root), {
      code: 'PACKAGE_NOT_PACKABLE',
      message:
        /the package exceeds the maximum unpacked size of 200\.0 MiB \(at c\.bin\)\. Largest files: b\.bin \(90\.0 MiB\), c\.bin \(70\.0 MiB\), a\.bin \(60\.0 MiB\)$/,
      suggestions,
    })
    for (const name of ['a.bin', 'b.bin', 'c.bin']) await truncate(path.join(root, name), 22 * 1024 * 1024)
    await assert.rejects(pack(root), {
      message: /unpacks to more than 50 times the size of its tarball.* Largest files: a\.bin \(22\.0 MiB\), b\.bin/,
      suggestions,
    })
  })

  it('pack project: warns about what the original client would truncate', async (t) => {
    const limit = 2 * 1024 * 1024
    const overhead = 512 + 512 + 512 + 1024
    const root = await makeTree(t, {...manifest, 'fits.bin': Buffer.alloc(limit - overhead)})
    assert.deepEqual((await pack(root)).compatibilityWarnings, [])
    await writeFile(path.join(root, 'fits.bin'), Buffer.alloc(limit - overhead + 1))
    const [warning] = (await pack(root)).compatibilityWarnings
    assert.match(warning!, /^The package unpacks to 2\.0 MiB\. The original apkg client installs only/)
  })
})
