import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {describe, it, type TestContext} from 'node:test'

import {formatUserCode, parseUserCode} from '../../../src/server/auth/user-code.js'
import {hashSecret} from '../../../src/server/auth/credential-values.js'
import {operator} from '../../../src/server/store/store.js'
import {browserSession, confirmIn, credentialOf, pagesOf} from '../../support/browsers.js'
import {createWorld, day, hour, minute, second, type World} from '../../support/world.js'

async function withUsers(t: TestContext, changes: Parameters<typeof createWorld>[1] = {}) {
  const world = await createWorld(t, {browserLogin: true, ...changes})
  await world.addUser('ada')
  await world.addUser('bob')
  return {world, pages: pagesOf(world)}
}

const requestLogin = async (world: World, body: object = {}) => (await world.call('POST', '/auth/device', {body})).body
const complete = (world: World, body: object) => world.call('POST', '/auth/device/token', {body})
const poll = (world: World, {deviceCode}: {deviceCode: string}) => complete(world, {deviceCode})
const codeOf = ({body}: {body: {error: {code: string}}}) => body.error.code
const create = (world: World, token: string) => world.call('POST', '/auth/tokens', {token, body: {name: 'ci'}})

const codeVerifier = 'v'.repeat(43)
const loopback = {
  redirectUri: 'http://127.0.0.1:49152/callback',
  codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
  state: 's'.repeat(16),
}

async function requestOnLoopback(world: World): Promise<string> {
  const {verificationUri} = await requestLogin(world, {loopback})
  return new URL(verificationUri, 'http://localhost').searchParams.get('request') ?? ''
}

describe('device authorization', () => {
  it('device: a login works once the user approved the code, and only once', async (t) => {
    const {world, pages} = await withUsers(t)
    const request = await requestLogin(world)
    assert.match(request.userCode, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
    assert.deepEqual([request.expiresIn, request.interval], [600, 5])
    assert.equal(codeOf(await poll(world, request)), 'AUTHORIZATION_PENDING')
    world.pass(5 * second)
    assert.equal(codeOf(await poll(world, request)), 'AUTHORIZATION_PENDING')
    const typed = request.userCode.toLowerCase().replace('-', ' ')
    assert.deepEqual(await pages.decide({code: typed}, await browserSession(world, 'ada')), {redirect: undefined})
    const session = await poll(world, request)
    assert.deepEqual([session.status, session.body.username], [200, 'ada'])
    assert.equal((await world.call('GET', '/auth/whoami', {token: session.body.accessToken})).body.username, 'ada')
    assert.equal(codeOf(await poll(world, request)), 'DEVICE_CODE_EXPIRED')
    const actions = (await world.store.audit.latest(2)).map(({action, name}) => [action, name])
    assert.deepEqual(actions, [
      ['login', 'ada'],
      ['login.approve', 'ada'],
    ])
  })

  it('device: a session refreshes, and is as recent as the login of the browser', async (t) => {
    const {world, pages} = await withUsers(t)
    const browser = await browserSession(world, 'ada')
    world.pass(9 * minute)
    const request = await requestLogin(world)
    await pages.decide({code: request.userCode}, browser)
    const {accessToken, refreshToken} = (await poll(world, request)).body
    assert.equal((await create(world, accessToken)).status, 201)
    world.pass(minute + 1)
    assert.equal(codeOf(await create(world, accessToken)), 'STEP_UP_REQUIRED')
    const refreshed = (await world.call('POST', '/auth/refresh', {body: {refreshToken}})).body
    assert.equal(codeOf(await create(world, refreshed.accessToken)), 'STEP_UP_REQUIRED')
  })

  it('device: polling a pending request writes nothing', async (t) => {
    const {world} = await withUsers(t)
    const request = await requestLogin(world)
    const rows = () => world.query('SELECT * FROM browser_requests')
    const before = [await rows(), await world.store.audit.latest(10)]
    for (let count = 0; count < 3; count++) {
      await poll(world, request)
      world.pass(5 * second)
    }
    assert.deepEqual([await rows(), await world.store.audit.latest(10)], before)
  })

  it('device: stores only the hash of the device code', async (t) => {
    const {world} = await withUsers(t)
    const {deviceCode} = await requestLogin(world)
    const [row] = await world.query('SELECT * FROM browser_requests')
    assert.ok(Buffer.from(row?.['device_hash']).equals(hashSecret(deviceCode)))
    assert.ok(!JSON.stringify(row).includes(deviceCode))
  })

  it('device: a client that polls too fast must slow down, by 5 seconds each time', async (t) => {
    const {world, pages} = await withUsers(t)
    const request = await requestLogin(world)
    await poll(world, request)
    world.pass(4 * second)
    const slowed = await poll(world, request)
    assert.deepEqual([slowed.status, codeOf(slowed), slowed.headers['retry-after']], [429, 'SLOW_DOWN', '10'])
    world.pass(9 * second)
    assert.equal((await poll(world, request)).headers['retry-after'], '15')
    world.pass(15 * second)
    assert.equal(codeOf(await poll(world, request)), 'AUTHORIZATION_PENDING')
    await pages.decide({code: request.userCode}, await browserSession(world, 'ada'))
    assert.equal((await poll(world, request)).status, 200)
  })

  it('device: a denied request logs no one in', async (t) => {
    const {world, pages} = await withUsers(t)
    const request = await requestLogin(world)
    const browser = await browserSession(world, 'ada')
    await pages.decide({code: request.userCode}, browser, false)
    const denied = await poll(world, request)
    assert.deepEqual([denied.status, codeOf(denied)], [403, 'BROWSER_DENIED'])
    assert.equal(await pages.decide({code: request.userCode}, browser), 'unknown')
  })

  it('device: a request expires after 10 minutes, whether or not it was approved', async (t) => {
    const {world, pages} = await withUsers(t)
    const [one, other] = [await requestLogin(world), await requestLogin(world)]
    const browser = await browserSession(world, 'ada')
    await pages.decide({code: one.userCode}, browser)
    world.pass(10 * minute)
    for (const request of [one, other]) {
      const expired = await poll(world, request)
      assert.deepEqual([expired.status, codeOf(expired)], [401, 'DEVICE_CODE_EXPIRED'])
    }
    assert.equal(await pages.decide({code: other.userCode}, browser), 'unknown')
  })

  it('device: a registry without pages offers nothing', async (t) => {
    const world = await createWorld(t)
    assert.equal((await world.call('POST', '/auth/device', {body: {}})).status, 404)
    assert.equal((await world.call('GET', '/registry/policy')).body.browserLogin, undefined)
    const {world: withPages} = await withUsers(t)
    assert.equal((await withPages.call('GET', '/registry/policy')).body.browserLogin, true)
  })
})

describe('a login on a loopback address', () => {
  it('loopback: the redirect has the state and a code, which the verifier exchanges once', async (t) => {
    const {world, pages} = await withUsers(t)
    const id = await requestOnLoopback(world)
    const decided = await pages.decide({id}, await browserSession(world, 'ada'))
    assert.ok(typeof decided === 'object')
    const redirect = new URL(decided.redirect ?? '')
    assert.equal(redirect.origin + redirect.pathname, loopback.redirectUri)
    assert.equal(redirect.searchParams.get('state'), loopback.state)
    const code = redirect.searchParams.get('code')
    assert.equal(codeOf(await complete(world, {code, codeVerifier: 'w'.repeat(43)})), 'DEVICE_CODE_EXPIRED')
    assert.equal((await complete(world, {code, codeVerifier})).body.username, 'ada')
    assert.equal(codeOf(await complete(world, {code, codeVerifier})), 'DEVICE_CODE_EXPIRED')
  })

  it('loopback: the code expires after a minute', async (t) => {
    const {world, pages} = await withUsers(t)
    const decided = await pages.decide({id: await requestOnLoopback(world)}, await browserSession(world, 'ada'))
    assert.ok(typeof decided === 'object')
    const code = new URL(decided.redirect ?? '').searchParams.get('code')
    world.pass(minute)
    assert.equal(codeOf(await complete(world, {code, codeVerifier})), 'DEVICE_CODE_EXPIRED')
  })

  it('loopback: a denied request returns an error without a code', async (t) => {
    const {world, pages} = await withUsers(t)
    const decided = await pages.decide({id: await requestOnLoopback(world)}, await browserSession(world, 'ada'), false)
    assert.ok(typeof decided === 'object')
    assert.equal(decided.redirect, `${loopback.redirectUri}?error=access_denied&state=${loopback.state}`)
  })

  for (const redirectUri of [
    'http://localhost:49152/callback',
    'https://127.0.0.1:49152/callback',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:49152/callback?x=1',
    'http://127.0.0.1:49152@evil.example/callback',
    'http://evil.example:49152/callback',
  ]) {
    it(`attack: a client cannot receive the code at ${redirectUri}`, async (t) => {
      const {world} = await withUsers(t)
      const {status} = await world.call('POST', '/auth/device', {body: {loopback: {...loopback, redirectUri}}})
      assert.equal(status, 400)
    })
  }
})

describe('a confirmation in a browser', () => {
  const ask = async (world: World, token: string) => (await world.call('POST', '/auth/step-up/device', {token})).body
  const finish = (world: World, token: string, {deviceCode}: {deviceCode: string}) =>
    world.call('POST', '/auth/step-up/device/token', {token, body: {deviceCode}})

  it('confirmation: takes over the time at which the browser authenticated the user', async (t) => {
    const {world, pages} = await withUsers(t)
    const {accessToken} = await world.logIn('ada')
    world.pass(11 * minute)
    const browser = await browserSession(world, 'ada')
    world.pass(9 * minute)
    const request = await ask(world, accessToken)
    assert.equal(codeOf(await finish(world, accessToken, request)), 'AUTHORIZATION_PENDING')
    await pages.decide({code: request.userCode}, browser)
    assert.equal((await finish(world, accessToken, request)).status, 204)
    world.pass(minute)
    assert.equal((await create(world, accessToken)).status, 201)
    world.pass(1)
    assert.equal(codeOf(await create(world, accessToken)), 'STEP_UP_REQUIRED')
  })

  it('attack: an approval of an old login confirms nothing', async (t) => {
    const {world, pages} = await withUsers(t)
    const {accessToken} = await world.logIn('ada')
    const browser = await browserSession(world, 'ada')
    world.pass(11 * minute)
    const request = await ask(world, accessToken)
    await pages.decide({code: request.userCode}, browser)
    assert.equal((await finish(world, accessToken, request)).status, 204)
    assert.equal(codeOf(await create(world, accessToken)), 'STEP_UP_REQUIRED')
  })

  it('attack: only the user whose session asked can approve it', async (t) => {
    const {world, pages} = await withUsers(t)
    const {accessToken} = await world.logIn('ada')
    const request = await ask(world, accessToken)
    assert.equal(await pages.decide({code: request.userCode}, await browserSession(world, 'bob')), 'unknown')
    assert.equal(codeOf(await finish(world, accessToken, request)), 'AUTHORIZATION_PENDING')
  })

  it('attack: it confirms only the session that asked, and is not a login', async (t) => {
    const {world, pages} = await withUsers(t)
    const {accessToken} = await world.logIn('ada')
    const {accessToken: another} = await world.logIn('ada')
    const request = await ask(world, accessToken)
    await pages.decide({code: request.userCode}, await browserSession(world, 'ada'))
    assert.equal(codeOf(await finish(world, another, request)), 'DEVICE_CODE_EXPIRED')
    assert.equal(codeOf(await poll(world, request)), 'DEVICE_CODE_EXPIRED')
    assert.equal((await finish(world, accessToken, request)).status, 204)
  })
})

describe('attacks on logins in a browser', () => {
  it('attack: two clients that poll at the same time share one session', async (t) => {
    const {world, pages} = await withUsers(t)
    const request = await requestLogin(world)
    await pages.decide({code: request.userCode}, await browserSession(world, 'ada'))
    const statuses = (await Promise.all([poll(world, request), poll(world, request)])).map(({status}) => status)
    assert.deepEqual(statuses.sort(), [200, 401])
  })

  it('attack: of two simultaneous decisions, one takes effect', async (t) => {
    const {world, pages} = await withUsers(t)
    const request = await requestLogin(world)
    const [ada, bob] = [await browserSession(world, 'ada'), await browserSession(world, 'bob')]
    const outcomes = await Promise.all([
      pages.decide({code: request.userCode}, ada),
      pages.decide({code: request.userCode}, bob, false),
    ])
    assert.equal(outcomes.filter((outcome) => typeof outcome === 'object').length, 1)
  })

  it('attack: guesses of a user code are delayed', async (t) => {
    const {world, pages} = await withUsers(t)
    const request = await requestLogin(world)
    const browser = await browserSession(world, 'ada')
    for (let count = 0; count < 5; count++) assert.equal(await pages.find('BBBB-BBBB', browser), undefined)
    await assert.rejects(pages.find(request.userCode, browser), {code: 'TOO_MANY_ATTEMPTS'})
    const rows = await world.store.audit.latest(10, {action: 'login.fail'})
    assert.deepEqual([rows.length, rows[0]?.detail], [5, {reason: 'user-code'}])
  })

  it('attack: guesses of a device code count as refused credentials', async (t) => {
    const {world} = await withUsers(t)
    const statuses = []
    for (let count = 0; count < 61; count++) statuses.push((await poll(world, {deviceCode: `guess ${count}`})).status)
    assert.deepEqual([statuses[0], statuses.at(-1)], [401, 429])
  })

  it('attack: a network can request 30 logins a minute', async (t) => {
    const {world} = await withUsers(t)
    for (let count = 0; count < 30; count++) await requestLogin(world)
    assert.equal((await world.call('POST', '/auth/device', {body: {}})).status, 429)
  })

  it('attack: confirmations count as logins in that limit', async (t) => {
    const {world} = await withUsers(t)
    const {accessToken: token} = await world.logIn('ada')
    const confirm = async () => (await world.call('POST', '/auth/step-up/device', {token, body: {}})).status
    const first = await confirm()
    for (let count = 0; count < 29; count++) assert.equal(await confirm(), first)
    assert.deepEqual([first, await confirm()], [201, 429])
    assert.equal((await world.call('POST', '/auth/device', {body: {}})).status, 429)
  })

  it('attack: a request with a code cannot be opened by its ID', async (t) => {
    const {world, pages} = await withUsers(t)
    await requestLogin(world)
    const [row] = await world.query('SELECT id FROM browser_requests')
    assert.equal(await pages.findById(row?.['id'], await browserSession(world, 'ada')), undefined)
  })

  const voiding: Record<string, (world: World) => Promise<unknown>> = {
    'a new password': (world) => world.store.users.setPassword('id-of-ada', 'other', operator, world.now()),
    'new factors': (world) => world.enrollMfa('id-of-ada'),
    'revoke-all': (world) => world.store.users.revokeAll('id-of-ada', operator, world.now()),
    'a removal': (world) => world.store.users.remove('id-of-ada', operator, world.now()),
    'a restore': (world) => world.store.sessions.endAll(operator, world.now()),
  }
  for (const [title, change] of Object.entries(voiding)) {
    it(`attack: an approval does not survive ${title}`, async (t) => {
      const {world, pages} = await withUsers(t)
      const request = await requestLogin(world)
      await pages.decide({code: request.userCode}, await browserSession(world, 'ada'))
      await change(world)
      assert.equal((await poll(world, request)).status, 401)
    })
  }

  it('attack: an approval does not log in a disabled user', async (t) => {
    const {world, pages} = await withUsers(t)
    const request = await requestLogin(world)
    await pages.decide({code: request.userCode}, await browserSession(world, 'ada'))
    await world.store.users.setDisabled('id-of-ada', true, operator, world.now())
    assert.equal(codeOf(await poll(world, request)), 'USER_DISABLED')
  })
})

describe("a browser's session", () => {
  it('browser session: ends after 12 hours without use, and after 14 days', async (t) => {
    const {world} = await withUsers(t)
    const cookie = await browserSession(world, 'ada')
    const start = world.now()
    const expiry = async () => (await credentialOf(world, cookie)).expiresAt! - start
    assert.equal(await expiry(), 12 * hour)
    world.pass(hour)
    const use = {address: '127.0.0.1', agent: null, action: 'whoami', package: null, refused: false}
    await world.store.credentials.recordUse(await credentialOf(world, cookie), use, world.now())
    assert.equal(await expiry(), 13 * hour)
    await world.query('UPDATE credential_uses SET last_used_at = ?1', start + 14 * day - hour)
    assert.equal(await expiry(), 14 * day)
  })

  it('browser session: has a new value after each confirmation, and the old one ends', async (t) => {
    const {world} = await withUsers(t)
    const cookie = await browserSession(world, 'ada')
    world.pass(11 * minute)
    const next = await confirmIn(world, cookie)
    assert.notEqual(next, cookie)
    assert.notEqual((await credentialOf(world, cookie)).revokedAt, null)
    const {revokedAt, authenticatedAt} = await credentialOf(world, next)
    assert.deepEqual([revokedAt, authenticatedAt], [null, world.now()])
  })

  it('browser session: is listed and revoked like others', async (t) => {
    const {world} = await withUsers(t)
    const cookie = await browserSession(world, 'ada')
    const {accessToken: token} = await world.logIn('ada')
    const {sessions} = (await world.call('GET', '/auth/sessions', {token})).body
    const listed = sessions.find(({current}: {current: boolean}) => !current)
    assert.deepEqual(
      [sessions.length, listed.login.agent, listed.expires],
      [2, 'a browser', new Date(world.now() + 12 * hour).toISOString()],
    )
    assert.equal((await world.call('DELETE', `/auth/sessions/${listed.id}`, {token})).status, 204)
    assert.notEqual((await credentialOf(world, cookie)).revokedAt, null)
  })

  it('attack: its cookie is refused as a bearer credential, for a refresh and for logging out', async (t) => {
    const {world} = await withUsers(t)
    const cookie = await browserSession(world, 'ada')
    assert.equal(codeOf(await world.call('GET', '/auth/whoami', {token: cookie})), 'CREDENTIAL_UNKNOWN')
    const refresh = await world.call('POST', '/auth/refresh', {body: {refreshToken: cookie}})
    assert.equal(codeOf(refresh), 'REFRESH_INVALID')
    assert.equal((await world.call('POST', '/auth/logout', {token: cookie})).status, 401)
    assert.equal((await credentialOf(world, cookie)).revokedAt, null)
  })

  it('browser session: anyone who finds its cookie can revoke it', async (t) => {
    const {world} = await withUsers(t)
    const cookie = await browserSession(world, 'ada')
    await world.call('POST', '/auth/revoke', {body: {values: [cookie]}})
    assert.notEqual((await credentialOf(world, cookie)).revokedAt, null)
  })
})

describe('user codes', () => {
  it('user code: case, spaces and the hyphen do not matter', () => {
    for (const typed of ['WDJB-MJHT', 'wdjbmjht', ' wdjb mjht ']) assert.equal(parseUserCode(typed), 'WDJBMJHT')
    for (const typed of ['', 'WDJB-MJH', 'WDJB-MJHA', 'WDJB-MJHTT']) assert.equal(parseUserCode(typed), undefined)
    assert.equal(formatUserCode('WDJBMJHT'), 'WDJB-MJHT')
  })
})
