import assert from 'node:assert/strict'
import {readFile, rm, writeFile} from 'node:fs/promises'
import {describe, it, type TestContext} from 'node:test'

import Add from '../../src/commands/add.js'
import Info from '../../src/commands/info.js'
import Install from '../../src/commands/install.js'
import Update from '../../src/commands/update.js'
import {failureOf} from '../support/command.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'

const name = '@acme/tool'

/** A registry of another kind, which has versions that differ only in build metadata. */
async function start(t: TestContext, range: string, versions = ['1.0.0', '1.0.0+z', '1.0.0+a']) {
  const registry = await startPlainRegistry(t)
  for (const version of versions) await registry.put({name, version, files: {'skill.md': version}})
  registry.tag(name, 'latest', versions[0] ?? '')
  const project = await startProject(t, registry.url, {[name]: range})
  return {registry, project}
}

describe('install: build metadata', () => {
  for (const range of ['1.0.0', '=1.0.0', 'v1.0.0', '^1.0.0', '~1.0.0', '1.x', '*', '>=1.0.0 <2', '1.0.0 || ^3.0.0']) {
    it(`install: \`${range}\` installs 1.0.0, not what differs from it in build metadata`, async (t) => {
      const {project} = await start(t, range)
      await project.succeed(Install)
      assert.deepEqual(await project.installed(), {[name]: '1.0.0'})
    })
  }

  it('install: an exact version with build metadata installs exactly that one', async (t) => {
    const {project} = await start(t, '1.0.0+a')
    await project.succeed(Install)
    assert.deepEqual(await project.installed(), {[name]: '1.0.0+a'})
    await project.succeed(Add, [`${name}@1.0.0+z`])
    assert.deepEqual(await project.installed(), {[name]: '1.0.0+z'})
    assert.equal(JSON.parse((await project.succeed(Info, [`${name}@1.0.0`, '--json'])).stdout).version.version, '1.0.0')
  })

  it('install: an exact version is not found if only one with build metadata exists', async (t) => {
    const {project} = await start(t, '1.0.0', ['1.0.0+z'])
    assert.deepEqual(failureOf(await project.run(Install, ['--json'])).code, 'VERSION_NOT_FOUND')
    assert.deepEqual(await project.installed(), {})
  })

  it('install: a lockfile that locks 1.0.0+z for `1.0.0` is out of date, and the next install locks 1.0.0', async (t) => {
    const {project} = await start(t, '1.0.0+z')
    await project.succeed(Install)
    const lockfile = await readFile(project.at('apkg-lock.json'), 'utf8')
    await project.depend({[name]: '1.0.0'})
    await rm(project.at('apkg_packages'), {recursive: true})
    await writeFile(project.at('apkg-lock.json'), lockfile)
    assert.equal(failureOf(await project.run(Install, ['--frozen-lockfile', '--json'])).code, 'LOCKFILE_STALE')
    assert.deepEqual(await project.installed(), {})
    await project.succeed(Install)
    assert.deepEqual([await project.locked(), await project.installed()], [{[name]: '1.0.0'}, {[name]: '1.0.0'}])
  })

  it('install: a project that is locked to 1.0.0+z by a range keeps it, and `update` moves to 1.0.0', async (t) => {
    const {registry, project} = await start(t, '^1.0.0', ['1.0.0+z'])
    await project.succeed(Install)
    await registry.put({name, version: '1.0.0', files: {'skill.md': 'plain'}})
    await rm(project.at('apkg_packages'), {recursive: true})
    await project.succeed(Install)
    assert.deepEqual(await project.installed(), {[name]: '1.0.0+z'})
    await project.succeed(Update)
    assert.deepEqual(await project.installed(), {[name]: '1.0.0'})
  })
})
