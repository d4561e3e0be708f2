import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import Install from '../../src/commands/install.js'
import Why from '../../src/commands/why.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'

async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  await registry.put({name: '@acme/lib'})
  await registry.put({name: '@acme/app', dependencies: {'@acme/lib': '^1.0.0'}})
  await registry.put({name: '@acme/other'})
  const project = await startProject(t, registry.url, {'@acme/app': '^1.0.0', '@acme/other': '^1.0.0'})
  await project.succeed(Install)
  registry.requests.length = 0
  return {registry, project}
}

describe('why', () => {
  it('why: prints the paths that lead to a package, without requests', async (t) => {
    const {registry, project} = await start(t)
    const {stdout} = await project.succeed(Why, ['@acme/lib'], {env: {LC_ALL: 'C'}})
    assert.equal(stdout, '@ada/project@1.0.0\n`-- @acme/app@1.0.0\n    `-- @acme/lib@1.0.0\n')
    assert.deepEqual(registry.requests, [])
  })

  it('why: exits with 1 for a package that nothing requires', async (t) => {
    const {project} = await start(t)
    const {stdout, stderr, exitCode} = await project.run(Why, ['@acme/absent'])
    assert.deepEqual(
      [stdout, stderr, exitCode],
      ['', '@acme/absent is not installed, and no package requires it.\n', 1],
    )
  })
})
