import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {openDataFolder} from '../../../src/server/operations/data-folder.js'
import {Statement, type Together} from '../../../src/server/store/port.js'
import {createTokenLog} from '../../../src/server/store/rules/token-log.js'
import {sqliteDialect} from '../../../src/server/store/sqlite/dialect.js'
import {loadSqlite, type SqliteValue} from '../../../src/server/store/sqlite/driver.js'
import {openSqlite} from '../../../src/server/store/sqlite/index.js'
import {operator} from '../../../src/server/store/store.js'
import {packageOf, publish} from '../../support/uploads.js'
import {createWorld, minute, second, type World} from '../../support/world.js'

async function withTokens(t: TestContext) {
  const world = await createWorld(t)
  await world.addUser('ada')
  const session = (await world.logIn('ada')).accessToken
  const ci = await world.createToken(session, {name: 'ci', scopes: ['publish', 'token:read', 'token:rotate']})
  world.pass(second)
  const other = await world.createToken(session, {name: 'other', scopes: ['admin']})
  world.pass(second)
  const read = async (query = '', token = session) =>
    (await world.call('GET', `/auth/tokens/log${query}`, {token})).body
  const brief = async (query = '', token = session) =>
    (await read(query, token)).entries.map((entry: any) => [entry.action, entry.tokenName, entry.target])
  return {world, session, ci, other, read, brief}
}

const revoke = (world: World, id: string, by = operator) =>
  world.store.tokens.revoke({within: {kind: 'own', userId: 'id-of-ada'}, id}, by, world.now())

describe('token log', () => {
  it('token log: lists what happened to the tokens and what they were used for, newest first', async (t) => {
    const {world, ci, other, read} = await withTokens(t)
    assert.equal((await publish(world, ci.token, await packageOf({name: '@ada/tool'}))).status, 201)
    world.pass(second)
    await revoke(world, ci.id)
    world.pass(second)
    const useRevoked = () => world.call('GET', '/auth/whoami', {token: ci.token, from: '203.0.113.9'})
    await useRevoked()
    await useRevoked()
    world.pass(minute)
    await useRevoked()
    // Writes are committed in order, so the row of the minute is there once a later write is.
    await world.addUser('bob')
    const {entries} = await read()
    assert.deepEqual(
      entries.map(({action, tokenName, actor, address}: any) => [action, tokenName, actor, address]),
      [
        ['token.dead-use', 'ci', 'ada', '203.0.113.9'],
        ['token.revoke', 'ci', '(operator)', null],
        ['package.publish', 'ci', 'ada', '127.0.0.1'],
        ['token.create', 'other', 'ada', '127.0.0.1'],
        ['token.create', 'ci', 'ada', '127.0.0.1'],
      ],
    )
    const [used, revoked, published, newest, oldest] = entries
    assert.deepEqual([used.credential, used.target, used.detail], [ci.id, ci.id, {reason: 'revoked', count: 2}])
    assert.deepEqual([revoked.credential, revoked.agent, revoked.target], [null, null, ci.id])
    assert.deepEqual([published.credential, published.target, published.tokenId], [ci.id, '@ada/tool@1.0.0', ci.id])
    assert.equal(oldest.agent, 'test')
    assert.deepEqual((await read(`?token=${other.id}`)).entries, [newest])
    assert.deepEqual((await read(`?since=${newest.at}`)).entries, entries.slice(0, 4))
  })

  it('token log: never shows anything about tokens of other users', async (t) => {
    const {world, ci, brief} = await withTokens(t)
    await world.addUser('eve')
    const eve = (await world.logIn('eve')).accessToken
    const eves = await world.createToken(eve, {name: 'ci', scopes: ['admin']})
    await revoke(world, ci.id, {name: 'eve', credentialId: eves.id, address: '192.0.2.1', agent: 'evil'})
    assert.deepEqual(await brief('', eve), [['token.create', 'ci', eves.id]])
    assert.deepEqual(await brief('', eves.token), [['token.create', 'ci', eves.id]])
    const {status, body} = await world.call('GET', `/auth/tokens/log?token=${ci.id}`, {token: eve})
    assert.deepEqual([status, body.error.code], [404, 'TOKEN_NOT_FOUND'])
  })

  it('token log: an entry that someone else caused shows the owner neither credential nor address', async (t) => {
    const {world, ci, read} = await withTokens(t)
    const body = {values: [ci.token], note: 'build log'}
    assert.equal((await world.call('POST', '/auth/revoke', {body, from: '192.0.2.1'})).status, 202)
    const {entries} = await read()
    assert.deepEqual(
      [entries[0].action, entries[0].detail.note, entries[0].actor, entries[0].address, entries[0].agent],
      ['token.revoke', 'build log', null, null, null],
    )
    assert.doesNotMatch(JSON.stringify(entries), /192\.0\.2\.1/)
  })

  it('token log: a token needs token:read or admin, and its old value is not enough', async (t) => {
    const {world, session, ci, other, brief} = await withTokens(t)
    assert.equal((await brief('', ci.token)).length, 2)
    assert.equal((await brief('', other.token)).length, 2)
    const plain = await world.createToken(session, {name: 'plain', scopes: ['publish']})
    const refused = await world.call('GET', '/auth/tokens/log', {token: plain.token})
    assert.deepEqual([refused.status, refused.body.error.code], [403, 'SCOPE_INSUFFICIENT'])
    const rotated = await world.call('POST', `/auth/tokens/${ci.id}/rotate`, {token: ci.token})
    assert.equal((await world.call('GET', '/auth/whoami', {token: rotated.body.token})).status, 200)
    assert.equal((await world.call('GET', '/auth/tokens/log', {token: ci.token})).status, 403)
  })

  it('token log: pages neither skip nor repeat entries', async (t) => {
    const {world, session, read} = await withTokens(t)
    for (let index = 0; index < 20; index++) {
      await world.createToken(session, {name: `token-${index}`})
      if (index % 3 === 0) world.pass(second)
    }
    const complete = (await read('?limit=1000')).entries
    assert.equal(complete.length, 22)
    const collected: object[] = []
    let cursor: string | undefined
    do {
      const page = await read(`?limit=4${cursor === undefined ? '' : `&cursor=${cursor}`}`)
      collected.push(...page.entries)
      cursor = page.nextCursor
    } while (cursor !== undefined)
    assert.deepEqual(collected, complete)
  })

  for (const query of ['?limit=0', '?limit=1001', '?cursor=x', '?since=yesterday', '?token=ci']) {
    it(`token log: refuses ${query}`, async (t) => {
      const {world, session} = await withTokens(t)
      const {status, body} = await world.call('GET', `/auth/tokens/log${query}`, {token: session})
      assert.deepEqual([status, body.error.code], [400, 'VALIDATION'])
      assert.equal(body.error.details[0].field, query.slice(1).split('=')[0])
    })
  }

  it('token log: the query uses the indexes of the audit log', async (t) => {
    const {world} = await withTokens(t)
    const driver = await loadSqlite()
    const path = openDataFolder(world.folder, {create: false}).database
    const port = await openSqlite({driver, path})
    t.after(() => port.close())
    const asked: Statement[] = []
    const spied = {
      ...port,
      ask: (ask: Together<unknown[]>) => {
        for (const {query} of ask.steps) if (query instanceof Statement) asked.push(query)
        return port.ask(ask)
      },
    }
    await createTokenLog(spied as never).ofTokens({kind: 'user', id: 'id-of-ada'}, {limit: 10})
    const [{parameters} = assert.fail('no statement')] = asked
    const text = sqliteDialect.statements.findTokenLog
    const database = driver.open(path, {readOnly: true})
    t.after(() => database.close())
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...(parameters as SqliteValue[]))
    const steps = plan.map((row) => (row as {detail: string}).detail)
    assert.ok(
      steps.some((step) => step.includes('INDEX audit_target')),
      steps.join('\n'),
    )
    assert.ok(
      steps.some((step) => step.includes('INDEX audit_credential')),
      steps.join('\n'),
    )
    assert.deepEqual(
      steps.filter((step) => /^SCAN (?:a|found|recent|tokens|t|c)\b/.test(step)),
      [],
      steps.join('\n'),
    )
  })
})
