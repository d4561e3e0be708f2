import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import Deprecate from '../../src/commands/deprecate.js'
import Info from '../../src/commands/info.js'
import TrustAdd from '../../src/commands/trust/add.js'
import {failureOf, seen} from '../support/command.js'
import {startPublished} from '../support/published.js'

async function start(t: TestContext) {
  const world = await startPublished(t, [{name: '@ada/tool'}, {name: '@ada/tool', version: '1.1.0'}])
  return {
    ...world,
    /** The deprecation of the package, then those of its versions. */
    deprecations: async () => {
      const {deprecated, versions} = JSON.parse((await world.run(Info, ['@ada/tool', '--json'])).stdout)
      return [deprecated, ...versions.map((each: {deprecated: string | null}) => each.deprecated)]
    },
  }
}

describe('deprecate', () => {
  it('deprecate: deprecates a package, and undoes it', async (t) => {
    const {run, deprecations} = await start(t)
    const outcome = seen(await run(Deprecate, ['@ada/tool', 'Use @ada/new']))
    assert.deepEqual(outcome, {stdout: '', stderr: 'Deprecated @ada/tool\n', exitCode: 0})
    assert.equal((await deprecations())[0], 'Use @ada/new')
    const undone = seen(await run(Deprecate, ['@ada/tool', '--undo']))
    assert.deepEqual(undone, {stdout: '', stderr: 'Removed deprecation from @ada/tool\n', exitCode: 0})
    assert.deepEqual(await deprecations(), [null, null, null])
  })

  it('deprecate: deprecates one version, and undoes it', async (t) => {
    const {run, registry, deprecations} = await start(t)
    const {stdout} = await run(Deprecate, ['@ada/tool@1.0.0', 'Broken', '--json'])
    const deprecation = {registry: registry.url, name: '@ada/tool', version: '1.0.0', deprecated: 'Broken'}
    assert.deepEqual(JSON.parse(stdout), deprecation)
    assert.deepEqual(await deprecations(), [null, null, 'Broken'])
    const undone = await run(Deprecate, ['@ada/tool@1.0.0', '--undo', '--json'])
    assert.deepEqual(JSON.parse(undone.stdout), {...deprecation, deprecated: null})
    assert.deepEqual(await deprecations(), [null, null, null])
  })

  for (const [argv, message] of [
    [['@ada/tool'], 'A deprecation message is required'],
    [['@ada/tool', ' '], 'A deprecation message is required'],
    [['@ada/tool', 'why', '--undo'], '--undo cannot be used with a message'],
    [['@ada/tool@next', 'why'], '`next` is not an exact version'],
    [['@ada/tool@^1', 'why'], '`^1` is not an exact version'],
  ] as const) {
    it(`deprecate: rejects ${JSON.stringify(argv)} and sends nothing`, async (t) => {
      const {run, registry} = await start(t)
      const before = registry.requests.length
      const failure = failureOf(await run(Deprecate, [...argv, '--json']))
      assert.deepEqual(failure, {code: 'USAGE', message, exitCode: 2})
      assert.equal(registry.requests.length, before)
    })
  }

  it("deprecate: a missing version is an error with the registry's reason", async (t) => {
    const {run} = await start(t)
    const {code, exitCode, message} = failureOf(await run(Deprecate, ['@ada/tool@9.9.9', 'why', '--json']))
    assert.deepEqual([code, exitCode], ['REQUEST_FAILED', 1])
    assert.match(message, /@ada\/tool@9\.9\.9 does not exist/)
  })

  it('deprecate: sends nothing to the selected registry if the scope is routed to another', async (t) => {
    const {run, registry} = await start(t)
    await run(TrustAdd, ['@ada', 'https://other.example'])
    const before = registry.requests.length
    const {code, exitCode} = failureOf(await run(Deprecate, ['@ada/tool', 'why', '--json']))
    assert.deepEqual([code, exitCode], ['AUTH_REQUIRED', 4])
    assert.equal(registry.requests.length, before)
  })

  it('deprecate: requires a credential', async (t) => {
    const {run, registry} = await start(t)
    const before = registry.requests.length
    const env = {APKG_REGISTRY: `${registry.url}/elsewhere`}
    assert.equal((await run(Deprecate, ['@ada/tool', 'why'], {env})).exitCode, 4)
    assert.equal(registry.requests.length, before)
  })
})
