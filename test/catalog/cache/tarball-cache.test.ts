import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {mkdir, readdir, readFile, rm, stat, truncate, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {formatIntegrity} from '@apkg/package-format'
import type {ByteSource} from '@apkg/package-format/archive'

import {cacheFolder} from '../../../src/catalog/cache/cache-folder.js'
import {listCache} from '../../../src/catalog/cache/list-cache.js'
import {TarballCache} from '../../../src/catalog/cache/tarball-cache.js'
import type {TarballKey} from '../../../src/catalog/cache/tarball-key.js'
import {tempFolder} from '../../support/temp-folder.js'

const registry = 'https://registry.example.com/path'
const bytes = Buffer.from('a tarball')
const integrityOf = (content: Uint8Array) => formatIntegrity(createHash('sha256').update(content).digest())
const keyOf = (content: Uint8Array, more: Partial<TarballKey> = {}): TarballKey => ({
  registry,
  name: '@acme/tool',
  version: '1.0.0',
  integrity: integrityOf(content),
  ...more,
})

async function* parts(...chunks: Uint8Array[]) {
  yield* chunks
}

async function read(source: ByteSource | undefined): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source ?? []) chunks.push(chunk)
  return source && Buffer.concat(chunks)
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  return entries.filter((each) => each.isFile()).map((each) => path.join(each.parentPath, each.name))
}

async function startCache(t: TestContext) {
  const folder = path.join(await tempFolder(t), 'cache')
  return {folder, cache: new TarballCache(folder)}
}

const tarballIn = async (folder: string) => (await filesOf(folder)).find((each) => each.endsWith('.tar.zst'))!

describe('tarball cache', () => {
  for (const [kind, content] of [
    ['a small tarball', bytes],
    ['an empty tarball', Buffer.alloc(0)],
    ['a tarball that is too large to buffer', randomBytes(3_000_000)],
  ] as const) {
    it(`tarball cache: returns ${kind} as stored`, async (t) => {
      const {cache, folder} = await startCache(t)
      const key = keyOf(content)
      assert.equal(await cache.open(key), undefined)
      await cache.store(key, parts(content.subarray(0, 4), content.subarray(4)))
      assert.deepEqual(await read(await cache.open(key)), content)
      assert.deepEqual(await read(await new TarballCache(folder).open(key)), content)
      await cache.remove(key)
      assert.equal(await cache.open(key), undefined)
    })
  }

  it('tarball cache: creates private files and directories', async (t) => {
    const {cache, folder} = await startCache(t)
    await cache.store(keyOf(bytes), parts(bytes))
    const files = await filesOf(folder)
    assert.equal(files.length, 2)
    for (const file of files) {
      assert.equal((await stat(file)).mode & 0o777, 0o600)
      for (let each = path.dirname(file); each !== path.dirname(folder); each = path.dirname(each)) {
        assert.equal((await stat(each)).mode & 0o777, 0o700)
      }
    }
  })

  it('tarball cache: rejects bytes with another hash, and leaves no file', async (t) => {
    const {cache, folder} = await startCache(t)
    await assert.rejects(cache.store(keyOf(bytes), parts(Buffer.from('another'))), {
      code: 'INTEGRITY_MISMATCH',
      exitCode: 1,
    })
    assert.deepEqual(
      (await filesOf(folder)).map((each) => path.basename(each)),
      ['registry'],
    )
    assert.equal(await cache.open(keyOf(bytes)), undefined)
  })

  it('tarball cache: an interrupted download leaves no file and throws its cause', async (t) => {
    const {cache, folder} = await startCache(t)
    const cut = new Error('the line is dead')
    const source = (async function* () {
      yield bytes
      throw cut
    })()
    await assert.rejects(cache.store(keyOf(bytes), source), cut)
    assert.deepEqual(
      (await filesOf(folder)).map((each) => path.basename(each)),
      ['registry'],
    )
  })

  for (const [damageKind, content, damage] of [
    ['changed', bytes, (file: string) => writeFile(file, 'a tarbaXl')],
    ['emptied', bytes, (file: string) => truncate(file)],
    ['large and truncated', randomBytes(3_000_000), (file: string) => truncate(file, 2_900_000)],
  ] as const) {
    it(`tarball cache: a ${damageKind} tarball is not returned, but removed`, async (t) => {
      const {cache, folder} = await startCache(t)
      const key = keyOf(content)
      await cache.store(key, parts(content))
      await damage(await tarballIn(folder))
      await assert.rejects(cache.open(key), {code: 'CACHE_CORRUPT', exitCode: 1})
      assert.equal(await cache.open(key), undefined)
      await cache.store(key, parts(content))
      assert.deepEqual(await read(await cache.open(key)), content)
    })
  }

  it('tarball cache: detects that a large tarball changes while it is read', async (t) => {
    const {cache, folder} = await startCache(t)
    const content = randomBytes(3_000_000)
    await cache.store(keyOf(content), parts(content))
    const source = await cache.open(keyOf(content))
    await truncate(await tarballIn(folder), 2_000_000)
    await assert.rejects(read(source), {code: 'CACHE_CORRUPT'})
  })

  it('tarball cache: separates tarballs by registry, name, version and integrity', async (t) => {
    const {cache} = await startCache(t)
    await cache.store(keyOf(bytes), parts(bytes))
    for (const other of [
      {registry: 'https://registry.example.com/Path'},
      {registry: 'https://registry.example.com'},
      {name: '@acme/tool.x'},
      {version: '1.0.0+build'},
      {integrity: integrityOf(Buffer.from('other'))},
    ]) {
      assert.equal(await cache.open(keyOf(bytes, other)), undefined)
    }
  })

  it('tarball cache: stores a version of the maximum length', async (t) => {
    const {cache, folder} = await startCache(t)
    const key = keyOf(bytes, {version: `1.0.0-${'a'.repeat(194)}`})
    await cache.store(key, parts(bytes))
    const [{size: _, cachedAt: _at, ...found} = {}] = await listCache(folder)
    assert.deepEqual(found, key)
  })

  it('tarball cache: makes no path from an invalid name, version or integrity', async (t) => {
    const {cache, folder} = await startCache(t)
    for (const evil of [{name: '../../evil'}, {name: '@a/..'}, {version: '../1.0.0'}, {integrity: 'sha256-../x'}]) {
      await assert.rejects(cache.store(keyOf(bytes, evil), parts(bytes)), TypeError)
      await assert.rejects(cache.open(keyOf(bytes, evil)), TypeError)
    }
    await cache.store(keyOf(bytes), parts(bytes))
    assert.deepEqual(await readdir(path.dirname(folder)), ['cache'])
    assert.deepEqual(await readdir(folder), ['tarballs'])
  })

  it('tarball cache: stores the same tarball concurrently', async (t) => {
    const {cache, folder} = await startCache(t)
    const content = randomBytes(300_000)
    const stores = Array.from({length: 12}, () => new TarballCache(folder).store(keyOf(content), parts(content)))
    await Promise.all(stores)
    assert.deepEqual(await read(await cache.open(keyOf(content))), content)
    assert.equal((await filesOf(folder)).length, 2)
  })

  it('tarball cache: an unwritable cache is an error with its path', async (t) => {
    const {cache, folder} = await startCache(t)
    await mkdir(folder)
    await writeFile(path.join(folder, 'tarballs'), 'in the way')
    await assert.rejects(cache.store(keyOf(bytes), parts(bytes)), (error: Error & {code: string}) => {
      assert.equal(error.code, 'FILE_UNWRITABLE')
      assert.ok(error.message.startsWith(`Cannot write ${path.join(folder, 'tarballs')}`))
      return true
    })
    assert.equal(await cache.open(keyOf(bytes)), undefined)
    await rm(path.join(folder, 'tarballs'))
  })

  it('tarball cache: each directory contains the URL of its registry', async (t) => {
    const {cache, folder} = await startCache(t)
    await cache.store(keyOf(bytes), parts(bytes))
    const [host = ''] = await readdir(path.join(folder, 'tarballs'))
    assert.match(host, /^registry\.example\.com-[0-9a-f]{32}$/)
    assert.equal(await readFile(path.join(folder, 'tarballs', host, 'registry'), 'utf8'), registry)
  })
})

describe('cache folder', () => {
  it('cache folder: is APKG_CACHE_DIR, or in ~/.apkg', () => {
    assert.equal(cacheFolder({}, '/home/ada'), '/home/ada/.apkg/cache')
    assert.equal(cacheFolder({APKG_CACHE_DIR: '/var/cache/apkg/'}, '/home/ada'), '/var/cache/apkg/')
  })

  for (const folder of ['', ' ', 'cache', './cache']) {
    it(`cache folder: APKG_CACHE_DIR cannot be ${JSON.stringify(folder)}`, () => {
      assert.throws(() => cacheFolder({APKG_CACHE_DIR: folder}, '/home/ada'), {
        code: 'CACHE_FOLDER_INVALID',
        exitCode: 2,
      })
    })
  }
})
