import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator} from '@apkg/plugin-registry/dist/server/store/store.js'

import TokenCreate from '../../../src/commands/token/create.js'
import TokenLog from '../../../src/commands/token/log.js'
import TokenRevoke from '../../../src/commands/token/revoke.js'
import TokenRotate from '../../../src/commands/token/rotate.js'
import Whoami from '../../../src/commands/whoami.js'
import {failureOf, startSession} from '../../support/command.js'
import {json, refusal, startHostileRegistry} from '../../support/hostile-registry.js'
import {config} from '../../support/oclif-config.js'
import {runCommand} from '../../support/run-command.js'
import {tempFolder} from '../../support/temp-folder.js'

/** Ada has the tokens `ci`, which is revoked, and `other`. */
async function withTokens(t: TestContext) {
  const world = await startSession(t)
  const create = async (label: string) => (await world.run(TokenCreate, ['--label', label])).stdout.trim()
  const ci = await create('ci')
  world.registry.clock.advance(1000)
  await create('other')
  world.registry.clock.advance(1000)
  assert.equal((await world.run(Whoami, [], {env: {APKG_TOKEN: ci}})).exitCode, 0)
  assert.equal((await world.run(TokenRevoke, ['ci'])).exitCode, 0)
  const entries = async (...argv: string[]) =>
    JSON.parse((await world.run(TokenLog, [...argv, '--json'])).stdout).entries
  const brief = async (...argv: string[]) =>
    (await entries(...argv)).map(({action, label}: any) => `${action} ${label}`)
  return {...world, ci, entries, brief}
}

describe('token log', () => {
  it('token log: prints one entry per line with tabs, newest first', async (t) => {
    const {run, entries} = await withTokens(t)
    const {stdout, stderr, exitCode} = await run(TokenLog, [])
    assert.deepEqual([stderr, exitCode], ['', 0])
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'))
    assert.deepEqual(
      lines.map(([, action, label, , actor, address]) => [action, label, actor, address]),
      [
        ['token.revoke', 'ci', 'ada', '127.0.0.1'],
        ['token.create', 'other', 'ada', '127.0.0.1'],
        ['token.create', 'ci', 'ada', '127.0.0.1'],
      ],
    )
    const [newest] = await entries()
    assert.deepEqual(lines[0], [
      ...[newest.at, 'token.revoke', 'ci', newest.id, 'ada', '127.0.0.1', newest.id, newest.credential, newest.agent],
      JSON.stringify(newest.detail),
    ])
  })

  it('token log: prints a table on a terminal', async (t) => {
    const {run} = await withTokens(t)
    const {stdout} = await run(TokenLog, ['ci'], {terminal: true})
    assert.match(stdout, /^TIME +TOKEN +ACTION +BY +ADDRESS +DETAILS\n/)
    assert.match(stdout, /\n(now|.+ ago|in .+?) +ci +token.revoke +ada +127.0.0.1 +-\n/)
  })

  it('token log: accepts a label, an ID, or the start of an ID or value, even of an expired or revoked token', async (t) => {
    const {run, ci, entries, brief} = await withTokens(t)
    const [{id}] = await entries('ci')
    for (const selector of ['ci', id, id.slice(0, 6), ci.slice(0, 12)]) {
      assert.deepEqual(await brief(selector), ['token.revoke ci', 'token.create ci'], selector)
    }
    const rotated = await run(TokenRotate, ['other'])
    assert.equal(rotated.exitCode, 0, rotated.stderr)
    assert.deepEqual(await brief('other'), ['token.rotate other', 'token.create other'])
    const unknown = failureOf(await run(TokenLog, ['unknown', '--json']))
    assert.deepEqual([unknown.code, unknown.exitCode], ['TOKEN_NOT_FOUND', 1])
    const value = failureOf(await run(TokenLog, [ci, '--json']))
    assert.deepEqual([value.code, value.exitCode], ['TOKEN_VALUE_GIVEN', 2])
    assert.ok(!value.message.includes(ci))
  })

  it('token log: --since and --limit limit the entries, and a note says if there are older ones', async (t) => {
    const {run, brief} = await withTokens(t)
    assert.deepEqual(await brief('--limit', '1'), ['token.revoke ci'])
    const cut = await run(TokenLog, ['--limit', '1'])
    assert.equal(cut.stderr, 'Only the newest entry is shown. Use --limit or --since to see others.\n')
    const recent = await run(TokenLog, ['--since', '2020-01-01', '--json'])
    assert.deepEqual([JSON.parse(recent.stdout).entries.length, JSON.parse(recent.stdout).hasMore], [3, false])
    assert.equal((await run(TokenLog, ['--since', '9999-01-01'])).exitCode, 2)
    assert.equal((await run(TokenLog, ['--since', 'yesterday'])).exitCode, 2)
  })

  it('token log: shows what the operator did, and an empty log if nothing happened', async (t) => {
    const {run, registry} = await startSession(t)
    assert.equal((await run(TokenLog, [])).stderr, 'No matching entries.\n')
    await run(TokenCreate, ['--label', 'ci'])
    registry.clock.advance(1000)
    const [ada] = await registry.store.users.list()
    const now = registry.clock.now.getTime()
    const [token] = await registry.store.tokens.list({kind: 'user', id: ada!.id}, {}, now)
    await registry.store.tokens.revoke({within: {kind: 'own', userId: ada!.id}, id: token!.id}, operator, now)
    assert.match((await run(TokenLog, [])).stdout, /^\S+\ttoken\.revoke\tci\t\S+\t\(operator\)\t-\t/)
  })

  it('token log: follows pages, and stops at a page without new entries', async (t) => {
    const registry = await startHostileRegistry(t)
    const entry = {at: '2027-01-31T09:00:00.000Z', action: 'token.create', tokenId: '4h455vb4pex5vsk0'}
    const world = {home: await tempFolder(t), env: {APKG_REGISTRY: registry.url, APKG_TOKEN: 'secret'}}
    registry.answer({
      'GET /auth/tokens/log?limit=3': json(200, {entries: [entry], nextCursor: 'a'}),
      'GET /auth/tokens/log?limit=2&cursor=a': json(200, {entries: [], nextCursor: 'b'}),
    })
    const {stdout, exitCode} = await runCommand(TokenLog, ['--limit', '3'], config, world)
    assert.equal(exitCode, 0)
    assert.equal(stdout, '2027-01-31T09:00:00.000Z\ttoken.create\t-\t4h455vb4pex5vsk0\t-\t-\t-\t-\t-\t{}\n')
    registry.answer({'GET /auth/tokens/log?limit=100': refusal(404, 'Nothing here')})
    const missing = failureOf(await runCommand(TokenLog, ['--json'], config, world))
    assert.deepEqual([missing.code, missing.exitCode], ['NOT_OFFERED', 1])
  })
})
