import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator} from '@apkg/plugin-registry/dist/server/store/store.js'

import Login from '../../../src/commands/login.js'
import TokenCreate from '../../../src/commands/token/create.js'
import TokenList from '../../../src/commands/token/list.js'
import TokenResume from '../../../src/commands/token/resume.js'
import TokenSuspend from '../../../src/commands/token/suspend.js'
import Whoami from '../../../src/commands/whoami.js'
import {failureOf, seen, startSession} from '../../support/command.js'
import {password} from '../../support/registry.js'

const minute = 60_000

async function withTokens(t: TestContext, ...labels: string[]) {
  const {run, registry} = await startSession(t)
  const create = async (label: string, scopes = 'read') => {
    const {stdout} = await run(TokenCreate, ['--label', label, '--scopes', scopes, '--json'])
    return JSON.parse(stdout) as {id: string; token: string}
  }
  const tokens: Record<string, {id: string; token: string}> = {}
  for (const label of labels) tokens[label] = await create(label)
  const works = async (label: string) =>
    (await run(Whoami, [], {env: {APKG_TOKEN: tokens[label]?.token ?? ''}})).exitCode === 0
  const idOf = (label: string) => tokens[label]?.id ?? ''
  const login = () => run(Login, ['--username', 'ada', '--password-stdin'], {stdin: password})
  return {run, registry, create, works, idOf, login}
}

const statuses = (stdout: string) =>
  (JSON.parse(stdout) as {tokens: {label: string; status: string}[]}).tokens.map(({label, status}) => [label, status])

describe('token suspend, token resume', () => {
  it('token suspend: the token stops working until it is resumed, and both can be repeated', async (t) => {
    const {run, registry, works, idOf} = await withTokens(t, 'ci', 'other')
    const since = registry.clock.now.toISOString()
    assert.deepEqual(seen(await run(TokenSuspend, ['ci', '--reason', 'looks leaked'])), {
      stdout: '',
      stderr: `Suspended token ci (${idOf('ci')})\n`,
      exitCode: 0,
    })
    assert.deepEqual([await works('ci'), await works('other')], [false, true])
    registry.clock.advance(minute)
    const again = await run(TokenSuspend, ['ci'])
    assert.deepEqual([again.stderr, again.exitCode], [`Already suspended at ${since}: ci (${idOf('ci')})\n`, 0])
    const {stdout} = await run(TokenList, ['--suspended', '--json'])
    const [listed] = (JSON.parse(stdout) as {tokens: {status: string; suspensions: unknown}[]}).tokens
    assert.deepEqual(
      [listed?.status, listed?.suspensions],
      ['suspended', [{by: 'owner', name: 'ada', at: since, reason: 'looks leaked'}]],
    )
    assert.equal((await run(TokenResume, ['ci'])).stderr, `Resumed token ci (${idOf('ci')})\n`)
    assert.equal(await works('ci'), true)
    const active = await run(TokenResume, ['ci'])
    assert.deepEqual([active.stderr, active.exitCode], [`Not suspended: ci (${idOf('ci')})\n`, 0])
  })

  it('token suspend: using a suspended token fails, and the error says who can resume it', async (t) => {
    const {run, create} = await withTokens(t)
    const {token} = await create('ci')
    await run(TokenSuspend, ['ci'])
    const {exitCode, stderr} = await run(Whoami, [], {env: {APKG_TOKEN: token}})
    assert.equal(exitCode, 4)
    assert.match(stderr, /The token "ci" was suspended by its owner\. Only its owner can resume it/)
    assert.match(
      stderr,
      /\n {2}hint: as its owner, run `apkg token resume \w{16}`\n {2}hint: unset APKG_TOKEN to use ~\/\.apkg\/credentials\.json\n$/,
    )
  })

  it('token suspend, token resume: filters and --all select active tokens to suspend, and suspended tokens to resume', async (t) => {
    const {run, works, login, registry} = await withTokens(t, 'one', 'two')
    assert.deepEqual(statuses((await run(TokenSuspend, ['--never-expires', '--dry-run', '--json'])).stdout).sort(), [
      ['one', 'planned'],
      ['two', 'planned'],
    ])
    assert.equal(await works('one'), true)
    assert.equal((await run(TokenSuspend, ['one'])).exitCode, 0)
    assert.deepEqual(statuses((await run(TokenSuspend, ['--all', '--yes', '--json'])).stdout), [['two', 'suspended']])
    assert.deepEqual([await works('one'), await works('two')], [false, false])
    assert.equal(failureOf(await run(TokenResume, ['--all', '--json'])).code, 'INPUT_MISSING')
    registry.clock.advance(minute)
    await login()
    assert.deepEqual(statuses((await run(TokenResume, ['--all', '--yes', '--json'])).stdout).sort(), [
      ['one', 'resumed'],
      ['two', 'resumed'],
    ])
    assert.deepEqual([await works('one'), await works('two')], [true, true])
  })

  it('token resume: an old login is confirmed once, before the first token', async (t) => {
    const {run, registry, works} = await withTokens(t, 'one', 'two')
    await run(TokenSuspend, ['one', 'two'])
    registry.clock.advance(11 * minute)
    const refused = failureOf(await run(TokenResume, ['one', 'two', '--json']))
    assert.deepEqual([refused.code, refused.exitCode], ['CONFIRMATION_REQUIRED', 4])
    const wrong = failureOf(await run(TokenResume, ['one', 'two', '--password-stdin', '--json'], {stdin: 'wrong'}))
    assert.deepEqual([wrong.code, await works('one')], ['CONFIRMATION_REJECTED', false])
    const {exitCode, stderr} = await run(TokenResume, ['one', 'two', '--password-stdin'], {stdin: password})
    assert.equal(exitCode, 0, stderr)
    assert.deepEqual([await works('one'), await works('two')], [true, true])
  })

  it('attack: token resume with an admin token is refused', async (t) => {
    const {run, create, works} = await withTokens(t, 'ci')
    const {token} = await create('admin', 'admin')
    const env = {APKG_TOKEN: token}
    assert.equal((await run(TokenSuspend, ['ci'], {env})).exitCode, 0)
    const {exitCode, stderr} = await run(TokenResume, ['ci'], {env})
    assert.deepEqual([exitCode, /This requires a login/.test(stderr)], [3, true])
    assert.equal(await works('ci'), false)
  })

  it("token resume: doesn't lift the operator's suspension, and says so", async (t) => {
    const {run, registry, works, idOf} = await withTokens(t, 'ci', 'other')
    const now = registry.clock.now.getTime()
    await registry.store.tokens.suspend({id: idOf('ci')}, {by: 'operator', reason: null}, operator, now)
    const refused = await run(TokenResume, ['ci'])
    assert.equal(refused.exitCode, 3)
    assert.match(
      refused.stderr,
      /^Not resumed: ci .*suspended by the operator of the registry\. Ask the operator to resume it/,
    )
    assert.match(refused.stderr, new RegExp(`hint: ask .*\`apkg registry token resume ${idOf('ci')}\``))
    await run(TokenSuspend, ['ci'])
    const partly = await run(TokenResume, ['ci', 'other'])
    assert.equal(partly.exitCode, 6)
    assert.match(
      partly.stderr,
      /^Not resumed: ci .*You lifted your suspension of "ci", but the registry operator also suspended it\nNot suspended: other/,
    )
    assert.equal(await works('ci'), false)
  })

  it('token suspend: contradicting flags and an invalid reason send nothing', async (t) => {
    const {run, registry} = await withTokens(t, 'ci')
    registry.requests.length = 0
    for (const argv of [
      ['ci', '--all'],
      ['--suspended', '--yes'],
      ['ci', '--reason', ' '],
      ['ci', '--reason', 'a\nb'],
      ['--unused', '90d'],
      ['ci', '--offline'],
    ]) {
      const {exitCode} = await run(TokenSuspend, [...argv, '--json'])
      assert.equal(exitCode, argv.includes('--offline') ? 5 : 2, argv.join(' '))
    }
    assert.deepEqual(registry.requests, [])
  })
})
