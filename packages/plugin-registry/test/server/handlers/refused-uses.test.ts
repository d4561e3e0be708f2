import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator} from '../../../src/server/store/store.js'
import {createWorld, type World} from '../../support/world.js'

async function withNarrow(t: TestContext, limits: object) {
  t.mock.timers.enable({apis: ['setTimeout']})
  const world = await createWorld(t)
  await world.addUser('ada')
  const session = (await world.logIn('ada')).accessToken
  const created = await world.createToken(session, {name: 'ci', ...limits})
  const details = async () => (await world.call('GET', `/auth/tokens/${created.id}`, {token: session})).body
  return {world, session, created, details}
}

/** Uses are written in the background. Transactions run one after another. */
async function written(t: TestContext, world: World): Promise<void> {
  t.mock.timers.tick(10_000)
  await world.store.policy.set({}, operator, world.now())
}

describe('refused uses', () => {
  it('last use: shows a use that --ip refused, which starts no grace period', async (t) => {
    const {world, session, created, details} = await withNarrow(t, {addresses: ['203.0.113.0/24']})
    const next = (await world.call('POST', `/auth/tokens/${created.id}/rotate`, {token: session, body: {}})).body
    const elsewhere = await world.call('GET', '/auth/whoami', {token: next.token, from: '198.51.100.7'})
    assert.equal(elsewhere.status, 403)
    await written(t, world)
    const {lastUse, oldValue, lastUsed} = await details()
    assert.deepEqual([lastUse.address, lastUse.action, lastUse.refused], ['198.51.100.7', 'whoami', true])
    assert.equal(typeof lastUsed, 'string')
    assert.equal(oldValue.endsAt, null, 'the new value is still unused')
    const inside = await world.call('GET', '/auth/whoami', {token: next.token, from: '203.0.113.9'})
    assert.equal(inside.status, 200)
    const after = await details()
    assert.deepEqual([after.lastUse.address, after.lastUse.refused], ['203.0.113.9', false])
    assert.equal(typeof after.oldValue.endsAt, 'string')
  })

  it('last use: shows a use that only the handler refused', async (t) => {
    const {world, created, details} = await withNarrow(t, {scopes: ['token:rotate'], expiresIn: '30d'})
    const longer = {token: created.token, body: {expiresIn: '60d'}}
    const refused = await world.call('POST', `/auth/tokens/${created.id}/rotate`, longer)
    assert.deepEqual([refused.status, refused.body.error.code], [403, 'LIFETIME_TOO_LONG'])
    assert.equal((await details()).lastUse.refused, false, 'the first use is written before the handler runs')
    await written(t, world)
    const {lastUse} = await details()
    assert.deepEqual([lastUse.action, lastUse.refused], ['rotateToken', true])
  })

  it('last use: a retired value that manages tokens is refused as rotated, and whoami reports it as old', async (t) => {
    const {world, session, created} = await withNarrow(t, {scopes: ['admin']})
    const token = created.token
    const whoami = async () => (await world.call('GET', '/auth/whoami', {token})).body.credential
    assert.equal((await whoami()).isOldValue, false)
    const {body} = await world.call('POST', `/auth/tokens/${created.id}/rotate`, {token: session, body: {grace: '1h'}})
    assert.deepEqual([(await whoami()).isOldValue, (await whoami()).expires], [true, null])
    await world.call('GET', '/auth/whoami', {token: body.token})
    const end = new Date(world.now() + 3_600_000).toISOString()
    assert.deepEqual([(await whoami()).isOldValue, (await whoami()).expires], [true, end])
    const {status, body: refusal} = await world.call('GET', '/auth/tokens', {token})
    assert.deepEqual([status, refusal.error.code], [403, 'VALUE_ROTATED'])
    assert.match(refusal.error.message, new RegExp(`was rotated\\. Until ${end}, .*Use its new value$`))
  })
})
