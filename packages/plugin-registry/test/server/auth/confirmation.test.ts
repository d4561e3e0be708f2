import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {TOTP} from 'otpauth'

import {operator} from '../../../src/server/store/store.js'

import {createWorld, minute, password, type World} from '../../support/world.js'

const limit = 10 * minute

async function withLogin(t: TestContext, changes: Parameters<typeof createWorld>[1] = {}) {
  const world = await createWorld(t, changes)
  const {id} = await world.addUser('ada')
  await world.addUser('bob')
  const session = await world.logIn('ada')
  return {world, id, session}
}

let count = 0
const create = (world: World, token: string) =>
  world.call('POST', '/auth/tokens', {token, body: {name: `token ${count++}`}})
const stepUp = (world: World, token: string, body: object, more: object = {}) =>
  world.call('POST', '/auth/step-up', {token, body, ...more})
const codeOf = ({body}: {body: {error: {code: string}}}) => body.error.code

describe('confirmation', () => {
  it('confirmation: a login is recent up to the limit, and not a millisecond longer', async (t) => {
    const {world, session} = await withLogin(t)
    world.pass(limit)
    assert.equal((await create(world, session.accessToken)).status, 201)
    world.pass(1)
    const refused = await create(world, session.accessToken)
    assert.deepEqual([refused.status, codeOf(refused)], [401, 'STEP_UP_REQUIRED'])
    assert.match(
      refused.headers['www-authenticate'] ?? '',
      /^Bearer .*error="insufficient_user_authentication".*max_age=600$/,
    )
    assert.deepEqual(refused.body.error.details, [{field: 'password', message: 'is required'}])
  })

  it('confirmation: applies to the access token of the request, for as long as a login does', async (t) => {
    const {world, session} = await withLogin(t)
    world.pass(limit + 1)
    assert.equal((await stepUp(world, session.accessToken, {password})).status, 204)
    world.pass(limit)
    assert.equal((await create(world, session.accessToken)).status, 201)
    world.pass(1)
    assert.equal(codeOf(await create(world, session.accessToken)), 'STEP_UP_REQUIRED')
    const [row] = await world.store.audit.latest(1, {action: 'session.confirm'})
    assert.equal(row?.name, 'ada')
  })

  it('confirmation: a refreshed session is not confirmed, and no other session is', async (t) => {
    const {world, session} = await withLogin(t)
    const other = await world.logIn('ada')
    world.pass(limit + 1)
    assert.equal((await stepUp(world, session.accessToken, {password})).status, 204)
    assert.equal(codeOf(await create(world, other.accessToken)), 'STEP_UP_REQUIRED')
    const {body} = await world.call('POST', '/auth/refresh', {body: {refreshToken: session.refreshToken}})
    assert.equal(codeOf(await create(world, body.accessToken)), 'STEP_UP_REQUIRED')
  })

  it('confirmation: rotating requires it, and listing and revoking never do', async (t) => {
    const {world, session} = await withLogin(t)
    const {accessToken: token} = session
    const {id} = await world.createToken(token, {name: 'ci'})
    world.pass(limit + 1)
    assert.equal(codeOf(await world.call('POST', `/auth/tokens/${id}/rotate`, {token})), 'STEP_UP_REQUIRED')
    assert.equal((await world.call('GET', '/auth/tokens', {token})).status, 200)
    assert.equal((await world.call('DELETE', `/auth/tokens/${id}`, {token})).status, 204)
    assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 200)
  })

  it('confirmation: the policy sets the limit, and 0 turns it off', async (t) => {
    const {world, session} = await withLogin(t)
    await world.store.policy.set({confirmAfter: minute}, operator, world.now())
    world.pass(minute + 1)
    assert.equal(codeOf(await create(world, session.accessToken)), 'STEP_UP_REQUIRED')
    await world.store.policy.set({confirmAfter: 0}, operator, world.now())
    world.pass(11 * 60 * minute)
    assert.equal((await create(world, session.accessToken)).status, 201)
  })

  it('confirmation: after the clock was set back by more than the limit, a login is not recent', async (t) => {
    const {world, session} = await withLogin(t)
    world.pass(-limit - 1)
    assert.equal(codeOf(await create(world, session.accessToken)), 'STEP_UP_REQUIRED')
  })

  it('confirmation: an account with MFA needs both factors, and a code works once', async (t) => {
    const {world, id, session} = await withLogin(t)
    const {secret, recoveryCodes} = await world.enrollMfa(id)
    world.pass(limit + 1)
    const {body} = await create(world, session.accessToken)
    assert.deepEqual(
      body.error.details.map(({field}: {field: string}) => field),
      ['password', 'code'],
    )
    const confirm = (proof: object) => stepUp(world, session.accessToken, proof)
    assert.equal(codeOf(await confirm({password})), 'MFA_FAILED')
    const code = new TOTP({secret}).generate({timestamp: world.now()})
    assert.equal(codeOf(await confirm({password: 'wrong', code})), 'LOGIN_FAILED')
    assert.equal((await confirm({password, code})).status, 204)
    assert.equal(codeOf(await confirm({password, code})), 'MFA_FAILED')
    assert.equal((await confirm({password, code: recoveryCodes[0]})).status, 204)
    assert.equal(codeOf(await confirm({password, code: recoveryCodes[0]})), 'MFA_FAILED')
  })
})

describe('attacks on the confirmation', () => {
  it("attack: another account's password confirms nothing", async (t) => {
    const {world, session} = await withLogin(t)
    await world.store.users.setPassword('id-of-bob', 'unreachable', operator, world.now())
    world.pass(limit + 1)
    const body = {password: 'the password of bob', username: 'bob'}
    assert.equal(codeOf(await stepUp(world, session.accessToken, body)), 'LOGIN_FAILED')
    assert.equal(codeOf(await create(world, session.accessToken)), 'STEP_UP_REQUIRED')
  })

  it('attack: a token can confirm nothing, not even with the password', async (t) => {
    const {world, session} = await withLogin(t)
    const {token} = await world.createToken(session.accessToken, {name: 'ci', scopes: ['admin']})
    const {status, body} = await stepUp(world, token, {password})
    assert.deepEqual([status, body.error.code], [403, 'SESSION_REQUIRED'])
  })

  it('attack: wrong confirmations and failed logins count toward the same limit', async (t) => {
    const {world, session} = await withLogin(t)
    for (let guess = 0; guess < 5; guess++) {
      assert.equal(codeOf(await stepUp(world, session.accessToken, {password: `guess ${guess}`})), 'LOGIN_FAILED')
    }
    assert.equal((await stepUp(world, session.accessToken, {password})).status, 429)
    const login = await world.call('POST', '/auth/login', {body: {username: 'ada', password}})
    assert.equal(login.status, 429)
    const rows = await world.store.audit.latest(100, {action: 'login.fail'})
    assert.deepEqual([rows.length, rows[0]?.name], [5, 'ada'])
  })

  it('attack: guesses of the code are delayed', async (t) => {
    const {world, id, session} = await withLogin(t)
    await world.enrollMfa(id)
    const guess = () => stepUp(world, session.accessToken, {password, code: '000000'})
    for (let count = 0; count < 5; count++) assert.equal(codeOf(await guess()), 'MFA_FAILED')
    assert.equal((await guess()).status, 429)
  })

  it('attack: concurrent guesses do not outrun the count', async (t) => {
    const {world, session} = await withLogin(t, {passwordQueue: {running: 1, waiting: 32}})
    const guesses = Array.from({length: 20}, (_, guess) =>
      stepUp(world, session.accessToken, {password: `guess ${guess}`}),
    )
    const statuses = (await Promise.all(guesses)).map(({status}) => status)
    assert.equal(statuses.filter((status) => status === 401).length, 5)
  })

  it('attack: a revoked session cannot be confirmed', async (t) => {
    const {world, session} = await withLogin(t)
    await world.call('POST', '/auth/logout', {token: session.accessToken, body: {}})
    assert.equal((await stepUp(world, session.accessToken, {password})).status, 401)
  })
})
