import assert from 'node:assert/strict'
import {rm} from 'node:fs/promises'
import {describe, it, type TestContext} from 'node:test'

import Install from '../../src/commands/install.js'
import Outdated from '../../src/commands/outdated.js'
import Update from '../../src/commands/update.js'
import {failureOf} from '../support/command.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'

/** A project of `@acme/app` and `@acme/other`, installed before newer versions came. */
async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  await registry.put({name: '@acme/app', version: '1.0.0'})
  await registry.put({name: '@acme/other', version: '1.0.0'})
  const project = await startProject(t, registry.url, {'@acme/app': '^1.0.0', '@acme/other': '1.0.0'})
  await project.succeed(Install)
  return {registry, project}
}

describe('apkg outdated', () => {
  it('says that all is up to date, and ends with 0', async (t) => {
    const {project} = await start(t)
    const {stdout, stderr} = await project.succeed(Outdated)
    assert.equal(stdout, '')
    assert.equal(stderr, 'All packages are up to date.\n')
  })

  it('tells what is installed, what the range allows and what is newest, and ends with 0', async (t) => {
    const {registry, project} = await start(t)
    await registry.put({name: '@acme/app', version: '1.4.0'})
    await registry.put({name: '@acme/app', version: '2.0.0'})
    await registry.put({name: '@acme/other', version: '1.1.0'})
    const before = await project.tree()
    const {stdout} = await project.succeed(Outdated, [], {terminal: true})
    assert.equal(
      stdout,
      [
        'Package      Current  Wanted  Latest',
        '@acme/app    1.0.0    1.4.0   2.0.0',
        '@acme/other  1.0.0    1.0.0   1.1.0\n',
      ].join('\n'),
    )
    assert.equal((await project.succeed(Outdated, ['@acme/other'])).stdout, '@acme/other\t1.0.0\t1.0.0\t1.1.0\n')
    const {packages} = JSON.parse((await project.succeed(Outdated, ['--json'])).stdout)
    assert.deepEqual(packages[0], {
      name: '@acme/app',
      range: '^1.0.0',
      current: '1.0.0',
      wanted: '1.4.0',
      latest: '2.0.0',
    })
    assert.deepEqual(await project.tree(), before)
  })

  it('wants the version that an update installs, where `latest` was held back', async (t) => {
    const {registry, project} = await start(t)
    await registry.put({name: '@acme/app', version: '1.4.0'})
    await registry.put({name: '@acme/app', version: '1.5.0'})
    registry.tag('@acme/app', 'latest', '1.4.0')
    assert.equal((await project.succeed(Outdated)).stdout, '@acme/app\t1.0.0\t1.4.0\t1.4.0\n')
    await project.succeed(Update)
    assert.equal((await project.locked())['@acme/app'], '1.4.0')
    assert.equal((await project.succeed(Outdated)).stdout, '')
  })

  it('takes the locked version where nothing is installed, and none where nothing is locked', async (t) => {
    const {registry, project} = await start(t)
    await registry.put({name: '@acme/app', version: '1.4.0'})
    await rm(project.at('apkg_packages'), {recursive: true})
    assert.equal((await project.succeed(Outdated)).stdout, '@acme/app\t1.0.0\t1.4.0\t1.4.0\n')
    await rm(project.at('apkg-lock.json'))
    const {packages} = JSON.parse((await project.succeed(Outdated, ['--json'])).stdout)
    assert.deepEqual(
      packages.map(({current}: {current: string | null}) => current),
      [null, null],
    )
  })

  it('refuses a name that the project does not depend on', async (t) => {
    const {project} = await start(t)
    const {code, exitCode} = failureOf(await project.run(Outdated, ['@acme/none', '--json']))
    assert.deepEqual([code, exitCode], ['DEPENDENCY_UNKNOWN', 1])
  })
})
