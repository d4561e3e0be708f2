import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {createWorld, day, hour, minute, password, type World} from '../../support/world.js'

/** Logs in from an address with an agent. */
async function logInFrom(world: World, from: string, agent: string, name = 'ada') {
  const body = {username: name, password}
  const answer = await world.call('POST', '/auth/login', {body, from, headers: {'user-agent': agent}})
  return answer.body as {accessToken: string; refreshToken: string}
}

async function listed(world: World, token: string, query = '') {
  const {status, body} = await world.call('GET', `/auth/sessions${query}`, {token})
  assert.equal(status, 200)
  return body.sessions as Record<string, any>[]
}

const refresh = async (world: World, refreshToken: string) =>
  (await world.call('POST', '/auth/refresh', {body: {refreshToken}})).body as {
    accessToken: string
    refreshToken: string
  }

const whoami = async (world: World, token: string) => (await world.call('GET', '/auth/whoami', {token})).status

/** Ada with a laptop and a desktop. */
async function withTwo(t: TestContext) {
  const world = await createWorld(t)
  await world.addUser('ada')
  const laptop = await logInFrom(world, '192.0.2.1', 'laptop/1')
  world.pass(minute)
  const desktop = await logInFrom(world, '192.0.2.2', 'desktop/1')
  return {world, laptop, desktop}
}

describe('the sessions of a user', () => {
  it('sessions: each login is listed with its client and its last use, and the one in use is marked', async (t) => {
    const {world, laptop, desktop} = await withTwo(t)
    world.pass(hour)
    await world.call('GET', '/auth/tokens', {token: desktop.accessToken, from: '198.51.100.7'})
    const sessions = await listed(world, laptop.accessToken)
    assert.deepEqual(
      sessions.map(({id, ...rest}) => rest),
      [
        {
          startedAt: '2026-11-23T12:00:00.000Z',
          login: {address: '192.0.2.1', agent: 'laptop/1'},
          lastUsed: '2026-11-23T13:01:00.000Z',
          lastUse: {address: '127.0.0.1', agent: 'test', action: 'listSessions', package: null, refused: false},
          expires: '2026-12-23T12:00:00.000Z',
          revokedAt: null,
          current: true,
        },
        {
          startedAt: '2026-11-23T12:01:00.000Z',
          login: {address: '192.0.2.2', agent: 'desktop/1'},
          lastUsed: '2026-11-23T13:01:00.000Z',
          lastUse: {address: '198.51.100.7', agent: 'test', action: 'listTokens', package: null, refused: false},
          expires: '2026-12-23T12:01:00.000Z',
          revokedAt: null,
          current: false,
        },
      ],
    )
  })

  it('sessions: a refresh keeps the ID, the login and the last use, and moves the expiry', async (t) => {
    const {world, laptop} = await withTwo(t)
    const [before] = await listed(world, laptop.accessToken)
    world.pass(day)
    const next = await refresh(world, laptop.refreshToken)
    const [after, ...others] = await listed(world, next.accessToken)
    assert.equal(others.length, 1)
    assert.equal(after?.['id'], before?.['id'])
    assert.deepEqual(after?.['login'], {address: '192.0.2.1', agent: 'laptop/1'})
    assert.equal(after?.['lastUsed'], '2026-11-24T12:01:00.000Z')
    assert.equal(after?.['expires'], '2026-12-24T12:01:00.000Z')
    assert.equal(after?.['current'], true)
  })

  it('sessions: an ID is not the value of a token, and authenticates nothing', async (t) => {
    const {world, laptop} = await withTwo(t)
    const [{id}] = (await listed(world, laptop.accessToken)) as [{id: string}]
    assert.match(id, /^[0-9][0-9a-hjkmnp-tv-z]{15}$/)
    assert.equal(await whoami(world, id), 401)
  })

  it('sessions: revoking one immediately ends all its generations, and no other session', async (t) => {
    const {world, laptop, desktop} = await withTwo(t)
    const next = await refresh(world, desktop.refreshToken)
    const [, {id}] = (await listed(world, laptop.accessToken)) as [unknown, {id: string}]
    const {status, body} = await world.call('DELETE', `/auth/sessions/${id}`, {token: laptop.accessToken})
    assert.deepEqual([status, body], [204, undefined])
    assert.deepEqual(
      await Promise.all([desktop.accessToken, next.accessToken, laptop.accessToken].map((each) => whoami(world, each))),
      [401, 401, 200],
    )
    assert.equal((await world.call('POST', '/auth/refresh', {body: {refreshToken: next.refreshToken}})).status, 401)
    const [row] = await world.store.audit.latest(1, {action: 'session.end'})
    assert.deepEqual([row?.name, row?.target], ['ada', id])
    assert.equal((await listed(world, laptop.accessToken)).length, 1)
  })

  it('sessions: revoking one again succeeds and is not recorded again', async (t) => {
    const {world, laptop} = await withTwo(t)
    const [, {id}] = (await listed(world, laptop.accessToken)) as [unknown, {id: string}]
    for (let attempt = 0; attempt < 2; attempt++) {
      assert.equal((await world.call('DELETE', `/auth/sessions/${id}`, {token: laptop.accessToken})).status, 204)
    }
    assert.equal((await world.store.audit.latest(10, {action: 'session.end'})).length, 1)
  })

  it('sessions: expired and revoked ones are listed only on request', async (t) => {
    const {world, laptop} = await withTwo(t)
    const [, {id}] = (await listed(world, laptop.accessToken)) as [unknown, {id: string}]
    await world.call('DELETE', `/auth/sessions/${id}`, {token: laptop.accessToken})
    world.pass(31 * day)
    const fresh = await logInFrom(world, '192.0.2.3', 'phone/1')
    assert.equal((await listed(world, fresh.accessToken)).length, 1)
    const all = await listed(world, fresh.accessToken, '?ended=true')
    assert.deepEqual(
      all.map(({expires, revokedAt, current}) => [expires, revokedAt, current]),
      [
        ['2026-12-23T12:00:00.000Z', null, false],
        ['2026-12-23T12:01:00.000Z', '2026-11-23T12:01:00.000Z', false],
        ['2027-01-23T12:01:00.000Z', null, true],
      ],
    )
  })

  it("sessions: another user's session can't be seen or revoked", async (t) => {
    const {world, laptop} = await withTwo(t)
    await world.addUser('grace')
    const grace = await logInFrom(world, '192.0.2.9', 'grace/1', 'grace')
    const [{id}] = (await listed(world, laptop.accessToken)) as [{id: string}]
    assert.equal((await listed(world, grace.accessToken)).length, 1)
    for (const unknown of [id, '0000000000000000']) {
      const {status, body} = await world.call('DELETE', `/auth/sessions/${unknown}`, {token: grace.accessToken})
      assert.deepEqual([status, body.error.code], [404, 'SESSION_UNKNOWN'])
    }
    assert.equal(await whoami(world, laptop.accessToken), 200)
  })

  it('sessions: neither listing nor revoking them needs a recent login', async (t) => {
    const {world, laptop} = await withTwo(t)
    world.pass(hour)
    const [, {id}] = (await listed(world, laptop.accessToken)) as [unknown, {id: string}]
    assert.equal((await world.call('DELETE', `/auth/sessions/${id}`, {token: laptop.accessToken})).status, 204)
  })

  it('sessions: one that was started before logins were recorded has no login client', async (t) => {
    const {world, laptop} = await withTwo(t)
    await world.query('UPDATE sessions SET login_address = NULL, login_agent = NULL')
    const next = await refresh(world, laptop.refreshToken)
    assert.deepEqual(
      (await listed(world, next.accessToken)).map(({login}) => login),
      [null, null],
    )
  })
})
