import assert from 'node:assert/strict'
import {rm} from 'node:fs/promises'
import {describe, it, type TestContext} from 'node:test'

import Install from '../../src/commands/install.js'
import Update from '../../src/commands/update.js'
import {failureOf} from '../support/command.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'

/** A project with `@acme/app`, which requires `@acme/lib`, and `@acme/other`, installed before newer versions appeared. */
async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  const app = (version: string) => ({name: '@acme/app', version, dependencies: {'@acme/lib': '^1.0.0'}})
  await registry.put({name: '@acme/lib', version: '1.0.0'})
  await registry.put({name: '@acme/other', version: '1.0.0'})
  await registry.put(app('1.0.0'))
  const project = await startProject(t, registry.url, {'@acme/app': '^1.0.0', '@acme/other': '1.0.0'})
  await project.succeed(Install)
  return {registry, project, app}
}

const frozen = ['--frozen-lockfile']

describe('update', () => {
  it('update: includes transitive dependencies', async (t) => {
    const {registry, project} = await start(t)
    await registry.put({name: '@acme/lib', version: '1.2.0'})
    const {stderr, stdout} = await project.succeed(Update)
    assert.equal(
      stderr,
      'PACKAGE    CURRENT  UPDATED\n@acme/lib  1.0.0    1.2.0\nUpdated 1 package.\n1 package is not signed by its author\nNot set up: @acme/lib (no tool reads packages of type library)\n',
    )
    assert.equal(stdout, '')
    assert.equal((await project.locked())['@acme/lib'], '1.2.0')
    assert.deepEqual(await project.installed(), await project.locked())
    await project.succeed(Install, frozen)
    assert.equal((await project.succeed(Update)).stderr, 'All packages are up to date.\n')
  })

  it('update: prints what would change with --dry-run, and changes nothing', async (t) => {
    const {registry, project, app} = await start(t)
    await registry.put({name: '@acme/lib', version: '1.2.0'})
    await registry.put(app('2.0.0'))
    const before = await project.tree()
    registry.requests.length = 0
    const {stderr} = await project.succeed(Update, ['--latest', '--dry-run'])
    assert.equal(
      stderr,
      [
        'PACKAGE    CURRENT  UPDATED  RANGE',
        '@acme/app  1.0.0    2.0.0    ^1.0.0 → ^2.0.0',
        '@acme/lib  1.0.0    1.2.0',
        'No changes written (--dry-run).',
        '2 packages are not signed by their authors\n',
      ].join('\n'),
    )
    assert.deepEqual(await project.tree(), before)
    assert.ok(registry.requests.every((request) => !request.endsWith('/tarball')))
    await rm(project.at('apkg_packages'), {recursive: true})
    await project.succeed(Update, ['--dry-run'])
    assert.deepEqual(Object.keys(await project.tree()), ['apkg-lock.json', 'apkg.json'])
  })

  it('update: ignores ranges with --latest, and changes those that do not allow the new version', async (t) => {
    const {registry, project, app} = await start(t)
    await registry.put(app('2.0.0'))
    await registry.put({name: '@acme/other', version: '1.5.0'})
    const {stdout} = await project.succeed(Update, ['--latest', '--json'])
    const {updates, dryRun} = JSON.parse(stdout)
    assert.equal(dryRun, false)
    assert.deepEqual(updates, [
      {name: '@acme/app', from: '1.0.0', to: '2.0.0', range: {from: '^1.0.0', to: '^2.0.0'}, takenDown: null},
      {name: '@acme/other', from: '1.0.0', to: '1.5.0', range: {from: '1.0.0', to: '^1.5.0'}, takenDown: null},
    ])
    assert.deepEqual((await project.manifest()).dependencies, {'@acme/app': '^2.0.0', '@acme/other': '^1.5.0'})
    await project.succeed(Install, frozen)
  })

  it('update: updates only the given package', async (t) => {
    const {registry, project, app} = await start(t)
    await registry.put({name: '@acme/lib', version: '1.2.0'})
    await registry.put(app('1.3.0'))
    await project.succeed(Update, ['@acme/app'])
    assert.deepEqual(await project.locked(), {'@acme/app': '1.3.0', '@acme/lib': '1.0.0', '@acme/other': '1.0.0'})
  })

  it('update: removes packages that are no longer needed after an update', async (t) => {
    const {registry, project} = await start(t)
    await registry.put({name: '@acme/app', version: '1.9.0'})
    const {stderr} = await project.succeed(Update)
    assert.match(stderr, /^@acme\/lib  1\.0\.0    —$/m)
    assert.deepEqual(await project.installed(), {'@acme/app': '1.9.0', '@acme/other': '1.0.0'})
  })

  it('update: rejects a name that is not in dependencies', async (t) => {
    const {project} = await start(t)
    assert.equal(failureOf(await project.run(Update, ['@acme/lib', '--json'])).code, 'NOT_A_DEPENDENCY')
  })

  it('update: reports that there is nothing to update', async (t) => {
    const registry = await startPlainRegistry(t)
    const project = await startProject(t, registry.url)
    assert.equal((await project.succeed(Update)).stderr, 'No dependencies to update.\n')
    assert.deepEqual(Object.keys(await project.tree()), ['apkg.json'])
  })
})
