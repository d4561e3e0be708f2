import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {createWorld, day, minute} from '../../support/world.js'

async function withToken(t: TestContext, request: object = {}) {
  const world = await createWorld(t)
  await world.addUser('ada')
  const {accessToken: session} = await world.logIn('ada')
  const created = await world.createToken(session, {name: 'ci', ...request})
  const get = (id: string, token = session) => world.call('GET', `/auth/tokens/${encodeURIComponent(id)}`, {token})
  const use = (token: string, from: string) => world.call('GET', '/auth/whoami', {token, from})
  const rotate = async (body: object = {}) =>
    (await world.call('POST', `/auth/tokens/${created.id}/rotate`, {token: session, body})).body.token as string
  return {world, session, ...created, get, use, rotate}
}

const usedBy = (address: string) => ({address, agent: 'test', action: 'whoami', package: null, refused: false})

describe('getToken', () => {
  it('get token: a token that was never rotated has no old value', async (t) => {
    const {id, token, get, use} = await withToken(t, {note: 'Deploys'})
    await use(token, '203.0.113.7')
    const {status, body} = await get(id)
    assert.equal(status, 200)
    const {name, note, prefix, generation, oldValue, lastUse} = body
    assert.deepEqual(
      {name, note, prefix, generation, oldValue, lastUse},
      {
        ...{name: 'ci', note: 'Deploys', prefix: token.slice(0, 12), generation: 1, oldValue: null},
        lastUse: usedBy('203.0.113.7'),
      },
    )
  })

  it('get token: the old value has its own last use, and ends after the first use of the new one', async (t) => {
    const {world, id, token: old, get, use, rotate} = await withToken(t)
    await use(old, '203.0.113.7')
    world.pass(minute)
    const next = await rotate({grace: '2h'})
    const oldValue = {
      prefix: old.slice(0, 12),
      endsAt: null as string | null,
      lastUsed: '2026-11-23T12:00:00.000Z',
      lastUse: usedBy('203.0.113.7'),
    }
    const before = (await get(id)).body
    assert.deepEqual([before.prefix, before.generation, before.oldValue], [next.slice(0, 12), 2, oldValue])
    world.pass(minute)
    await use(next, '198.51.100.1')
    const after = (await get(id)).body
    assert.deepEqual(after.oldValue, {...oldValue, endsAt: '2026-11-23T14:02:00.000Z'})
    assert.deepEqual(after.lastUse, usedBy('198.51.100.1'))
  })

  it('get token: an old value never outlives its own expiry, or another rotation', async (t) => {
    const {world, id, get, use, rotate} = await withToken(t, {expiresIn: '1d'})
    await use(await rotate({expiresIn: '30d'}), '203.0.113.7')
    assert.equal((await get(id)).body.oldValue.endsAt, '2026-11-24T12:00:00.000Z')
    world.pass(minute)
    await rotate({grace: '0', expiresIn: '30d'})
    assert.equal((await get(id)).body.oldValue.endsAt, '2026-11-23T12:01:00.000Z')
  })

  it('get token: an old value that expired before the new one was used has ended', async (t) => {
    const {world, id, get, rotate} = await withToken(t, {expiresIn: '1d'})
    await rotate({expiresIn: '30d'})
    world.pass(2 * day)
    const {accessToken} = await world.logIn('ada')
    assert.equal((await get(id, accessToken)).body.oldValue.endsAt, '2026-11-24T12:00:00.000Z')
  })

  it('get token: the start of the value, and of the one before, finds the token', async (t) => {
    const {id, token: first, get, rotate} = await withToken(t)
    const second = await rotate()
    for (const value of [first, second]) assert.equal((await get(value.slice(0, 12))).body.id, id)
    await rotate()
    const third = await rotate()
    assert.equal((await get(third.slice(0, 12))).body.id, id)
    assert.equal((await get(second.slice(0, 12))).body.error.code, 'TOKEN_NOT_FOUND')
  })

  it('get token: a prefix that two tokens share is refused, and both are named', async (t) => {
    const {world, session, token, get} = await withToken(t)
    const other = await world.createToken(session, {name: 'other'})
    const prefix = token.slice(0, 12)
    await world.query('UPDATE token_values SET prefix = ?1 WHERE token_id = ?2', prefix, other.id)
    const {status, body} = await get(prefix)
    assert.deepEqual([status, body.error.code, body.error.details.length], [409, 'TOKEN_AMBIGUOUS', 2])
  })

  it('get token: finds revoked and expired tokens, and says who revoked them', async (t) => {
    const {world, session, id, get} = await withToken(t, {expiresIn: '1d'})
    const other = await world.createToken(session, {name: 'other'})
    await world.call('DELETE', `/auth/tokens/${other.id}`, {token: session})
    const revoked = (await get(other.id)).body
    assert.deepEqual([revoked.status, revoked.revokedBy], ['revoked', 'ada'])
    world.pass(day)
    const {accessToken} = await world.logIn('ada')
    assert.equal((await get(id, accessToken)).body.status, 'expired')
  })

  it("get token: another user's token is unknown, as is one that doesn't exist", async (t) => {
    const {world, id, token, get} = await withToken(t)
    await world.addUser('eve')
    const {accessToken: eve} = await world.logIn('eve')
    const unknown = (await get('4h455vb4pex5vsk0', eve)).body
    for (const selector of [id, token.slice(0, 12)]) {
      const {body} = await get(selector, eve)
      assert.deepEqual({...body.error, requestId: ''}, {...unknown.error, requestId: ''})
    }
  })

  it('get token: the token in use gets the same response as a session', async (t) => {
    const {world, id, token, get, use} = await withToken(t)
    await use(token, '203.0.113.7')
    const own = (await world.call('GET', '/auth/tokens/current', {token})).body
    assert.deepEqual(own, (await get(id)).body)
  })

  it('get token: responses never contain a value', async (t) => {
    const {id, token, get, rotate} = await withToken(t)
    const next = await rotate()
    const text = JSON.stringify((await get(id)).body)
    for (const value of [token, next]) assert.ok(!text.includes(value.slice(0, 13)))
  })
})
