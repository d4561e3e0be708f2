import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import DistTagAdd from '../../../src/commands/dist-tag/add.js'
import DistTagLs from '../../../src/commands/dist-tag/ls.js'
import DistTagRm from '../../../src/commands/dist-tag/rm.js'
import TrustAdd from '../../../src/commands/trust/add.js'
import {errorOf, failureOf, seen} from '../../support/command.js'
import {startPublished} from '../../support/published.js'

function start(t: TestContext) {
  return startPublished(t, [{name: '@ada/tool'}, {name: '@ada/tool', version: '1.1.0'}])
}

describe('dist-tag', () => {
  it('dist-tag: adds, moves, lists and removes a tag', async (t) => {
    const {run} = await start(t)
    const set = seen(await run(DistTagAdd, ['@ada/tool@1.1.0', 'next']))
    assert.deepEqual(set, {stdout: '', stderr: 'Set tag "next" on @ada/tool@1.1.0\n', exitCode: 0})
    await run(DistTagAdd, ['@ada/tool@1.0.0', 'next'])
    const list = seen(await run(DistTagLs, ['@ada/tool']))
    assert.deepEqual(list, {stdout: 'latest  1.1.0\nnext    1.0.0\n', stderr: '', exitCode: 0})
    const removed = seen(await run(DistTagRm, ['@ada/tool', 'next']))
    assert.deepEqual(removed, {stdout: '', stderr: 'Removed tag "next" from @ada/tool\n', exitCode: 0})
    assert.equal((await run(DistTagLs, ['@ada/tool'])).stdout, 'latest  1.1.0\n')
  })

  it('dist-tag: prints objects with --json', async (t) => {
    const {run, registry} = await start(t)
    const results = [
      await run(DistTagAdd, ['@ada/tool@1.0.0', 'old', '--json']),
      await run(DistTagLs, ['@ada/tool', '--json']),
      await run(DistTagRm, ['@ada/tool', 'old', '--json']),
    ]
    const [name, {url}] = ['@ada/tool', registry]
    assert.deepEqual(
      results.map(({stdout}) => JSON.parse(stdout)),
      [
        {registry: url, name, version: '1.0.0', tag: 'old'},
        {registry: url, name, distTags: {latest: '1.1.0', old: '1.0.0'}},
        {registry: url, name, tag: 'old'},
      ],
    )
  })

  it('dist-tag rm: a missing tag is an error', async (t) => {
    const {run} = await start(t)
    const {code, exitCode, message} = failureOf(await run(DistTagRm, ['@ada/tool', 'next', '--json']))
    assert.deepEqual([code, exitCode], ['REQUEST_FAILED', 1])
    assert.match(message, /@ada\/tool does not have the dist-tag "next"/)
  })

  it('dist-tag add: a missing version is an error', async (t) => {
    const {run} = await start(t)
    const {exitCode, message} = failureOf(await run(DistTagAdd, ['@ada/tool@9.0.0', 'next', '--json']))
    assert.equal(exitCode, 1)
    assert.match(message, /@ada\/tool@9\.0\.0 does not exist/)
  })

  it('dist-tag rm: refuses to remove latest', async (t) => {
    const {run} = await start(t)
    const outcome = await run(DistTagRm, ['@ada/tool', 'latest', '--json'])
    const {code, reason, status, suggestions} = errorOf(outcome)
    assert.deepEqual([code, reason, status, outcome.exitCode], ['REFUSED', 'DIST_TAG_LATEST', 409, 3])
    assert.deepEqual(suggestions, ['point it at another version: `apkg dist-tag add <package>@<version> latest`'])
  })

  for (const [subcommand, command, argv] of [
    ['add', DistTagAdd, ['@ada/tool@1.0.0', 'next']],
    ['rm', DistTagRm, ['@ada/tool', 'next']],
  ] as const) {
    it(`dist-tag ${subcommand}: sends nothing to the selected registry if the scope is routed to another`, async (t) => {
      const {run, registry} = await start(t)
      await run(TrustAdd, ['@ada', 'https://other.example'])
      const before = registry.requests.length
      const {code, exitCode} = failureOf(await run(command, [...argv, '--json']))
      assert.deepEqual([code, exitCode], ['AUTH_REQUIRED', 4])
      assert.equal(registry.requests.length, before)
    })
  }

  for (const [command, argv, message] of [
    [DistTagAdd, ['@ada/tool', 'next'], /^Version is required$/],
    [DistTagAdd, ['@ada/tool@next', 'beta'], /^`next` is not an exact version$/],
    [DistTagAdd, ['@ada/tool@1.0.0', '1.x'], /^The dist-tag "1.x" must be/],
    [DistTagAdd, ['@ada/tool@1.0.0', 'x'], /^The dist-tag "x" must not be a version or a range$/],
    [DistTagRm, ['@ada/tool@1.0.0', 'next'], /^Expected a package name without a version, got `@ada\/tool@1.0.0`$/],
    [DistTagRm, ['@ada/tool', '..'], /cannot be part of a URL/],
    [DistTagLs, ['@ada/tool@1.0.0'], /^Expected a package name without a version, got `@ada\/tool@1.0.0`$/],
  ] as const) {
    it(`dist-tag: rejects ${JSON.stringify(argv)} and sends nothing`, async (t) => {
      const {run, registry} = await start(t)
      const before = registry.requests.length
      const failure = failureOf(await run(command, [...argv, '--json']))
      assert.deepEqual([failure.code, failure.exitCode], ['USAGE', 2])
      assert.match(failure.message, message)
      assert.equal(registry.requests.length, before)
    })
  }
})
