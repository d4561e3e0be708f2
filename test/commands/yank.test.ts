import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import Info from '../../src/commands/info.js'
import TrustAdd from '../../src/commands/trust/add.js'
import Yank from '../../src/commands/yank.js'
import {failureOf, seen} from '../support/command.js'
import {startPublished} from '../support/published.js'

const drafts = [{name: '@ada/tool'}, {name: '@ada/tool', version: '1.1.0'}]

describe('yank', () => {
  it('yank: yanks a version, and undoes it; repeating either changes nothing', async (t) => {
    const {run, registry} = await startPublished(t, drafts)
    const yanked = async () => {
      const {versions} = JSON.parse((await run(Info, ['@ada/tool', '--json'])).stdout)
      return versions.map((each: {yanked: boolean}) => each.yanked)
    }
    for (let round = 0; round < 2; round++) {
      const done = seen(await run(Yank, ['@ada/tool@1.1.0']))
      const stderr = 'Yanked @ada/tool@1.1.0\nIt was `latest`. `apkg add @ada/tool` now installs 1.0.0.\n'
      assert.deepEqual(done, {stdout: '', stderr, exitCode: 0})
      assert.deepEqual(await yanked(), [true, false])
    }
    const {stdout} = await run(Yank, ['@ada/tool@1.1.0', '--undo', '--json'])
    const expected = {registry: registry.url, name: '@ada/tool', version: '1.1.0', yanked: false}
    assert.deepEqual(JSON.parse(stdout), expected)
    assert.deepEqual(await yanked(), [false, false])
    const {stderr} = await run(Yank, ['@ada/tool@1.1.0', '--undo'])
    assert.equal(stderr, '@ada/tool@1.1.0 is no longer yanked\n')
  })

  it('yank: prints no more for a version other than the latest, and says when none is left', async (t) => {
    const {run} = await startPublished(t, drafts)
    const {stderr} = await run(Yank, ['@ada/tool@1.0.0'])
    assert.equal(stderr, 'Yanked @ada/tool@1.0.0\n')
    const last = await run(Yank, ['@ada/tool@1.1.0', '--json'])
    assert.equal(JSON.parse(last.stdout).newest, null)
    assert.match(last.stderr, /^No version of @ada\/tool can be added anymore: all are yanked\.$/m)
  })

  for (const [target, message] of [
    ['@ada/tool', 'Version is required'],
    ['@ada/tool@latest', '`latest` is not an exact version'],
    ['@ada/tool@^1', '`^1` is not an exact version'],
  ] as const) {
    it(`yank: rejects ${target} and sends nothing`, async (t) => {
      const {run, registry} = await startPublished(t, drafts)
      const before = registry.requests.length
      assert.deepEqual(failureOf(await run(Yank, [target, '--json'])), {code: 'USAGE', message, exitCode: 2})
      assert.equal(registry.requests.length, before)
    })
  }

  it('yank: sends nothing to the selected registry if the scope is routed to another', async (t) => {
    const {run, registry} = await startPublished(t, drafts)
    await run(TrustAdd, ['@ada', 'https://other.example'])
    const before = registry.requests.length
    assert.equal(failureOf(await run(Yank, ['@ada/tool@1.0.0', '--json'])).code, 'AUTH_REQUIRED')
    assert.equal(registry.requests.length, before)
  })
})
