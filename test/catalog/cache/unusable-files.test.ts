import assert from 'node:assert/strict'
import {execFileSync, spawnSync} from 'node:child_process'
import {copyFile, mkdir, readdir, readFile, rm, symlink, truncate, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {knownRelease} from '../../../src/machine/self-update/known-release.js'
import {Machine} from '../../support/machine.js'
import {makeTree} from '../../support/make-tree.js'
import {startPlainRegistry} from '../../support/plain-registry.js'

/** Milliseconds. A command that waits for a pipe, or reads a device, never ends. */
const timeout = 30_000

const kinds = {
  packument: /^packuments\/.*\.json$/,
  tarball: /\.tar\.zst$/,
  'name of a registry': /^tarballs\/[^/]+\/[^/]+$/,
} as const

/** A machine whose cache is in a directory that it may share, and a project that has installed a package. */
async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  await registry.put({name: '@acme/tool'})
  const machine = await Machine.start(t)
  const cache = await makeTree(t, {})
  const manifest = {name: '@me/app', version: '1.0.0', type: 'project', dependencies: {'@acme/tool': '*'}}
  const cwd = await makeTree(t, {'apkg.json': JSON.stringify(manifest)})
  const apkg = (...args: string[]) =>
    machine.apkg(args, {cwd, timeout, env: {APKG_REGISTRY: registry.url, APKG_CACHE_DIR: cache}})
  const installed = await apkg('install')
  assert.equal(installed.exitCode, 0, installed.stderr)
  const fileOf = async (kind: keyof typeof kinds) => {
    const entries = await readdir(cache, {recursive: true, withFileTypes: true})
    const files = entries.filter((each) => each.isFile()).map((each) => path.join(each.parentPath, each.name))
    const found = files.filter((each) => kinds[kind].test(path.relative(cache, each)))
    assert.equal(found.length, 1, files.join('\n'))
    return found[0]!
  }
  return {apkg, cwd, fileOf}
}

type Obstacle = (file: string) => Promise<unknown>

const obstacles: Record<string, Obstacle> = {
  'a pipe': (file) => Promise.resolve(execFileSync('mkfifo', [file])),
  'a directory': (file) => mkdir(file),
  'a link to a copy of it': (file) => symlink(`${file}.genuine`, file),
  'a link to a device': (file) => symlink('/dev/zero', file),
  'a file that is too large': async (file) => {
    await writeFile(file, '')
    await truncate(file, 2 ** 40)
  },
}

const device = {skip: canMakeDevices() ? false : 'devices cannot be created here'}

function canMakeDevices(): boolean {
  const file = `/tmp/apkg-device-${process.pid}`
  const {status} = spawnSync('mknod', [file, 'c', '1', '5'])
  spawnSync('rm', ['-f', file])
  return status === 0
}

describe('cache: what takes the place of a file', {concurrency: 2}, () => {
  async function assertIgnored(t: TestContext, kind: keyof typeof kinds, obstruct: Obstacle): Promise<void> {
    const {apkg, cwd, fileOf} = await start(t)
    const file = await fileOf(kind)
    await copyFile(file, `${file}.genuine`)
    const obstructed = async () => {
      await rm(file, {recursive: true, force: true})
      await obstruct(file)
    }
    for (const args of [
      ['info', '@acme/tool'],
      ['install', '--frozen-lockfile'],
      ['verify'],
      ['cache', 'list'],
      ['cache', 'verify'],
      ['cache', 'clean'],
    ]) {
      await obstructed()
      if (args[0] === 'install') await rm(path.join(cwd, 'apkg_packages'), {recursive: true})
      const {exitCode, stderr} = await apkg(...args)
      // A tarball that is too large is corrupt, and these commands say so.
      const isFound = kind === 'tarball' && obstruct === obstacles['a file that is too large']
      const expected = isFound && /verify/.test(args.join()) ? 1 : 0
      assert.equal(exitCode, expected, `${args.join(' ')}: ${stderr}`)
    }
    assert.match(await readFile(path.join(cwd, 'apkg_packages/@acme/tool/apkg.json'), 'utf8'), /@acme\/tool/)
  }

  for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) {
    for (const [what, obstruct] of Object.entries(obstacles)) {
      it(`cache: ${what} in place of a ${kind} is treated as absent`, (t) => assertIgnored(t, kind, obstruct))
    }

    it(`cache: a device in place of a ${kind} is treated as absent`, device, (t) =>
      assertIgnored(t, kind, (file) => Promise.resolve(execFileSync('mknod', [file, 'c', '1', '5']))),
    )
  }

  for (const [what, obstruct] of Object.entries(obstacles)) {
    it(`cache: ${what} in place of the known release is treated as absent`, async (t) => {
      const cache = await makeTree(t, {'release.json.genuine': '{"latest":"9.9.9","askedAt":1,"shownAt":1}'})
      await obstruct(path.join(cache, 'release.json'))
      const nothing = {latest: null, askedAt: 0, shownAt: 0}
      assert.deepEqual(knownRelease({env: {APKG_CACHE_DIR: cache}, home: '/'}), nothing)
    })
  }
})
