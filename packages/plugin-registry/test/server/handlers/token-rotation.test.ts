import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator} from '../../../src/server/store/store.js'
import {packageOf, publish} from '../../support/uploads.js'
import {createWorld, day, hour, minute, type World} from '../../support/world.js'

interface Rotated {
  status: number
  body: any
}

/** A token of ada, and what can be done with it. */
async function withToken(t: TestContext, request: object = {}) {
  const world = await createWorld(t)
  await world.addUser('ada')
  const session = (await world.logIn('ada')).accessToken
  const created = await world.createToken(session, {name: 'ci', scopes: ['admin'], ...request})
  const old = created.token
  const rotate = (as: string, body: object = {}): Promise<Rotated> =>
    world.call('POST', `/auth/tokens/${created.id}/rotate`, {token: as, body})
  const drop = (as: string, value: string) =>
    world.call('DELETE', `/auth/tokens/${created.id}/rotation?prefix=${value.slice(0, 12)}`, {token: as})
  const whoami = (value: string) => world.call('GET', '/auth/whoami', {token: value})
  const works = async (value: string) => (await whoami(value)).status === 200
  return {world, session, id: created.id, created, old, rotate, drop, whoami, works}
}

async function codeOf(answer: Promise<Rotated>): Promise<string> {
  const {status, body} = await answer
  return `${status} ${body.error.code}`
}

describe('rotating a token', () => {
  it('rotate: changes the value and nothing else', async (t) => {
    const limits = {scopes: ['read'], packageScope: '@ada/*', expiresIn: '30d'}
    const {world, session, created, rotate, whoami} = await withToken(t, limits)
    world.pass(10 * day)
    const again = (await world.logIn('ada')).accessToken
    const {status, body} = await rotate(again)
    assert.equal(status, 200)
    assert.notEqual(body.token, created.token)
    const {token, prefix, expires, expiresAt, ...before} = created as any
    const moved = '2027-01-02T12:00:00.000Z'
    assert.deepEqual(body, {
      ...before,
      token: body.token,
      prefix: body.token.slice(0, 12),
      expires: moved,
      expiresAt: moved,
      rotatedAt: '2026-12-03T12:00:00.000Z',
      generation: 2,
      oldValue: {prefix, endsAt: null, lastUsed: null, lastUse: null},
    })
    assert.equal((await whoami(body.token)).body.credential.id, created.id)
    const {tokens} = (await world.call('GET', '/auth/tokens', {token: again})).body
    assert.equal(tokens.length, 1)
    assert.equal(tokens[0].prefix, body.prefix)
    assert.notEqual(session, again)
  })

  it('rotate: the old value works until the new one is used, and for the grace period after that', async (t) => {
    const {world, session, old, rotate, works, whoami} = await withToken(t)
    const {token: next} = (await rotate(session, {grace: '2h'})).body
    world.pass(30 * minute)
    assert.ok(await works(old))
    assert.ok(await works(next))
    assert.equal((await whoami(old)).body.credential.expires, '2026-11-23T14:30:00.000Z')
    world.pass(2 * hour - 1)
    assert.ok(await works(old))
    world.pass(1)
    const refused = await whoami(old)
    assert.deepEqual(
      [refused.status, refused.body.error.code, refused.body.error.message],
      [
        401,
        'CREDENTIAL_ROTATED',
        'The token "ci" was rotated, and this value stopped working at 2026-11-23T14:30:00.000Z. Use its new value',
      ],
    )
    assert.ok(await works(next))
  })

  it('rotate: the default grace period is 24 hours', async (t) => {
    const {world, session, old, rotate, works} = await withToken(t)
    assert.ok(await works((await rotate(session)).body.token))
    world.pass(day - 1)
    assert.ok(await works(old))
    world.pass(1)
    assert.equal(await works(old), false)
  })

  it('rotate: the old value never works longer than it would have', async (t) => {
    const {world, session, old, rotate, whoami} = await withToken(t, {expiresIn: '1h'})
    const {token: next} = (await rotate(session, {grace: '7d', expiresIn: '30d'})).body
    assert.equal((await whoami(next)).body.credential.expires, '2026-12-23T12:00:00.000Z')
    world.pass(hour)
    assert.equal((await whoami(old)).body.error.code, 'CREDENTIAL_EXPIRED')
  })

  it('rotate: renews the lifetime', async (t) => {
    const {world, rotate} = await withToken(t, {expiresIn: '2026-12-03'})
    world.pass(day)
    const session = (await world.logIn('ada')).accessToken
    assert.equal((await rotate(session)).body.expires, '2026-12-04T00:00:00.000Z')
    assert.equal((await rotate(session, {expiresIn: 'never'})).body.expires, null)
    assert.equal((await rotate(session)).body.expires, '2026-12-04T00:00:00.000Z')
    const {token} = (await rotate(session, {expiresIn: '1d'})).body
    await world.call('GET', '/auth/whoami', {token})
    assert.equal((await rotate(session)).body.expiresIn, '1d')
  })

  it('rotate: until the new value is used, the rotation can be repeated', async (t) => {
    const {session, old, rotate, works} = await withToken(t)
    const {token: lost} = (await rotate(session)).body
    const {token: next} = (await rotate(session)).body
    assert.equal(await works(lost), false)
    assert.ok(await works(next))
    assert.ok(await works(old))
  })

  it('rotate: rotating again ends the old value', async (t) => {
    const {session, old, rotate, drop, works} = await withToken(t)
    const {token: second} = (await rotate(session)).body
    assert.ok(await works(second))
    assert.ok(await works(old))
    const {token: third} = (await rotate(session)).body
    assert.equal(await works(old), false)
    assert.equal((await drop(session, third)).status, 204)
    assert.ok(await works(old))
    const {token: fourth} = (await rotate(session)).body
    assert.ok(await works(fourth))
    assert.deepEqual([await works(old), await works(second), await works(third)], [false, true, false])
  })

  it('rotate: a dropped value changes nothing', async (t) => {
    const {world, session, old, created, rotate, drop, works} = await withToken(t, {expiresIn: '30d'})
    const list = async () => (await world.call('GET', '/auth/tokens', {token: session})).body.tokens
    const before = await list()
    world.pass(hour)
    const again = (await world.logIn('ada')).accessToken
    const {token: next} = (await rotate(again, {expiresIn: '1y'})).body
    assert.equal((await drop(again, next)).status, 204)
    assert.equal((await drop(again, next)).status, 204)
    assert.equal(await works(next), false)
    assert.deepEqual((await world.call('GET', '/auth/tokens', {token: again})).body.tokens, before)
    world.pass(2 * day)
    assert.ok(await works(old))
    assert.equal(created.token, old)
  })

  it('rotate: a used value cannot be dropped', async (t) => {
    const {session, rotate, drop, works} = await withToken(t)
    const {token: next} = (await rotate(session)).body
    assert.ok(await works(next))
    assert.equal(await codeOf(drop(session, next)), '409 ROTATION_IN_PROGRESS')
    assert.ok(await works(next))
  })

  it('rotate: dropping names the value, so it never drops the one of a later request', async (t) => {
    const {session, rotate, drop, works} = await withToken(t)
    const {token: first} = (await rotate(session)).body
    const {token: second} = (await rotate(session)).body
    assert.equal((await drop(session, first)).status, 204)
    assert.ok(await works(second))
    assert.equal(await codeOf(drop(session, 'apkgt_000000')), '404 TOKEN_NOT_FOUND')
  })

  it('rotate --grace 0: the old value ends immediately and permanently', async (t) => {
    const {session, old, rotate, drop, works} = await withToken(t)
    const {token: next} = (await rotate(session, {grace: '0'})).body
    assert.equal(await works(old), false)
    assert.equal((await drop(session, next)).status, 204)
    assert.deepEqual([await works(old), await works(next)], [false, false])
    const {token: last} = (await rotate(session)).body
    assert.ok(await works(last))
    assert.equal(await works(old), false)
  })

  it('rotate: a token can rotate itself, but never to a longer lifetime', async (t) => {
    const {old, rotate, works} = await withToken(t, {expiresIn: '30d'})
    assert.equal(await codeOf(rotate(old, {expiresIn: '31d'})), '403 LIFETIME_TOO_LONG')
    assert.equal(await codeOf(rotate(old, {expiresIn: 'never'})), '403 LIFETIME_TOO_LONG')
    const shorter = await rotate(old, {expiresIn: '1d'})
    assert.equal(shorter.status, 200)
    assert.ok(await works(shorter.body.token))
    assert.equal(await codeOf(rotate(shorter.body.token, {expiresIn: '30d'})), '403 LIFETIME_TOO_LONG')
    assert.equal((await rotate(shorter.body.token)).body.expiresIn, '1d')
  })

  for (const [title, end, state] of [
    [
      'revoked',
      (world: World, id: string) =>
        world.store.tokens.revoke({within: {kind: 'own', userId: 'id-of-ada'}, id}, operator, 1),
      'revoked',
    ],
    ['suspended', (world: World) => world.store.tokens.suspendAll(operator, 1), 'suspended'],
    ['expired', async (world: World) => world.pass(hour), 'expired'],
  ] as const) {
    it(`rotate: a token that is ${title} does not rotate`, async (t) => {
      const {world, session, id, rotate} = await withToken(t, {expiresIn: '1h'})
      await end(world, id)
      const {status, body} = await rotate((await world.logIn('ada')).accessToken)
      assert.deepEqual([status, body.error.code], [409, 'TOKEN_NOT_ACTIVE'])
      assert.equal(body.error.message, `The token "ci" is ${state}`)
      assert.ok(session)
    })
  }

  for (const [title, body, field] of [
    ['a grace period of 8 days', {grace: '8d'}, 'grace'],
    ['a grace period that is a date', {grace: '2027-01-31'}, 'grace'],
    ['an invalid lifetime', {expiresIn: '30'}, 'expiresIn'],
    ['a lifetime in the past', {expiresIn: '2026-11-23'}, 'expiresIn'],
  ] as const) {
    it(`rotate: refuses ${title}`, async (t) => {
      const {session, rotate} = await withToken(t)
      const answer = await rotate(session, body)
      assert.deepEqual([answer.status, answer.body.error.details[0].field], [400, field])
    })
  }

  it('rotate: refuses restrictions that it cannot enforce', async (t) => {
    const {session, rotate} = await withToken(t)
    assert.equal(await codeOf(rotate(session, {scopes: ['admin']})), '400 UNSUPPORTED_RESTRICTION')
  })

  it('rotate: an unknown token, and one of another user, are not found', async (t) => {
    const {world, id} = await withToken(t)
    await world.addUser('eve')
    const {accessToken: eve} = await world.logIn('eve')
    for (const each of [id, '0000000000000000']) {
      const answer = await world.call('POST', `/auth/tokens/${each}/rotate`, {token: eve, body: {}})
      assert.deepEqual([answer.status, answer.body.error.code], [404, 'TOKEN_NOT_FOUND'])
    }
  })

  it('rotate: the audit log records the rotation, and uses of the old value after it ended', async (t) => {
    const {world, session, id, old, rotate, works} = await withToken(t)
    const {token: next} = (await rotate(session, {grace: '1h'})).body
    assert.ok(await works(next))
    world.pass(hour)
    assert.equal(await works(old), false)
    assert.equal(await works(old), false)
    await world.app.close()
    const [use, rotation] = await world.store.audit.latest(2)
    assert.deepEqual([use?.action, use?.target, use?.detail], ['token.retired-use', id, {reason: 'rotated', count: 2}])
    assert.deepEqual(
      [rotation?.action, rotation?.target, rotation?.detail],
      ['token.rotate', id, {label: 'ci', grace: hour, generation: 2, lifetime: 'never'}],
    )
    assert.equal((await world.store.tokens.list({kind: 'user', id: 'id-of-ada'}, {}, world.now())).length, 1)
  })
})

describe('attacks on a rotation', () => {
  it('attack: a thief with the old value cannot rotate while the new one is unused', async (t) => {
    const {session, old, rotate, works} = await withToken(t)
    const {token: next} = (await rotate(session)).body
    assert.equal(await codeOf(rotate(old)), '409 ROTATION_IN_PROGRESS')
    assert.ok(await works(next))
  })

  it('attack: a thief with the old value cannot rotate after the new one was used', async (t) => {
    const {session, old, rotate, works} = await withToken(t)
    assert.ok(await works((await rotate(session)).body.token))
    const {status, body} = await rotate(old)
    assert.deepEqual([status, body.error.code], [409, 'ROTATION_IN_PROGRESS'])
    assert.match(body.error.message, /The value of this request works until 2026-11-24T12:00:00.000Z$/)
  })

  it('attack: a token that rotates itself cannot skip the grace period', async (t) => {
    const {old, rotate, works} = await withToken(t)
    const {status, body} = await rotate(old, {grace: '0'})
    assert.deepEqual([status, body.error.details[0].field], [400, 'grace'])
    assert.ok(await works(old))
  })

  it('attack: after a thief rotated first, the owner notices and a session takes the token back', async (t) => {
    const {session, old, rotate, works} = await withToken(t)
    const {token: stolen} = (await rotate(old)).body
    assert.ok(await works(stolen))
    assert.equal(await codeOf(rotate(old)), '409 ROTATION_IN_PROGRESS')
    const {token: own} = (await rotate(session, {grace: '0'})).body
    assert.deepEqual([await works(stolen), await works(old), await works(own)], [false, false, true])
  })

  it('attack: a session does not replace an unused value that the token requested, except with --grace 0', async (t) => {
    const {session, old, rotate, drop, works} = await withToken(t)
    const {token: next} = (await rotate(old)).body
    assert.equal(await codeOf(rotate(session)), '409 ROTATION_IN_PROGRESS')
    assert.equal(await codeOf(drop(session, next)), '409 ROTATION_IN_PROGRESS')
    const {token: taken} = (await rotate(session, {grace: '0'})).body
    assert.deepEqual([await works(next), await works(taken)], [false, true])
  })

  it('attack: the old value does not drop what a session requested', async (t) => {
    const {session, old, rotate, drop, works} = await withToken(t)
    const {token: next} = (await rotate(session)).body
    assert.equal(await codeOf(drop(old, next)), '409 ROTATION_IN_PROGRESS')
    assert.ok(await works(next))
    assert.equal(await codeOf(drop(old, next)), '409 ROTATION_IN_PROGRESS')
  })

  it('rotate: a refused request is a first use too, and it is shown as refused', async (t) => {
    const {world, session, id, old, rotate, works} = await withToken(t, {scopes: ['read']})
    const {body} = await rotate(session, {grace: '1h'})
    const change = {body: {deprecated: 'no'}, token: body.token}
    assert.equal(await codeOf(world.call('PATCH', '/packages/@ada%2Ftool', change)), '403 SCOPE_INSUFFICIENT')
    const {lastUse, oldValue} = (await world.call('GET', `/auth/tokens/${id}`, {token: session})).body
    assert.deepEqual([lastUse.action, lastUse.package, lastUse.refused], ['deprecatePackage', '@ada/tool', true])
    assert.equal(oldValue.endsAt, new Date(world.now() + hour).toISOString())
    world.pass(hour)
    assert.deepEqual([await works(old), await works(body.token)], [false, true])
  })

  it('rotate: reports the old value, and whether it still works', async (t) => {
    const {world, session, id, old, rotate, drop} = await withToken(t)
    const {body: first} = await rotate(session, {})
    assert.deepEqual(first.oldValue, {prefix: old.slice(0, 12), endsAt: null, lastUsed: null, lastUse: null})
    const {body: reset} = await rotate(session, {grace: '0'})
    assert.deepEqual([reset.oldValue.prefix, reset.oldValue.endsAt], [old.slice(0, 12), reset.rotatedAt])
    const summary = async () => (await world.call('GET', `/auth/tokens/${id}`, {token: session})).body
    assert.equal((await summary()).valueEndedAt, null)
    assert.equal((await drop(session, reset.token)).status, 204)
    assert.deepEqual([(await summary()).status, (await summary()).valueEndedAt], ['active', reset.rotatedAt])
    world.pass(1000)
    const {body: again} = await rotate(session, {})
    assert.deepEqual([again.oldValue.endsAt, again.valueEndedAt], [reset.rotatedAt, null])
  })

  it('attack: a token does not rotate another one', async (t) => {
    const {world, session, old} = await withToken(t)
    const other = await world.createToken(session, {name: 'other'})
    for (const scopes of [['read'], ['publish'], ['admin']]) {
      const {token} = await world.createToken(session, {name: scopes.join(), scopes})
      const answer = await world.call('POST', `/auth/tokens/${other.id}/rotate`, {token, body: {}})
      assert.deepEqual([answer.status, answer.body.error.code], [403, 'SESSION_REQUIRED'])
    }
    assert.ok(old)
  })

  it('attack: a replaced value reads and publishes, and manages nothing', async (t) => {
    const {world, session, id, old, rotate, works} = await withToken(t)
    assert.ok(await works((await rotate(session)).body.token))
    assert.equal((await publish(world, old, await packageOf({name: '@ada/tool', visibility: 'private'}))).status, 201)
    const ask = async (method: string, url: string, body?: object) =>
      (await world.call(method, url, {token: old, ...(body && {body})})).status
    assert.equal(await ask('GET', '/packages/@ada%2Ftool'), 200)
    assert.equal(await ask('GET', '/auth/tokens'), 403)
    assert.equal(await ask('DELETE', `/auth/tokens/${id}`), 403)
    assert.equal(await ask('POST', '/auth/keys', {publicKey: 'x'.repeat(44), name: 'k'}), 403)
  })

  it('attack: a replaced value that revokes itself does not revoke the token', async (t) => {
    const {world, session, old, rotate, works} = await withToken(t)
    const {token: next} = (await rotate(session)).body
    assert.ok(await works(next))
    assert.equal((await world.call('DELETE', '/auth/tokens/current', {token: old})).status, 204)
    assert.deepEqual([await works(old), await works(next)], [false, true])
  })

  it('attack: an upload that began with a value does not commit after the value ended', async (t) => {
    const {world, session, old, rotate, works} = await withToken(t)
    const sent = await packageOf({name: '@ada/tool'})
    const find = world.store.credentials.findFor.bind(world.store.credentials)
    world.store.credentials.findFor = async (...request) => {
      const found = await find(...request)
      world.store.credentials.findFor = find
      await rotate(session, {grace: '0'})
      return found
    }
    assert.ok(await works(old))
    const {status} = await publish(world, old, sent)
    assert.equal(status, 401)
    assert.equal((await world.call('GET', '/packages/@ada%2Ftool', {token: session})).status, 404)
  })

  it('attack: of two concurrent rotations, one value wins', async (t) => {
    const {session, old, rotate, works} = await withToken(t)
    const answers = await Promise.all(Array.from({length: 8}, () => rotate(session)))
    assert.deepEqual(new Set(answers.map(({status}) => status)), new Set([200]))
    const alive: string[] = []
    for (const {body} of answers) if (await works(body.token)) alive.push(body.token)
    assert.equal(alive.length, 1)
    assert.ok(await works(old))
  })

  it('attack: concurrent first uses of a new value set the end of the old one only once', async (t) => {
    const {world, session, old, rotate, works} = await withToken(t)
    const {token: next} = (await rotate(session, {grace: '1h'})).body
    await Promise.all(Array.from({length: 8}, () => works(next)))
    world.pass(30 * minute)
    assert.ok(await works(next))
    world.pass(30 * minute)
    assert.equal(await works(old), false)
  })

  it('attack: revoking the token ends all of its values', async (t) => {
    const {world, session, id, old, rotate, works} = await withToken(t)
    const {token: next} = (await rotate(session)).body
    assert.equal((await world.call('DELETE', `/auth/tokens/${id}`, {token: session})).status, 204)
    assert.deepEqual([await works(old), await works(next)], [false, false])
  })
})
