import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator, type SuspensionMaker} from '../../../src/server/store/store.js'
import {packageOf, publish} from '../../support/uploads.js'
import {type Answer, createWorld, hour, minute} from '../../support/world.js'

async function withToken(t: TestContext, request: object = {}) {
  const world = await createWorld(t)
  await world.addUser('ada')
  const {accessToken: session} = await world.logIn('ada')
  const {id, token} = await world.createToken(session, {name: 'ci', ...request})
  const suspend = (by: string, body?: object) =>
    world.call('POST', `/auth/tokens/${id}/suspend`, {token: by, ...(body && {body})})
  const resume = (by: string) => world.call('POST', `/auth/tokens/${id}/resume`, {token: by})
  const suspendAs = (by: SuspensionMaker) => world.store.tokens.suspend({id}, {by, reason: null}, operator, world.now())
  const use = () => world.call('GET', '/auth/whoami', {token})
  return {world, session, id, token, suspend, resume, suspendAs, use}
}

function codeOf({status, body}: Answer): string {
  return status < 400 ? String(status) : `${status} ${body.error.code}`
}

const at = '2026-11-23T12:00:00.000Z'

describe('suspending tokens', () => {
  it('suspend: a suspended token is refused until it is resumed, and keeps its properties', async (t) => {
    const {world, session, id, suspend, resume, use} = await withToken(t)
    assert.equal(codeOf(await use()), '200')
    const suspended = await suspend(session, {reason: 'looks leaked'})
    assert.equal(suspended.status, 200)
    const suspensions = [{by: 'owner', name: 'ada', at, reason: 'looks leaked'}]
    assert.deepEqual(
      [suspended.body.id, suspended.body.status, suspended.body.suspendedAt, suspended.body.suspensions],
      [id, 'suspended', at, suspensions],
    )
    const refused = await use()
    assert.equal(codeOf(refused), '401 CREDENTIAL_SUSPENDED')
    assert.equal(
      refused.body.error.message,
      `The token "ci" was suspended by its owner. Only its owner can resume it, with \`apkg token resume ${id}\``,
    )
    const [listed] = (await world.call('GET', '/auth/tokens', {token: session})).body.tokens
    assert.deepEqual([listed.status, listed.suspensions], ['suspended', suspensions])
    const resumed = await resume(session)
    assert.deepEqual([resumed.status, resumed.body.status, 'suspensions' in resumed.body], [200, 'active', false])
    assert.equal(codeOf(await use()), '200')
  })

  it('suspend: suspending and resuming can be repeated, and the audit log has each once', async (t) => {
    const {world, session, id, suspend, resume} = await withToken(t)
    const first = await suspend(session)
    world.pass(minute)
    assert.deepEqual((await suspend(session, {reason: 'again'})).body.suspensions, first.body.suspensions)
    assert.equal((await resume(session)).body.status, 'active')
    assert.equal((await resume(session)).body.status, 'active')
    const rows = [
      ...(await world.store.audit.latest(9, {action: 'token.suspend'})),
      ...(await world.store.audit.latest(9, {action: 'token.resume'})),
    ]
    assert.deepEqual(
      rows.map(({action, name, target, detail}) => [action, name, target, detail]),
      [
        ['token.suspend', 'ada', id, {label: 'ci', by: 'owner'}],
        ['token.resume', 'ada', id, {label: 'ci', by: ['owner']}],
      ],
    )
  })

  for (const [maker, message] of [
    ['operator', 'The token "ci" was suspended by the operator of the registry. Ask the operator to resume it'],
    ['policy', 'The token "ci" was suspended by the policy of the registry. Ask the operator to resume it'],
    [
      'restore',
      'The token "ci" was suspended when the registry was restored from a backup. Ask the operator to resume it',
    ],
  ] as const) {
    it(`suspend: its owner can't lift the suspension of ${maker}`, async (t) => {
      const {session, suspendAs, resume, use} = await withToken(t)
      await suspendAs(maker)
      const refused = await resume(session)
      assert.deepEqual([codeOf(refused), refused.body.error.message], ['403 SUSPENSION_NOT_YOURS', message])
      assert.deepEqual([codeOf(await use()), (await use()).body.error.message], ['401 CREDENTIAL_SUSPENDED', message])
    })
  }

  it('suspend: a token works once everyone has lifted their suspension', async (t) => {
    const {world, session, id, suspend, suspendAs, resume, use} = await withToken(t)
    await suspendAs('restore')
    world.pass(minute)
    await suspend(session)
    assert.equal(
      (await use()).body.error.message,
      'The token "ci" was suspended when the registry was restored from a backup, and by its owner. Its owner and the operator both have to resume it',
    )
    const {status, body} = await resume(session)
    assert.deepEqual([status, body.status], [200, 'suspended'])
    assert.deepEqual(
      body.suspensions.map(({by}: {by: string}) => by),
      ['restore'],
    )
    assert.equal(codeOf(await use()), '401 CREDENTIAL_SUSPENDED')
    await world.store.tokens.resume({id}, {makers: ['restore']}, operator, world.now())
    assert.equal(codeOf(await use()), '200')
  })

  it('attack: a token cannot resume any token, even itself, regardless of its scopes', async (t) => {
    const {world, session, id, token, suspend, resume} = await withToken(t, {scopes: ['admin']})
    const other = await world.createToken(session, {name: 'admin', scopes: ['admin']})
    assert.equal(codeOf(await suspend(other.token)), '200')
    assert.equal(codeOf(await resume(other.token)), '403 SESSION_REQUIRED')
    assert.equal(codeOf(await resume(token)), '401 CREDENTIAL_SUSPENDED')
    assert.equal(
      codeOf(await world.call('POST', `/auth/tokens/${other.id}/resume`, {token: other.token})),
      '403 SESSION_REQUIRED',
    )
    assert.equal(
      (await world.store.tokens.details({within: {kind: 'own', userId: 'id-of-ada'}, id}))?.suspensions.length,
      1,
    )
  })

  it('attack: a session with an old login has to confirm the password to resume, and not to suspend', async (t) => {
    const {world, session, suspend, resume, use} = await withToken(t)
    world.pass(11 * minute)
    assert.equal(codeOf(await suspend(session)), '200')
    assert.equal(codeOf(await resume(session)), '401 STEP_UP_REQUIRED')
    assert.equal(codeOf(await use()), '401 CREDENTIAL_SUSPENDED')
  })

  it("attack: a user can't suspend or resume another user's token", async (t) => {
    const {world, session, suspend, resume, use} = await withToken(t)
    await world.addUser('eve')
    const {accessToken: eve} = await world.logIn('eve')
    assert.equal(codeOf(await suspend(eve)), '404 TOKEN_NOT_FOUND')
    assert.equal(codeOf(await use()), '200')
    await suspend(session)
    assert.equal(codeOf(await resume(eve)), '404 TOKEN_NOT_FOUND')
    assert.equal(codeOf(await use()), '401 CREDENTIAL_SUSPENDED')
  })

  it('attack: an upload does not finish after its token was suspended', async (t) => {
    const {world, session, token, suspend} = await withToken(t)
    const sent = await packageOf({name: '@ada/tool'})
    assert.equal((await publish(world, token, sent)).status, 201)
    assert.equal(codeOf(await suspend(session)), '200')
    assert.equal(
      codeOf(await publish(world, token, await packageOf({name: '@ada/tool', version: '1.1.0'}))),
      '401 CREDENTIAL_SUSPENDED',
    )
  })

  it('suspend: an expired or revoked token is neither suspended nor resumed', async (t) => {
    const {world, id, suspend, resume} = await withToken(t, {expiresIn: '1h'})
    world.pass(hour)
    const {accessToken: later} = await world.logIn('ada')
    for (const answer of [await suspend(later), await resume(later)]) {
      assert.deepEqual(
        [codeOf(answer), answer.body.error.message],
        ['409 TOKEN_NOT_ACTIVE', 'The token "ci" is expired'],
      )
    }
    await world.store.tokens.revoke({within: {kind: 'own', userId: 'id-of-ada'}, id}, operator, world.now())
    assert.equal((await suspend(later)).body.error.message, 'The token "ci" is revoked')
  })

  it('suspend: a spent token is neither suspended nor resumed', async (t) => {
    const {world, session, token, suspend, resume} = await withToken(t, {uses: 1})
    assert.equal((await publish(world, token, await packageOf({name: '@ada/tool'}))).status, 201)
    for (const answer of [await suspend(session), await resume(session)]) {
      assert.deepEqual([codeOf(answer), answer.body.error.message], ['409 TOKEN_NOT_ACTIVE', 'The token "ci" is spent'])
    }
  })

  it('suspend: a suspended token does not rotate, and can be revoked', async (t) => {
    const {world, session, id, suspend} = await withToken(t)
    await suspend(session)
    const rotated = await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session, body: {}})
    assert.deepEqual(
      [codeOf(rotated), rotated.body.error.message],
      ['409 TOKEN_NOT_ACTIVE', 'The token "ci" is suspended'],
    )
    assert.equal(codeOf(await world.call('DELETE', `/auth/tokens/${id}`, {token: session})), '204')
  })

  it('suspend: both values of a rotated token are refused', async (t) => {
    const {world, session, id, token: old, suspend} = await withToken(t)
    const {token: next} = (await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session, body: {}})).body
    await suspend(session)
    for (const token of [old, next]) {
      assert.equal(codeOf(await world.call('GET', '/auth/whoami', {token})), '401 CREDENTIAL_SUSPENDED')
    }
  })

  for (const [what, reason] of [
    ['blank', ' '],
    ['of two lines', 'a\nb'],
    ['too long', 'x'.repeat(251)],
  ]) {
    it(`suspend: refuses a reason that is ${what}`, async (t) => {
      const {session, suspend, use} = await withToken(t)
      const answer = await suspend(session, {reason})
      assert.deepEqual([codeOf(answer), answer.body.error.details[0].field], ['400 VALIDATION', 'reason'])
      assert.equal(codeOf(await use()), '200')
    })
  }

  it('suspend: a suspended token does not count as one that expires soon', async (t) => {
    const {world, session, suspend} = await withToken(t, {expiresIn: '2d'})
    const expiring = async () => (await world.call('GET', '/auth/whoami', {token: session})).body.expiringTokens.length
    assert.equal(await expiring(), 1)
    await suspend(session)
    assert.equal(await expiring(), 0)
  })
})
