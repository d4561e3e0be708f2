import assert from 'node:assert/strict'
import {readdir, readFile, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {TarballCache} from '../../src/catalog/cache/tarball-cache.js'
import Install from '../../src/commands/install.js'
import Verify from '../../src/commands/verify.js'
import {failureOf} from '../support/command.js'
import {packDraft, publishPackage, sessionOf} from '../support/publish-package.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'
import {password, startRegistry} from '../support/registry.js'

const name = '@ada/tool'
const text = (content: string) => ({name, files: {'skill.md': `${content}\n`}})

/** A registry of ours, which attests, or one that signs nothing. */
async function startWith(t: TestContext, kind: 'ours' | 'plain'): Promise<string> {
  if (kind === 'plain') {
    const plain = await startPlainRegistry(t)
    await plain.put(text('genuine'))
    return plain.url
  }
  const registry = await startRegistry(t)
  const {url} = registry
  await registry.addUser('ada')
  await publishPackage(url, await sessionOf(url, 'ada', password), text('genuine'))
  return url
}

/**
 * A project that has installed a package, and an attack on the cache: it has another tarball, and the packument names it.
 * The ETag is the genuine one, so that the registry confirms the packument.
 */
async function start(t: TestContext, kind: 'ours' | 'plain') {
  const url = await startWith(t, kind)
  const project = await startProject(t, url, {[name]: '^1.0.0'})
  await project.succeed(Install)
  const cache = path.join(project.home, '.apkg/cache')
  const evil = await packDraft(text('evil'))
  const {integrity} = evil.metadata
  await new TarballCache(cache).store(
    {registry: url, name, version: '1.0.0', integrity},
    (async function* () {
      yield evil.tarball
    })(),
  )
  const folder = path.join(cache, 'packuments')
  const [file = ''] = (await readdir(folder, {recursive: true})).filter((each) => each.endsWith('.json'))
  const before = await readFile(path.join(folder, file), 'utf8')
  const cached = JSON.parse(before)
  assert.ok(cached.etag && cached.mac)
  const {dist} = cached.packument.versions['1.0.0']
  dist.integrity = integrity
  delete dist.attestations
  await writeFile(path.join(folder, file), JSON.stringify(cached))
  await rm(project.at('apkg_packages'), {recursive: true})
  const forget = () => rm(project.at('apkg-lock.json'))
  const installed = () => readFile(project.at('apkg_packages/@ada/tool/skill.md'), 'utf8')
  /** Replaces the integrity in the lockfile, as an installation from the edited packument would have. */
  const lockEvil = async () => {
    const lockfile = await readFile(project.at('apkg-lock.json'), 'utf8')
    await writeFile(project.at('apkg-lock.json'), lockfile.replaceAll(/sha256-[^"]*/g, integrity))
  }
  return {project, forget, installed, lockEvil}
}

describe('install: a tampered cache', () => {
  for (const kind of ['ours', 'plain'] as const) {
    it(`install: an edited packument in the cache does not change what is installed (registry: ${kind})`, async (t) => {
      const {project, forget, installed} = await start(t, kind)
      await forget()
      assert.match(failureOf(await project.run(Install, ['--offline', '--json'])).code, /^OFFLINE$/)
      await project.succeed(Install)
      assert.equal(await installed(), 'genuine\n')
      const {packages} = JSON.parse((await project.succeed(Verify, ['--json'])).stdout)
      assert.deepEqual(
        packages.map((each: any) => [each.signature, each.integrity, each.installed]),
        [['unsigned', 'ok', 'ok']],
      )
    })

    it(`verify: what was installed from an edited packument is invalid (registry: ${kind})`, async (t) => {
      const {project, installed, lockEvil} = await start(t, kind)
      await lockEvil()
      await project.succeed(Install, ['--frozen-lockfile'])
      assert.equal(await installed(), 'evil\n', 'the lockfile decides')
      const {stdout, exitCode} = await project.run(Verify, ['--json'])
      assert.equal(exitCode, 1)
      const [{signature, problems}] = JSON.parse(stdout).packages
      const code = kind === 'ours' ? 'SIGNATURE_SWAPPED' : 'LOCKED_INTEGRITY_MISMATCH'
      assert.deepEqual([signature, problems.map((each: any) => each.code)], ['invalid', [code]])
    })
  }
})
