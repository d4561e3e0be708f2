import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator} from '../../../src/server/store/store.js'
import {createWorld, day, minute, type World} from '../../support/world.js'
import {worldDatabase} from '../../support/world-database.js'

const key = '8e03978e-40d5-43dd-bc93-6894a57f9324'
const otherKey = '11111111-2222-3333-4444-555555555555'

async function withSession(t: TestContext) {
  const world = await createWorld(t)
  await world.addUser('ada')
  const session = (await world.logIn('ada')).accessToken
  const create = (body: object = {name: 'ci'}, change: {token?: string; key?: string} = {}) =>
    world.call('POST', '/auth/tokens', {
      ...{body, token: change.token ?? session},
      headers: {'idempotency-key': change.key ?? key},
    })
  const live = async (user = 'ada') =>
    (await world.store.tokens.list({kind: 'user', id: `id-of-${user}`}, {}, world.now())).map(({label}) => label)
  return {world, session, create, live}
}

const whoami = async (world: World, token: string) => (await world.call('GET', '/auth/whoami', {token})).status

const codeOf = ({status, body}: {status: number; body: any}) => [status, body.error?.code]

describe('repeating the creation of a token', () => {
  it('repeated creation: the same key replaces the value of the same token until it is used', async (t) => {
    const {world, create, live} = await withSession(t)
    const body = {name: 'ci', expiresIn: '1h', scopes: ['read'], note: 'a note'}
    const first = (await create(body)).body
    world.pass(minute)
    const {status, body: second} = await create(body)
    assert.equal(status, 201)
    assert.equal(second.id, first.id)
    assert.notEqual(second.token, first.token)
    const lifetime = Date.parse(second.expiresAt) - Date.parse(second.createdAt)
    assert.deepEqual([second.name, second.scopes, second.note, lifetime], ['ci', ['read'], 'a note', 60 * minute])
    assert.deepEqual(await live(), ['ci'])
    const [listed] = await world.store.tokens.list({kind: 'user', id: 'id-of-ada'}, {}, world.now())
    assert.deepEqual([listed?.createdAt, listed?.generation, listed?.prefix], [world.now(), 1, second.prefix])
    const old = await world.call('GET', '/auth/whoami', {token: first.token})
    assert.deepEqual(codeOf(old), [401, 'CREDENTIAL_ROTATED'])
    assert.equal(await whoami(world, second.token), 200)
    const rows = (await world.store.audit.latest(10, {action: 'token.create'})).map(({detail}) => detail['repeated'])
    assert.deepEqual(rows, [true, undefined])
  })

  it('repeated creation: it can be repeated again, and the token rotates like any other', async (t) => {
    const {world, session, create} = await withSession(t)
    const {id} = (await create()).body
    await create()
    const {token} = (await create()).body
    assert.equal(await whoami(world, token), 200)
    const rotated = await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session})
    assert.equal(rotated.status, 200)
    assert.deepEqual([await whoami(world, rotated.body.token), await whoami(world, token)], [200, 200])
    world.pass(day)
    assert.deepEqual([await whoami(world, rotated.body.token), await whoami(world, token)], [200, 401])
  })

  it('repeated creation: 409 without a value once the value was used, which keeps working', async (t) => {
    const {world, create, live} = await withSession(t)
    const {token} = (await create()).body
    assert.equal(await whoami(world, token), 200)
    const refused = await create()
    assert.deepEqual(codeOf(refused), [409, 'ALREADY_DONE'])
    assert.doesNotMatch(JSON.stringify(refused), /apkgt_/)
    assert.equal(await whoami(world, token), 200)
    assert.deepEqual(await live(), ['ci'])
  })

  it('repeated creation: a token that was revoked, rotated, suspended or expired is not created again', async (t) => {
    const ends: Record<string, (world: World, id: string, session: string) => Promise<unknown>> = {
      revoked: (world, id) =>
        world.store.tokens.revoke({within: {kind: 'own', userId: 'id-of-ada'}, id}, operator, world.now()),
      rotated: (world, id, session) => world.call('POST', `/auth/tokens/${id}/rotate`, {token: session}),
      suspended: (world) => world.store.tokens.suspendAll(operator, world.now()),
      expired: async (world) => {
        world.pass(5 * minute)
      },
    }
    for (const [how, end] of Object.entries(ends)) {
      const {world, session, create, live} = await withSession(t)
      const body = {name: 'ci', expiresIn: '5m'}
      const {id} = (await create(body)).body
      await end(world, id, session)
      const before = await live()
      assert.deepEqual(codeOf(await create(body)), [409, 'ALREADY_DONE'], how)
      assert.deepEqual(await live(), before, how)
    }
  })

  it('repeated creation: the key of another body, path or endpoint is refused', async (t) => {
    const {world, session, create, live} = await withSession(t)
    const {id, token} = (await create()).body
    assert.deepEqual(codeOf(await create({name: 'other'})), [422, 'IDEMPOTENCY_KEY_REUSED'])
    assert.deepEqual(codeOf(await create({name: 'ci', scopes: ['admin']})), [422, 'IDEMPOTENCY_KEY_REUSED'])
    const headers = {'idempotency-key': key}
    const rotated = await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session, headers})
    assert.deepEqual(codeOf(rotated), [422, 'IDEMPOTENCY_KEY_REUSED'])
    assert.deepEqual(await live(), ['ci'])
    assert.equal(await whoami(world, token), 200)
  })

  it('repeated creation: a key of another account has no effect', async (t) => {
    const {world, create, live} = await withSession(t)
    await world.addUser('eve')
    const eve = (await world.logIn('eve')).accessToken
    const adas = (await create()).body
    const eves = (await create({name: 'ci'}, {token: eve})).body
    assert.notEqual(eves.id, adas.id)
    assert.deepEqual([await live(), await live('eve')], [['ci'], ['ci']])
    assert.deepEqual([await whoami(world, adas.token), await whoami(world, eves.token)], [200, 200])
    assert.equal((await create({name: 'second'}, {token: eve, key: otherKey})).status, 201)
    assert.equal((await create({name: 'mine'}, {key: otherKey})).status, 201)
  })

  it('repeated creation: every check of the first request is repeated', async (t) => {
    const {world, session, create, live} = await withSession(t)
    const body = {name: 'ci', expiresIn: '90d'}
    const {id} = (await create(body)).body

    await world.store.policy.set({maxTokenLifetime: '30d'}, operator, world.now())
    assert.deepEqual(codeOf(await create(body)), [403, 'LIFETIME_TOO_LONG'])
    await world.store.policy.set({maxTokenLifetime: null, maxTokens: 0}, operator, world.now())
    assert.deepEqual(codeOf(await create(body)), [409, 'TOKEN_LIMIT'])
    await world.store.policy.set({maxTokens: 1}, operator, world.now())
    assert.equal((await create(body)).body.id, id)

    world.pass(11 * minute)
    assert.deepEqual(codeOf(await create(body)), [401, 'STEP_UP_REQUIRED'])
    const again = (await world.logIn('ada')).accessToken
    assert.equal((await create(body, {token: again})).body.id, id)

    await world.call('POST', '/auth/logout', {token: session})
    assert.deepEqual(codeOf(await create(body)), [401, 'CREDENTIAL_REVOKED'])

    await world.call('DELETE', `/auth/tokens/${id}`, {token: again})
    assert.equal((await create(body, {token: again, key: otherKey})).status, 201)
    assert.deepEqual(codeOf(await create(body, {token: again})), [409, 'LABEL_TAKEN'])
    assert.deepEqual(await live(), ['ci'])
  })

  it('repeated creation: a request that was refused is not remembered', async (t) => {
    const {create} = await withSession(t)
    await create({name: 'taken'}, {key: otherKey})
    assert.deepEqual(codeOf(await create({name: 'taken'})), [409, 'LABEL_TAKEN'])
    assert.equal((await create({name: 'free'})).status, 201)
  })

  it('repeated creation: parallel retries leave one token, with the value of the last one', async (t) => {
    const {world, create, live} = await withSession(t)
    const answers = await Promise.all(Array.from({length: 20}, () => create()))
    const created = answers.filter(({status}) => status === 201)
    // On PostgreSQL, a request that has waited for others for too long is refused.
    const isRefused = ({status, body}: (typeof answers)[0]) => status === 503 && body.error.code === 'BUSY'
    if (worldDatabase().hasFiles) assert.equal(created.length, answers.length)
    else assert.equal(created.length + answers.filter(isRefused).length, answers.length)
    assert.equal(new Set(created.map(({body}) => body.id)).size, 1)
    assert.deepEqual(await live(), ['ci'])
    const statuses = await Promise.all(answers.map(({body}) => whoami(world, body.token)))
    assert.equal(statuses.filter((status) => status === 200).length, 1)
  })

  it('repeated creation: of a concurrent retry and first use, one wins', async (t) => {
    const {world, create} = await withSession(t)
    for (let round = 0; round < 10; round++) {
      const name = `ci-${round}`
      const change = {key: `${key}-${round}`}
      const {token} = (await create({name}, change)).body
      const [used, repeated] = await Promise.all([whoami(world, token), create({name}, change)])
      assert.deepEqual(
        used === 200 ? [repeated.status, 200] : [repeated.status, used],
        used === 200 ? [409, 200] : [201, 401],
      )
      assert.equal(await whoami(world, used === 200 ? token : repeated.body.token), 200)
    }
  })

  it('repeated creation: a key is valid for 24 hours', async (t) => {
    const {world, create} = await withSession(t)
    const {id} = (await create({name: 'ci', expiresIn: '30d'})).body
    world.pass(day - 1)
    const again = {token: (await world.logIn('ada')).accessToken}
    assert.equal((await create({name: 'ci', expiresIn: '30d'}, again)).body.id, id)
    world.pass(1)
    assert.equal((await create({name: 'another'}, again)).status, 201)
    assert.deepEqual(codeOf(await create({name: 'ci', expiresIn: '30d'}, again)), [422, 'IDEMPOTENCY_KEY_REUSED'])
  })

  for (const [what, malformed] of [
    ['empty', ''],
    ['short', 'x'.repeat(15)],
    ['long', 'x'.repeat(129)],
    ['not ASCII', `${'x'.repeat(16)}\u00E9`],
    ['sent twice', `${key}, ${key}`],
  ] as const) {
    it(`repeated creation: a key that is ${what} is refused`, async (t) => {
      const {create, live} = await withSession(t)
      const {status, body} = await create({name: 'ci'}, {key: malformed})
      assert.deepEqual([status, body.error.code], [400, 'VALIDATION'])
      assert.deepEqual(body.error.details, [
        {field: 'idempotency-key', message: 'must be 16 to 128 visible ASCII characters'},
      ])
      assert.deepEqual(await live(), [])
    })
  }

  it('repeated creation: a key on another endpoint is ignored', async (t) => {
    const {world, session} = await withSession(t)
    const headers = {'idempotency-key': 'short'}
    assert.equal((await world.call('GET', '/auth/tokens', {token: session, headers})).status, 200)
  })
})

describe('repeating the rotation of a token', () => {
  async function withToken(t: TestContext) {
    const {world, session} = await withSession(t)
    const {id, token: old} = await world.createToken(session, {name: 'ci', scopes: ['admin']})
    assert.equal(await whoami(world, old), 200)
    const rotate = (body: object = {}, change: {token?: string; key?: string} = {}) =>
      world.call('POST', `/auth/tokens/${id}/rotate`, {
        ...{body, token: change.token ?? session},
        headers: {'idempotency-key': change.key ?? key},
      })
    return {world, session, id, old, rotate}
  }

  it('repeated rotation: the same key replaces the value until it is used, and then gets 409', async (t) => {
    const {world, old, rotate} = await withToken(t)
    const lost = (await rotate()).body.token
    const {status, body} = await rotate()
    assert.equal(status, 200)
    assert.deepEqual([await whoami(world, lost), await whoami(world, body.token)], [401, 200])
    const refused = await rotate()
    assert.deepEqual(codeOf(refused), [409, 'ALREADY_DONE'])
    assert.doesNotMatch(JSON.stringify(refused), /apkgt_/)
    assert.deepEqual([await whoami(world, old), await whoami(world, body.token)], [200, 200])
    assert.equal((await rotate({}, {key: otherKey})).status, 200)
  })

  it('repeated rotation: with --grace 0, only the value from the retry works', async (t) => {
    const {world, old, rotate} = await withToken(t)
    const lost = (await rotate({grace: '0'})).body.token
    const {token} = (await rotate({grace: '0'})).body
    assert.deepEqual([await whoami(world, old), await whoami(world, lost), await whoami(world, token)], [401, 401, 200])
  })

  it('repeated rotation: a token that rotates itself can retry with its old value', async (t) => {
    const {world, old, rotate} = await withToken(t)
    const lost = (await rotate({}, {token: old})).body.token
    const {token} = (await rotate({}, {token: old})).body
    assert.deepEqual([await whoami(world, lost), await whoami(world, token)], [401, 200])
    const refused = await rotate({}, {token: old})
    assert.deepEqual(codeOf(refused), [409, 'ROTATION_IN_PROGRESS'])
  })

  it('repeated rotation: a value that another rotation replaced, or that was dropped, is not created again', async (t) => {
    const {world, session, id, rotate} = await withToken(t)
    await rotate()
    const other = (await rotate({}, {key: otherKey})).body.token
    assert.deepEqual(codeOf(await rotate()), [409, 'ALREADY_DONE'])
    const drop = `/auth/tokens/${id}/rotation?prefix=${other.slice(0, 12)}`
    assert.equal((await world.call('DELETE', drop, {token: session})).status, 204)
    assert.deepEqual(codeOf(await rotate({}, {key: otherKey})), [409, 'ALREADY_DONE'])
  })

  it('repeated rotation: every check of the first request is repeated', async (t) => {
    const {world, session, id, rotate} = await withToken(t)
    await rotate({expiresIn: '90d'})
    assert.deepEqual(codeOf(await rotate({expiresIn: '91d'})), [422, 'IDEMPOTENCY_KEY_REUSED'])
    await world.store.policy.set({maxTokenLifetime: '30d'}, operator, world.now())
    assert.deepEqual(codeOf(await rotate({expiresIn: '90d'})), [403, 'LIFETIME_TOO_LONG'])
    await world.store.policy.set({maxTokenLifetime: null}, operator, world.now())
    await world.call('DELETE', `/auth/tokens/${id}`, {token: session})
    assert.deepEqual(codeOf(await rotate({expiresIn: '90d'})), [409, 'TOKEN_NOT_ACTIVE'])
  })
})
