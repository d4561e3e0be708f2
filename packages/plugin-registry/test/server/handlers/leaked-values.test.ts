import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {describe, it, type TestContext} from 'node:test'

import {drawBase62, formatTokenValue, type TokenKind} from '@apkg/wire'

import {operator} from '../../../src/server/store/store.js'
import {createWorld, day, hour, minute, type World} from '../../support/world.js'

const invented = (kind: TokenKind = 'token') =>
  formatTokenValue(
    kind,
    drawBase62(32, (count) => randomBytes(count)),
  )

const report = (world: World, values: unknown, more: {note?: string; from?: string} = {}) => {
  const {from, ...note} = more
  return world.call('POST', '/auth/revoke', {body: {values, ...note}, ...(from !== undefined && {from})})
}

async function withToken(t: TestContext, request: object = {}) {
  const world = await createWorld(t)
  await world.addUser('ada')
  const login = await world.logIn('ada')
  const session = login.accessToken
  const created = await world.createToken(session, {name: 'ci', scopes: ['admin'], ...request})
  const works = async (value: string) => (await world.call('GET', '/auth/whoami', {token: value})).status === 200
  return {world, login, session, id: created.id, value: created.token, works}
}

/** The newest rows of the audit log, oldest first. */
async function latest({store}: World, count: number) {
  const rows = (await store.audit.latest(count)).toReversed()
  return rows.map(({action, name, credentialId, target, address, detail}) => ({
    ...{action, name, credentialId, target, address, detail},
  }))
}

/** What was done to anything, except that values were reported. */
async function changes({store}: World) {
  const actions = (await store.audit.latest(1000)).map(({action}) => action)
  return actions.filter((action) => action !== 'credential.leak-report')
}

describe('reports of leaked values', () => {
  it('leak report: the value of a token revokes it, for anyone', async (t) => {
    const {world, id, value, works} = await withToken(t)
    const {status, body} = await report(world, [value], {note: 'build log', from: '192.0.2.1'})
    assert.deepEqual([status, body], [202, undefined])
    assert.equal(await works(value), false)
    const by = {name: null, credentialId: null, address: '192.0.2.1'}
    assert.deepEqual(await latest(world, 2), [
      {...by, action: 'credential.leak-report', target: null, detail: {values: 1, note: 'build log'}},
      {...by, action: 'token.revoke', target: id, detail: {label: 'ci', reason: 'leak-report', note: 'build log'}},
    ])
  })

  it('leak report: a value in its grace period ends without revoking the token', async (t) => {
    const {world, session, id, value, works} = await withToken(t)
    const {token: next} = (await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session})).body
    assert.ok(await works(next))
    assert.ok(await works(value))
    await report(world, [value])
    assert.deepEqual([await works(value), await works(next)], [false, true])
    assert.equal((await latest(world, 1))[0]?.action, 'token.value-end')
  })

  it('leak report: a value whose successor was never used revokes the token, with the successor', async (t) => {
    const {world, session, id, value, works} = await withToken(t)
    const {token: next} = (await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session})).body
    await report(world, [value])
    assert.deepEqual([await works(value), await works(next)], [false, false])
  })

  it('leak report: the new value of a rotated token revokes the token, with the old value', async (t) => {
    const {world, session, id, value, works} = await withToken(t)
    const {token: next} = (await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session})).body
    assert.ok(await works(next))
    await report(world, [value, next])
    assert.deepEqual([await works(value), await works(next)], [false, false])
  })

  it('leak report: a dead value found in an old log changes nothing but the audit log', async (t) => {
    const {world, session, id, value, works} = await withToken(t)
    const {token: next} = (await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session})).body
    assert.ok(await works(next))
    world.pass(2 * day)
    await report(world, [value])
    assert.ok(await works(next))
    const [row] = await latest(world, 1)
    assert.deepEqual([row?.action, row?.target], ['token.leak-report', id])
  })

  it('leak report: a value that was displaced by a second rotation changes nothing', async (t) => {
    const {world, session, id, value, works} = await withToken(t)
    const rotate = async () => (await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session})).body.token
    const second = await rotate()
    assert.ok(await works(second))
    const third = await rotate()
    await report(world, [value])
    assert.deepEqual([await works(second), await works(third)], [true, true])
  })

  it('leak report: an expired token changes nothing', async (t) => {
    const {world, value} = await withToken(t, {expiresIn: '1h'})
    world.pass(2 * hour)
    await report(world, [value])
    assert.deepEqual(
      (await latest(world, 2)).map(({action}) => action),
      ['credential.leak-report', 'token.leak-report'],
    )
  })

  it('leak report: a suspended token is revoked', async (t) => {
    const {world, id, value, works} = await withToken(t)
    await world.store.tokens.suspendAll(operator, world.now())
    await report(world, [value])
    assert.equal((await world.store.tokens.resume({id}, {makers: ['restore']}, operator, world.now())).outcome, 'over')
    assert.equal(await works(value), false)
  })

  for (const part of ['accessToken', 'refreshToken'] as const) {
    it(`leak report: the ${part} of a session ends that session and no other`, async (t) => {
      const {world, login, value, works} = await withToken(t)
      const other = await world.logIn('ada')
      await report(world, [login[part]])
      assert.deepEqual([await works(login.accessToken), await works(other.accessToken)], [false, true])
      const refreshed = await world.call('POST', '/auth/refresh', {body: {refreshToken: login.refreshToken}})
      assert.equal(refreshed.status, 401)
      assert.ok(await works(value))
    })
  }

  it('leak report: a refresh token that was used in an old log does not end the session', async (t) => {
    const {world, login, works} = await withToken(t)
    const {body: next} = await world.call('POST', '/auth/refresh', {body: {refreshToken: login.refreshToken}})
    assert.ok(await works(next.accessToken))
    await report(world, [login.refreshToken])
    assert.ok(await works(next.accessToken))
    assert.equal((await latest(world, 1))[0]?.action, 'session.leak-report')
  })

  it('leak report: a refresh token that can still be used again ends the session', async (t) => {
    const {world, login, works} = await withToken(t)
    const {body: next} = await world.call('POST', '/auth/refresh', {body: {refreshToken: login.refreshToken}})
    await report(world, [login.refreshToken])
    assert.equal(await works(next.accessToken), false)
  })

  it('leak report: an expired access token of a live session changes nothing', async (t) => {
    const {world, login} = await withToken(t)
    world.pass(13 * hour)
    await report(world, [login.accessToken])
    assert.equal((await world.call('POST', '/auth/refresh', {body: {refreshToken: login.refreshToken}})).status, 200)
  })

  it('leak report: the response does not reveal whether a value is valid, expired or unknown', async (t) => {
    const {world, session, value} = await withToken(t)
    const dead = await world.createToken(session, {name: 'dead'})
    await world.call('DELETE', `/auth/tokens/${dead.id}`, {token: session})
    const answers = []
    for (const values of [[value], [dead.token], [invented()], [invented('refresh')], ['-'], ['x'.repeat(4096)]]) {
      const {status, headers, body} = await report(world, values)
      const {date, 'x-request-id': requestId, ...rest} = headers as Record<string, unknown>
      answers.push({status, body, headers: rest})
    }
    for (const answer of answers) assert.deepEqual(answer, answers[0])
  })

  it('leak report: unknown values add one row, and appear in neither the audit log nor the request log', async (t) => {
    const {world} = await withToken(t)
    const value = invented()
    const before = await changes(world)
    await report(world, [value, 'other'], {note: `found ${value}`})
    assert.deepEqual(await changes(world), before)
    const rows = await latest(world, 1000)
    assert.equal(rows.filter(({action}) => action === 'credential.leak-report').length, 1)
    assert.ok(!JSON.stringify(rows).includes(value.slice(6)))
    assert.ok(!world.log.join('').includes(value.slice(6)))
  })

  it('leak report: an invalid report is refused without repeating a value', async (t) => {
    const {world, value, works} = await withToken(t)
    for (const values of [[], undefined, value, [value, 1], [`${value}${'x'.repeat(4096)}`], Array(1001).fill(value)]) {
      const {status, body} = await report(world, values)
      assert.equal(status, 400)
      assert.ok(!JSON.stringify(body).includes(value))
    }
    assert.ok(await works(value))
  })

  it('leak report: one report can contain a thousand values', async (t) => {
    const {world, value, works} = await withToken(t)
    const values = Array.from({length: 999}, () => invented())
    assert.equal((await report(world, [...values, value])).status, 202)
    assert.equal(await works(value), false)
  })

  it('leak report: a network can send 30 a minute, and others are not affected', async (t) => {
    const {world, value, works} = await withToken(t)
    for (let sent = 0; sent < 30; sent++) assert.equal((await report(world, ['x'])).status, 202)
    const {status, body, headers} = await report(world, [value])
    assert.deepEqual([status, body.error.code], [429, 'TOO_MANY_ATTEMPTS'])
    assert.equal(headers['retry-after'], '2')
    assert.ok(await works(value))
    assert.equal((await report(world, [value], {from: '192.0.2.1'})).status, 202)
    assert.equal(await works(value), false)
    world.pass(minute)
    assert.equal((await report(world, ['x'])).status, 202)
  })
})
