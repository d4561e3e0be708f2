import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {mkdir, readdir, utimes, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {formatIntegrity} from '@apkg/package-format'

import {packumentPath} from '../../../src/catalog/cache/cache-path.js'
import {TarballCache} from '../../../src/catalog/cache/tarball-cache.js'
import CacheClean from '../../../src/commands/cache/clean.js'
import CacheList from '../../../src/commands/cache/list.js'
import CacheVerify from '../../../src/commands/cache/verify.js'
import {seen, startWorld} from '../../support/command.js'

const time = new Date('2027-01-02T03:04:05Z')

/** A cache with two packages of one registry and one of another, and with unmanaged files. */
async function startCache(t: TestContext) {
  const {run, home} = await startWorld(t)
  const folder = path.join(home, '.apkg/cache')
  const cache = new TarballCache(folder)
  const packages = [
    {registry: 'https://b.example', name: '@acme/tool', version: '1.0.0', size: 3},
    {registry: 'https://a.example', name: '@acme/tool', version: '2.0.0+x', size: 2048},
    {registry: 'https://a.example', name: '@acme/another', version: '1.0.0', size: 100},
  ]
  const kept = []
  for (const {size, ...key} of packages) {
    const content = Buffer.alloc(size, key.name)
    const integrity = formatIntegrity(createHash('sha256').update(content).digest())
    await cache.store(
      {...key, integrity},
      (async function* () {
        yield content
      })(),
    )
    kept.push({...key, integrity, size, cachedAt: time.toISOString()})
  }
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  const files = entries.filter((each) => each.isFile()).map((each) => path.join(each.parentPath, each.name))
  for (const file of files) await utimes(file, time, time)
  await mkdir(path.join(folder, '%40acme%2Ftool/1.0.0'), {recursive: true})
  await writeFile(path.join(folder, '%40acme%2Ftool/1.0.0/package.tar.zst'), 'of the original client')
  await writeFile(path.join(folder, 'tarballs/notes.txt'), '')
  const [b, a2, a1] = kept
  return {run, folder, files, kept: [a1, b, a2]}
}

const tarballOf = (files: string[], name: string) => files.find((each) => each.includes(name) && each.endsWith('.zst'))!

describe('cache list', () => {
  it('cache list: prints one line per package, and the total to stderr', async (t) => {
    const {run, folder, kept} = await startCache(t)
    const at = time.toISOString()
    assert.deepEqual(seen(await run(CacheList, [])), {
      stdout: `@acme/another@1.0.0\t100\t${at}\thttps://a.example\n@acme/tool@1.0.0\t3\t${at}\thttps://b.example\n@acme/tool@2.0.0+x\t2048\t${at}\thttps://a.example\n`,
      stderr: '3 packages cached (2.1 KiB total)\n',
      exitCode: 0,
    })
    assert.deepEqual(JSON.parse((await run(CacheList, ['--json'])).stdout), {folder, packages: kept})
  })

  it('cache list: reports an empty cache', async (t) => {
    const {run} = await startWorld(t)
    assert.deepEqual(seen(await run(CacheList, [])), {stdout: '', stderr: 'Cache is empty.\n', exitCode: 0})
  })

  it('cache: a blank APKG_CACHE_DIR is an error', async (t) => {
    const {run} = await startWorld(t)
    for (const command of [CacheList, CacheClean, CacheVerify]) {
      const {stderr, exitCode} = await run(command, [], {env: {APKG_CACHE_DIR: ''}})
      assert.equal(exitCode, 2)
      assert.match(stderr, /^Error: APKG_CACHE_DIR is not an absolute path: ``\n/)
    }
  })
})

/** Files in the cache that apkg didn't create, sorted. */
const unmanaged = [
  '%40acme%2Ftool/1.0.0/package.tar.zst',
  'packuments/backup/%40acme%2Ftool.json',
  `packuments/backup-${'0'.repeat(32)}/Notes.json`,
  'tarballs/.0123456789abcdef.tmp',
  'tarballs/backup.tar',
  'tarballs/backup/registry',
  'tarballs/notes.txt',
].sort()

describe('cache clean', () => {
  it('cache clean: removes everything apkg created, prints the size, and keeps other files', async (t) => {
    const {run, folder} = await startCache(t)
    const packument = path.join(folder, packumentPath('https://a.example', '@acme/tool'))
    await mkdir(path.dirname(packument), {recursive: true})
    await writeFile(packument, 'x'.repeat(1000))
    await writeFile(path.join(path.dirname(packument), '.0123456789abcdef.tmp'), 'x'.repeat(24))
    for (const file of unmanaged) {
      await mkdir(path.dirname(path.join(folder, file)), {recursive: true})
      await writeFile(path.join(folder, file), 'unmanaged')
    }
    const {stdout, stderr, exitCode} = await run(CacheClean, ['--json'])
    assert.equal(exitCode, 0)
    const bytes = 2048 + 100 + 3 + 1024 + 2 * 'https://a.example'.length
    assert.deepEqual(JSON.parse(stdout), {folder, packages: 3, bytes})
    assert.equal(stderr, 'Cleared 3 cached packages (3.1 KiB freed).\n')
    const left = await readdir(folder, {recursive: true, withFileTypes: true})
    const files = left.filter((each) => each.isFile())
    assert.deepEqual(
      files.map((each) => path.relative(folder, path.join(each.parentPath, each.name))).sort(),
      unmanaged,
    )
    const again = {stdout: '', stderr: 'Cache is already empty.\n', exitCode: 0}
    assert.deepEqual(seen(await run(CacheClean, [])), again)
  })

  it('cache clean: counts the bytes of packuments without tarballs', async (t) => {
    const {run, home} = await startWorld(t)
    const file = path.join(home, '.apkg/cache', packumentPath('https://a.example', '@acme/tool'))
    await mkdir(path.dirname(file), {recursive: true})
    await writeFile(file, 'x')
    assert.equal((await run(CacheClean, [])).stderr, 'Cleared 0 cached packages (1 B freed).\n')
  })
})

describe('cache verify', () => {
  it('cache verify: reports that all packages are intact', async (t) => {
    const {run} = await startCache(t)
    assert.deepEqual(seen(await run(CacheVerify, [])), {
      stdout: 'Checked 3 packages:\n  3 ok\n',
      stderr: 'All cached packages verified successfully.\n',
      exitCode: 0,
    })
  })

  it('cache verify: removes corrupt packages and exits with 1', async (t) => {
    const {run, folder, files, kept} = await startCache(t)
    await writeFile(tarballOf(files, 'another'), 'damaged')
    const {stdout, stderr, exitCode} = await run(CacheVerify, [])
    assert.equal(stdout, 'Checked 3 packages:\n  2 ok\n  1 corrupt (removed)\n')
    assert.equal(stderr, 'Warning: @acme/another@1.0.0 was corrupt (hash mismatch) and has been removed\n')
    assert.equal(exitCode, 1)
    await writeFile(tarballOf(files, '2.0.0+x'), 'damaged')
    const json = await run(CacheVerify, ['--json'])
    const {size: _, cachedAt: __, ...corrupt} = kept.find((each) => each!.version === '2.0.0+x')!
    assert.deepEqual(JSON.parse(json.stdout), {folder, checked: 2, corrupt: [corrupt]})
    assert.equal(json.exitCode, 1)
    assert.equal((await run(CacheVerify, [])).exitCode, 0)
  })

  it('cache verify: does nothing in an empty cache', async (t) => {
    const {run} = await startWorld(t)
    const stderr = 'Cache is empty, nothing to verify.\n'
    assert.deepEqual(seen(await run(CacheVerify, [])), {stdout: '', stderr, exitCode: 0})
  })
})
