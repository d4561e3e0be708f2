import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {operator} from '../../../src/server/store/store.js'
import {createWorld, day, hour, minute, password, second, type World} from '../../support/world.js'

const refresh = (world: World, refreshToken: string) => world.call('POST', '/auth/refresh', {body: {refreshToken}})

const whoami = async (world: World, token: string) => (await world.call('GET', '/auth/whoami', {token})).status

const lastAction = async (world: World) => (await world.store.audit.latest(1))[0]?.action

describe('session refresh', () => {
  it('refresh: returns new tokens, and the old access token stays valid', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const old = await world.logIn('ada')
    const {status, body} = await refresh(world, old.refreshToken)
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body).sort(), ['accessToken', 'expiresIn', 'refreshToken', 'tokenType', 'username'])
    assert.equal(body.expiresIn, 12 * 3600)
    assert.equal(body.username, 'ada')
    assert.equal(await whoami(world, old.accessToken), 200)
    assert.equal(await whoami(world, body.accessToken), 200)
  })

  it('refresh: can be repeated within a minute if its successor is unused, which is revoked', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const old = await world.logIn('ada')
    const lost = (await refresh(world, old.refreshToken)).body
    world.pass(minute)
    const {status, body} = await refresh(world, old.refreshToken)
    assert.equal(status, 200)
    assert.equal(await whoami(world, body.accessToken), 200)
    assert.equal(await whoami(world, lost.accessToken), 401)
    assert.equal(await whoami(world, old.accessToken), 200)
  })

  const misuses: Record<string, (world: World, successor: {accessToken: string; refreshToken: string}) => unknown> = {
    'its successor was used to authenticate': (world, {accessToken}) => whoami(world, accessToken),
    'its successor was refreshed': (world, {refreshToken}) => refresh(world, refreshToken),
    'a minute has passed': (world) => {
      world.pass(minute + 1)
    },
  }
  for (const [circumstance, happen] of Object.entries(misuses)) {
    it(`refresh: reusing a token after ${circumstance} revokes the family`, async (t) => {
      const world = await createWorld(t)
      await world.addUser('ada')
      const old = await world.logIn('ada')
      const successor = (await refresh(world, old.refreshToken)).body
      await happen(world, successor)
      const {status, body} = await refresh(world, old.refreshToken)
      assert.equal(status, 401)
      assert.equal(body.error.code, 'REFRESH_INVALID')
      assert.equal(await whoami(world, old.accessToken), 401)
      assert.equal(await whoami(world, successor.accessToken), 401)
      assert.equal((await refresh(world, successor.refreshToken)).status, 401)
      assert.equal(await lastAction(world), 'session.reuse')
    })
  }

  it('refresh: using a revoked successor revokes the family', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const old = await world.logIn('ada')
    const dead = (await refresh(world, old.refreshToken)).body
    const alive = (await refresh(world, old.refreshToken)).body
    assert.equal((await refresh(world, dead.refreshToken)).status, 401)
    assert.equal(await whoami(world, alive.accessToken), 401)
  })

  it('refresh: repeating it does not extend the grace period', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const old = await world.logIn('ada')
    await refresh(world, old.refreshToken)
    world.pass(40 * second)
    assert.equal((await refresh(world, old.refreshToken)).status, 200)
    world.pass(40 * second)
    assert.equal((await refresh(world, old.refreshToken)).status, 401)
  })

  it('refresh: reuse does not affect sessions of another login', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const old = await world.logIn('ada')
    const other = await world.logIn('ada')
    await refresh(world, old.refreshToken)
    world.pass(hour)
    await refresh(world, old.refreshToken)
    assert.equal(await whoami(world, other.accessToken), 200)
  })

  it('refresh: refused after 30 days, and 90 days after the login at the latest', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const idle = await world.logIn('ada')
    let {refreshToken} = await world.logIn('ada')
    for (let month = 0; month < 3; month++) {
      world.pass(29 * day)
      refreshToken = (await refresh(world, refreshToken)).body.refreshToken
    }
    assert.equal((await refresh(world, idle.refreshToken)).status, 401)
    world.pass(3 * day - hour)
    const {body} = await refresh(world, refreshToken)
    assert.equal(body.expiresIn, 3600)
    world.pass(hour)
    assert.equal((await refresh(world, body.refreshToken)).status, 401)
    assert.equal(await whoami(world, body.accessToken), 401)
  })

  it('refresh: refused for a disabled user, whose session stays', async (t) => {
    const world = await createWorld(t)
    const {id} = await world.addUser('ada')
    const {refreshToken} = await world.logIn('ada')
    await world.store.users.setDisabled(id, true, operator, world.now())
    assert.equal((await refresh(world, refreshToken)).body.error.code, 'USER_DISABLED')
    await world.store.users.setDisabled(id, false, operator, world.now())
    assert.equal((await refresh(world, refreshToken)).status, 200)
  })
})

describe('logout', () => {
  it('logout: with the access token, ends every generation of the session', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const old = await world.logIn('ada')
    const {accessToken, refreshToken} = (await refresh(world, old.refreshToken)).body
    assert.equal((await world.call('POST', '/auth/logout', {token: accessToken})).status, 204)
    assert.equal(await whoami(world, old.accessToken), 401)
    assert.equal(await whoami(world, accessToken), 401)
    assert.equal((await refresh(world, refreshToken)).status, 401)
    assert.equal(await lastAction(world), 'session.end')
  })

  it('logout: works with the refresh token alone', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {refreshToken} = await world.logIn('ada')
    world.pass(day)
    assert.equal((await world.call('POST', '/auth/logout', {body: {refreshToken}})).status, 204)
    assert.equal((await refresh(world, refreshToken)).status, 401)
    assert.equal((await world.call('POST', '/auth/logout', {body: {refreshToken}})).status, 204)
  })

  it('logout: refuses an API token, which stays valid', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {token} = await world.createToken((await world.logIn('ada')).accessToken, {name: 'ci'})
    assert.equal((await world.call('POST', '/auth/logout', {token})).body.error.code, 'AUTH_MISSING')
    assert.equal(await whoami(world, token), 200)
  })
})

describe('an operator', () => {
  it('password change: ends sessions and keeps tokens', async (t) => {
    const world = await createWorld(t)
    const {id} = await world.addUser('ada')
    const {accessToken} = await world.logIn('ada')
    const {token} = await world.createToken(accessToken, {name: 'ci'})
    await world.store.users.setPassword(id, 'another hash', operator, world.now())
    assert.equal(await whoami(world, accessToken), 401)
    assert.equal(await whoami(world, token), 200)
  })

  it('revoke-all: ends sessions and tokens, and the user can log in again', async (t) => {
    const world = await createWorld(t)
    const {id} = await world.addUser('ada')
    const {accessToken} = await world.logIn('ada')
    const {token} = await world.createToken(accessToken, {name: 'ci'})
    assert.deepEqual(await world.store.users.revokeAll(id, operator, world.now()), {sessions: 1, tokens: 1})
    assert.equal(await whoami(world, accessToken), 401)
    assert.equal(await whoami(world, token), 401)
    assert.equal((await world.call('POST', '/auth/login', {body: {username: 'ada', password}})).status, 200)
  })
})
