import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {describe, it} from 'node:test'

import {drawBase62, formatTokenValue} from '@apkg/wire'

import RegistryAudit from '../../../src/commands/registry/audit.js'
import {operator} from '../../../src/server/store/store.js'
import {inHome} from '../../support/operator.js'
import {addAda, logIn, send, serve} from '../../support/served.js'
import {createWorld, day, hour, minute, second, temporaryFolder, type World} from '../../support/world.js'

const invented = () =>
  formatTokenValue(
    'token',
    drawBase62(32, (count) => randomBytes(count)),
  )

const isDeadUse = ({action}: {action: string}) => action.endsWith('.dead-use')

/** What the audit log has about dead credentials, oldest first. */
async function deadUses({store}: World) {
  const rows = (await store.audit.latest(10_000)).filter(isDeadUse).toReversed()
  return rows.map(({action, name, credentialId, target, address, agent, detail}) => ({
    ...{action, name, credentialId, target, address, agent, detail},
  }))
}

async function withToken(world: World, request: object = {name: 'ci'}) {
  await world.addUser('ada')
  const {accessToken} = await world.logIn('ada')
  return {session: accessToken, ...(await world.createToken(accessToken, request))}
}

describe('uses of dead credentials', () => {
  it('dead credentials: uses from one address add one row per minute, at the end of the minute', async (t) => {
    const world = await createWorld(t)
    const {id, token, session} = await withToken(world)
    await world.call('DELETE', `/auth/tokens/${id}`, {token: session})
    for (let use = 0; use < 5; use++) {
      assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 401)
      world.pass(10 * second)
    }
    assert.deepEqual(await deadUses(world), [])
    world.pass(20 * second)
    await world.call('GET', '/auth/tokens', {token})
    const row = {action: 'token.dead-use', name: 'ada', credentialId: id, target: id, agent: 'test'}
    const first = {...row, address: '127.0.0.1', detail: {reason: 'revoked', count: 5}}
    // Writes are committed in order, so the row is there once a later write is.
    await world.addUser('bob')
    assert.deepEqual((await deadUses(world))[0], first)
    await world.app.close()
    assert.deepEqual((await deadUses(world)).at(-1), {...first, detail: {reason: 'revoked', count: 1}})
  })

  it('dead credentials: each address has its own row, and an IPv6 /64 is one', async (t) => {
    const world = await createWorld(t)
    const {token} = await withToken(world, {name: 'ci', expiresIn: '1h'})
    world.pass(day)
    for (const from of ['192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8::2', '2001:db8:0:1::1']) {
      assert.equal((await world.call('GET', '/auth/whoami', {token, from})).status, 401)
    }
    await world.app.close()
    assert.deepEqual((await deadUses(world)).map(({address, detail}) => [address, detail]).sort(), [
      ['192.0.2.1', {reason: 'expired', count: 1}],
      ['192.0.2.2', {reason: 'expired', count: 1}],
      ['2001:db8:0:1::1', {reason: 'expired', count: 1}],
      ['2001:db8::2', {reason: 'expired', count: 2}],
    ])
  })

  it('dead credentials: there is one row per minute, even if the reason changes', async (t) => {
    const world = await createWorld(t)
    const {id, token} = await withToken(world, {name: 'ci', expiresIn: '1h'})
    world.pass(2 * hour)
    await world.call('GET', '/auth/whoami', {token})
    await world.store.tokens.revoke({within: {kind: 'own', userId: 'id-of-ada'}, id}, operator, world.now())
    await world.call('GET', '/auth/whoami', {token})
    await world.app.close()
    assert.deepEqual(
      (await deadUses(world)).map(({detail}) => detail),
      [{reason: 'revoked', count: 2}],
    )
  })

  it('dead credentials: sessions and disabled accounts have rows, made-up values have none', async (t) => {
    const world = await createWorld(t)
    const {session} = await withToken(world)
    await world.call('POST', '/auth/logout', {token: session})
    await world.call('GET', '/auth/whoami', {token: session})
    await world.call('GET', '/auth/whoami', {token: invented()})
    await world.call('GET', '/auth/whoami', {token: 'not-even-close'})
    await world.app.close()
    assert.deepEqual(
      (await deadUses(world)).map(({action, detail}) => [action, detail]),
      [['session.dead-use', {reason: 'revoked', count: 1}]],
    )
  })

  const ends: Record<string, (world: World, login: {userId: string; refreshToken: string}) => unknown> = {
    revoked: (world, {refreshToken}) => world.call('POST', '/auth/logout', {body: {refreshToken}}),
    expired: (world) => {
      world.pass(31 * day)
    },
    disabled: (world, {userId}) => world.store.users.setDisabled(userId, true, operator, world.now()),
  }
  for (const [reason, end] of Object.entries(ends)) {
    it(`dead credentials: three uses of a refresh token are one row if it is ${reason}`, async (t) => {
      const world = await createWorld(t)
      const {id: userId} = await world.addUser('ada')
      const {refreshToken} = await world.logIn('ada')
      await end(world, {userId, refreshToken})
      const body = {refreshToken}
      for (let use = 0; use < 3; use++) assert.equal((await world.call('POST', '/auth/refresh', {body})).status, 401)
      await world.app.close()
      const [row, ...others] = await deadUses(world)
      assert.deepEqual(
        [row?.action, row?.name, row?.detail, others],
        ['session.dead-use', 'ada', {reason, count: 3}, []],
      )
    })
  }

  it('dead credentials: a reused refresh token has its own row at first, and then one for all later uses', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {refreshToken} = await world.logIn('ada')
    await world.call('POST', '/auth/refresh', {body: {refreshToken}})
    world.pass(2 * minute)
    for (let use = 0; use < 3; use++) await world.call('POST', '/auth/refresh', {body: {refreshToken}})
    await world.app.close()
    const actions = (await world.store.audit.latest(3)).map(({action, detail}) => [action, detail])
    assert.deepEqual(actions.slice(0, 1), [['session.dead-use', {reason: 'revoked', count: 2}]])
    assert.equal(actions[1]?.[0], 'session.reuse')
  })

  it('dead credentials: the row of a revoked token is written when the server stops', async (t) => {
    const folder = temporaryFolder(t)
    await addAda(folder)
    const {process, url} = await serve(t, folder)
    const session = await logIn(url)
    const created = await send(`${url}/auth/tokens`, 'POST', {token: session, body: {name: 'ci'}})
    await send(`${url}/auth/tokens/${created?.body.id}`, 'DELETE', {token: session})
    for (let use = 0; use < 3; use++) await send(`${url}/auth/whoami`, 'GET', {token: created?.body.token})
    process.kill('SIGTERM')
    await new Promise((resolve) => process.once('exit', resolve))
    const {run} = inHome(t)
    const {stdout} = await run(RegistryAudit, ['--data', folder, '--action', 'token.dead-use', '--json'])
    const [entry, ...others] = JSON.parse(stdout).entries
    assert.deepEqual(
      [entry.actor, entry.targetName, entry.detail, others],
      [...['ada', 'ci', {reason: 'revoked', count: 3}, []]],
    )
  })
})

describe('refused credentials', () => {
  it('refused credentials: after 60 in a minute, an address gets 429 and its valid credentials still work', async (t) => {
    const world = await createWorld(t)
    const {token} = await withToken(world)
    const statuses: number[] = []
    for (let attempt = 0; attempt < 300; attempt++) {
      statuses.push((await world.call('GET', '/auth/whoami', {token: invented()})).status)
    }
    assert.deepEqual(
      statuses.slice(0, 60),
      Array.from({length: 60}, () => 401),
    )
    assert.deepEqual(
      statuses.slice(60),
      Array.from({length: 240}, () => 429),
    )
    const refused = await world.call('GET', '/auth/whoami', {token: invented()})
    assert.deepEqual([refused.body.error.code, refused.headers['retry-after']], ['TOO_MANY_ATTEMPTS', '1'])
    assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 200)
    assert.equal((await world.logIn('ada')).accessToken.length, 44)
    assert.equal((await world.call('GET', '/auth/whoami', {token: invented(), from: '192.0.2.1'})).status, 401)
    world.pass(second)
    assert.equal((await world.call('GET', '/auth/whoami', {token: invented()})).status, 401)
    assert.equal((await world.call('GET', '/auth/whoami', {token: invented()})).status, 429)
    world.pass(minute)
    assert.equal((await world.call('GET', '/auth/whoami', {token: invented()})).status, 401)
  })

  it('refused credentials: an IPv6 network shares a count, and refresh tokens count too', async (t) => {
    const world = await createWorld(t)
    await world.store.policy.set({failedAuthRate: 3}, operator, world.now())
    const {token} = await withToken(world)
    const from = (host: number) => ({from: `2001:db8::${host}`})
    for (let host = 1; host <= 3; host++) {
      const body = {refreshToken: invented()}
      assert.equal((await world.call('POST', '/auth/refresh', {body, ...from(host)})).status, 401)
    }
    assert.equal((await world.call('GET', '/auth/whoami', {token: invented(), ...from(4)})).status, 429)
    assert.equal((await world.call('GET', '/auth/whoami', {token, ...from(4)})).status, 200)
  })

  it('refused credentials: refresh tokens of a disabled account count too', async (t) => {
    const world = await createWorld(t)
    await world.store.policy.set({failedAuthRate: 3}, operator, world.now())
    const {id} = await world.addUser('ada')
    const {refreshToken} = await world.logIn('ada')
    await world.store.users.setDisabled(id, true, operator, world.now())
    const statuses: number[] = []
    for (let use = 0; use < 5; use++) {
      statuses.push((await world.call('POST', '/auth/refresh', {body: {refreshToken}})).status)
    }
    assert.deepEqual(statuses, [401, 401, 401, 429, 429])
  })

  it('refused credentials: an expired session always gets its 401, so that the client refreshes it', async (t) => {
    const world = await createWorld(t)
    await world.store.policy.set({failedAuthRate: 1}, operator, world.now())
    const {session} = await withToken(world)
    world.pass(day)
    for (let attempt = 0; attempt < 3; attempt++) await world.call('GET', '/auth/whoami', {token: invented()})
    assert.equal((await world.call('GET', '/auth/whoami', {token: session})).status, 401)
  })

  it('refused credentials: a rate of 0 means no limit', async (t) => {
    const world = await createWorld(t)
    await world.store.policy.set({failedAuthRate: 0}, operator, world.now())
    for (let attempt = 0; attempt < 100; attempt++) {
      assert.equal((await world.call('GET', '/auth/whoami', {token: invented()})).status, 401)
    }
  })
})
