import assert from 'node:assert/strict'
import {rm} from 'node:fs/promises'
import {describe, it, type TestContext} from 'node:test'

import Install from '../../src/commands/install.js'
import Outdated from '../../src/commands/outdated.js'
import Update from '../../src/commands/update.js'
import {failureOf} from '../support/command.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'

/** A project with `@acme/app` and `@acme/other`, installed before newer versions appeared. */
async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  await registry.put({name: '@acme/app', version: '1.0.0'})
  await registry.put({name: '@acme/other', version: '1.0.0'})
  const project = await startProject(t, registry.url, {'@acme/app': '^1.0.0', '@acme/other': '1.0.0'})
  await project.succeed(Install)
  return {registry, project}
}

describe('outdated', () => {
  it('outdated: reports that everything is up to date, and exits with 0', async (t) => {
    const {project} = await start(t)
    const {stdout, stderr} = await project.succeed(Outdated)
    assert.equal(stdout, '')
    assert.equal(stderr, 'All packages are up to date.\n')
  })

  it('outdated: prints the current, wanted and latest versions, and exits with 0', async (t) => {
    const {registry, project} = await start(t)
    await registry.put({name: '@acme/app', version: '1.4.0'})
    await registry.put({name: '@acme/app', version: '2.0.0'})
    await registry.put({name: '@acme/other', version: '1.1.0'})
    const before = await project.tree()
    const {stdout} = await project.succeed(Outdated, [], {terminal: true})
    assert.equal(
      stdout,
      [
        'PACKAGE      CURRENT  WANTED  LATEST',
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

  it('outdated: prints the version that an update installs if `latest` is not the highest', async (t) => {
    const {registry, project} = await start(t)
    await registry.put({name: '@acme/app', version: '1.4.0'})
    await registry.put({name: '@acme/app', version: '1.5.0'})
    registry.tag('@acme/app', 'latest', '1.4.0')
    assert.equal((await project.succeed(Outdated)).stdout, '@acme/app\t1.0.0\t1.4.0\t1.4.0\n')
    await project.succeed(Update)
    assert.equal((await project.locked())['@acme/app'], '1.4.0')
    assert.equal((await project.succeed(Outdated)).stdout, '')
  })

  it('outdated: falls back to the locked version if nothing is installed, and to null if nothing is locked', async (t) => {
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

  it('outdated: rejects a name that is not in dependencies', async (t) => {
    const {project} = await start(t)
    const {code, exitCode} = failureOf(await project.run(Outdated, ['@acme/none', '--json']))
    assert.deepEqual([code, exitCode], ['NOT_A_DEPENDENCY', 1])
  })
})
