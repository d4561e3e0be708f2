import assert from 'node:assert/strict'
import {mkdir, rm, writeFile} from 'node:fs/promises'
import {describe, it, type TestContext} from 'node:test'

import Install from '../../src/commands/install.js'
import Remove from '../../src/commands/remove.js'
import {noSetup} from '../../src/tools/setup-report.js'
import {failureOf} from '../support/command.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'

/** A project with `@acme/a` and `@acme/b`, which both require `@acme/shared`; only `@acme/a` requires `@only/a`. */
async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  await registry.put({name: '@acme/shared'})
  await registry.put({name: '@only/a'})
  await registry.put({name: '@acme/a', dependencies: {'@acme/shared': '^1.0.0', '@only/a': '^1.0.0'}})
  await registry.put({name: '@acme/b', dependencies: {'@acme/shared': '^1.0.0'}})
  const project = await startProject(t, registry.url, {'@acme/a': '^1.0.0', '@acme/b': '^1.0.0'})
  await project.succeed(Install)
  registry.requests.length = 0
  return {registry, project}
}

const kept = {'@acme/b': '1.0.0', '@acme/shared': '1.0.0'}

describe('remove', () => {
  it('remove: removes a package and the dependencies that only it required, offline', async (t) => {
    const {registry, project} = await start(t)
    const {stdout, stderr} = await project.succeed(Remove, ['@acme/a', '--offline'])
    assert.equal(stderr, 'Removed @acme/a from dependencies\n')
    assert.equal(
      stdout,
      `Deleted: ${project.at('apkg_packages/@acme/a')}\nDeleted: ${project.at('apkg_packages/@only/a')}\n`,
    )
    assert.deepEqual((await project.manifest()).dependencies, {'@acme/b': '^1.0.0'})
    assert.deepEqual(await project.locked(), kept)
    assert.deepEqual(await project.installed(), kept)
    assert.ok(!Object.keys(await project.tree()).some((file) => file.startsWith('apkg_packages/@only')))
    assert.deepEqual(registry.requests, [])
    await project.succeed(Install, ['--frozen-lockfile'])
    assert.deepEqual(registry.requests, ['POST /packages/status'])
  })

  it('remove: keeps a package that others still require', async (t) => {
    const {project} = await start(t)
    await project.succeed(Install, ['@acme/shared'])
    const {stdout} = await project.succeed(Remove, ['@acme/shared', '--json'])
    assert.deepEqual(JSON.parse(stdout), {dependencies: ['@acme/shared'], removed: [], unlinked: [], setup: noSetup})
    assert.equal((await project.installed())['@acme/shared'], '1.0.0')
    await project.succeed(Install, ['--frozen-lockfile'])
  })

  it('remove: leaves nothing behind when the last package is removed', async (t) => {
    const {project} = await start(t)
    await project.succeed(Remove, ['@acme/a', '@acme/b'])
    assert.deepEqual(Object.keys(await project.tree()), ['apkg-lock.json', 'apkg.json'])
    assert.deepEqual(await project.locked(), {})
  })

  it('remove: updates manifest and lockfile if nothing is installed, without requests', async (t) => {
    const {registry, project} = await start(t)
    await rm(project.at('apkg_packages'), {recursive: true})
    await project.succeed(Remove, ['@acme/a'])
    assert.deepEqual(Object.keys(await project.tree()), ['apkg-lock.json', 'apkg.json'])
    assert.deepEqual(await project.locked(), kept)
    assert.deepEqual(registry.requests, [])
  })

  it('remove: updates only the manifest without a lockfile, and warns about it', async (t) => {
    const {project} = await start(t)
    await rm(project.at('apkg-lock.json'))
    const {stderr, stdout} = await project.succeed(Remove, ['@acme/a'])
    assert.match(stderr, /^Warning: No packages were deleted, because apkg-lock\.json is missing[^]*`apkg install`/)
    assert.equal(stdout, '')
    assert.deepEqual((await project.manifest()).dependencies, {'@acme/b': '^1.0.0'})
    await project.succeed(Install)
    assert.deepEqual(await project.installed(), kept)
  })

  it('remove: rejects a name that is not in dependencies, and changes nothing', async (t) => {
    const {project} = await start(t)
    const before = await project.tree()
    for (const name of ['@acme/shared', '../../etc', '__proto__']) {
      const {code, message, exitCode} = failureOf(await project.run(Remove, ['@acme/a', name, '--json']))
      assert.deepEqual([code, message, exitCode], ['NOT_A_DEPENDENCY', `Package "${name}" is not in dependencies`, 1])
    }
    const {stderr} = await project.run(Remove, ['@acme/aa'])
    assert.match(stderr, /\n {2}hint: did you mean `@acme\/a`\?\n/)
    assert.deepEqual(await project.tree(), before)
  })

  it('remove: deletes nothing that a forged ledger lists outside of apkg_packages', async (t) => {
    const {project} = await start(t)
    await mkdir(project.at('precious'))
    await writeFile(project.at('precious/file'), 'mine')
    const forged = {ledgerVersion: 1, changing: ['@a/../../precious', '../precious'], packages: []}
    await writeFile(project.at('apkg_packages/.ledger.json'), JSON.stringify(forged))
    await project.succeed(Remove, ['@acme/a'])
    assert.equal((await project.tree())['precious/file'], 'mine')
  })
})
