import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {operator} from '../../../src/server/store/store.js'
import {createWorld, day, type World} from '../../support/world.js'

/** What the tests don't change. */
const others = {confirmAfter: 600, idempotencyWindow: 86_400}

const create = (world: World, token: string, body: object) => world.call('POST', '/auth/tokens', {body, token})

async function withSession(t: Parameters<typeof createWorld>[0]) {
  const world = await createWorld(t)
  await world.addUser('ada')
  return {world, session: (await world.logIn('ada')).accessToken}
}

describe('registry policy', () => {
  it('policy: anyone can read it, except for the rates that slow down attackers', async (t) => {
    const world = await createWorld(t, {anonymousRead: false})
    const {status, body} = await world.call('GET', '/registry/policy')
    assert.equal(status, 200)
    assert.deepEqual(body, {maxTokenLifetime: null, defaultTokenLifetime: null, maxTokens: 1000, ...others})
  })

  it('policy: a change by another process applies to the next request', async (t) => {
    const {world, session} = await withSession(t)
    assert.equal((await create(world, session, {name: 'before', expiresIn: 'never'})).status, 201)
    const other = await world.openStore()
    await other.policy.set({maxTokenLifetime: '90d', maxTokens: 5}, operator, world.now())
    await other.close()
    assert.equal((await create(world, session, {name: 'after', expiresIn: 'never'})).status, 403)
    const {body} = await world.call('GET', '/registry/policy')
    assert.deepEqual(body, {maxTokenLifetime: '90d', defaultTokenLifetime: null, maxTokens: 5, ...others})
  })

  it('policy: a token can live exactly as long as the maximum, and not a second longer', async (t) => {
    const {world, session} = await withSession(t)
    await world.store.policy.set({maxTokenLifetime: '90d'}, operator, world.now())
    const at = (milliseconds: number) => new Date(world.now() + milliseconds).toISOString()
    assert.equal((await create(world, session, {name: 'a', expiresIn: '90d'})).status, 201)
    assert.equal((await create(world, session, {name: 'b', expiresIn: at(90 * day)})).status, 201)
    for (const expiresIn of [at(90 * day + 1000), '91d', '1y', 'never']) {
      const {status, body} = await create(world, session, {name: 'c', expiresIn})
      assert.deepEqual([status, body.error.code], [403, 'LIFETIME_TOO_LONG'])
      assert.deepEqual(body.error.details, [{field: 'expiresIn', message: 'must be at most 90d'}])
    }
    const made = await world.store.tokens.list({kind: 'user', id: 'id-of-ada'}, {}, world.now())
    assert.deepEqual(made.map(({label}) => label).sort(), ['a', 'b'])
  })

  it('policy: a request without a lifetime gets the default, or else the maximum', async (t) => {
    const {world, session} = await withSession(t)
    const lifetimeOf = async (name: string) => (await create(world, session, {name})).body.expiresIn
    assert.equal(await lifetimeOf('a'), 'never')
    await world.store.policy.set({maxTokenLifetime: '90d'}, operator, world.now())
    assert.equal(await lifetimeOf('b'), '90d')
    await world.store.policy.set({defaultTokenLifetime: '30d'}, operator, world.now())
    assert.equal(await lifetimeOf('c'), '30d')
  })

  it('policy: existing tokens keep their expiry', async (t) => {
    const {world, session} = await withSession(t)
    const {token} = await world.createToken(session, {name: 'old', expiresIn: 'never'})
    await world.store.policy.set({maxTokenLifetime: '1h', maxTokens: 0}, operator, world.now())
    world.pass(day / 2)
    assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 200)
  })

  it('policy: a rotation is limited to the maximum, and refused if it requests more', async (t) => {
    const {world, session} = await withSession(t)
    const {id} = await world.createToken(session, {name: 'old', expiresIn: 'never'})
    await world.store.policy.set({maxTokenLifetime: '90d'}, operator, world.now())
    const rotate = (body: object) => world.call('POST', `/auth/tokens/${id}/rotate`, {token: session, body})
    const refused = await rotate({expiresIn: '91d'})
    assert.deepEqual([refused.status, refused.body.error.code], [403, 'LIFETIME_TOO_LONG'])
    const {body} = await rotate({})
    assert.deepEqual([body.expiresIn, Date.parse(body.expires)], ['90d', world.now() + 90 * day])
    assert.equal((await rotate({expiresIn: '30d'})).body.expiresIn, '30d')
  })

  it('policy: a default longer than the maximum changes nothing', async (t) => {
    const {world} = await withSession(t)
    const set = (change: object) => world.store.policy.set(change, operator, world.now())
    assert.equal(await set({maxTokenLifetime: '30d', defaultTokenLifetime: '30d'}), 'set')
    assert.equal(await set({defaultTokenLifetime: '31d'}), 'default-too-long')
    assert.equal(await set({maxTokenLifetime: '29d'}), 'default-too-long')
    const {maxTokenLifetime, defaultTokenLifetime} = await world.store.policy.read()
    assert.deepEqual([maxTokenLifetime, defaultTokenLifetime], ['30d', '30d'])
  })

  it('policy: the audit log records a change with the old value', async (t) => {
    const {world} = await withSession(t)
    await world.store.policy.set({maxTokens: 3}, operator, world.now())
    const [row] = await world.store.audit.latest(1)
    assert.deepEqual([row?.action, row?.detail], ['policy.set', {name: 'maxTokens', value: '3', before: '1000'}])
  })
})
