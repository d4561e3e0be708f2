import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {describe, it, type TestContext} from 'node:test'

import {generateKeyPair, toBase64} from '@apkg/package-format/signing'
import {TOTP} from 'otpauth'

import {operator} from '../../../src/server/store/store.js'
import {Browser, sameOrigin} from '../../support/browser.js'
import {packageOf} from '../../support/uploads.js'
import {upload} from '../../support/web.js'
import {createWorld, hour, minute, password, second} from '../../support/world.js'

async function withAda(t: TestContext, changes: Parameters<typeof createWorld>[1] = {}) {
  const world = await createWorld(t, {browserLogin: true, ...changes})
  await world.addUser('ada')
  await world.addUser('bob')
  const browser = new Browser(world)
  return {world, browser}
}

async function loggedIn(t: TestContext, changes: Parameters<typeof createWorld>[1] = {}) {
  const found = await withAda(t, changes)
  await logIn(found.browser)
  return found
}

async function logIn(browser: Browser, username = 'ada') {
  const {status} = await browser.submit('/-/login', {username, password})
  assert.equal(status, 303)
}

async function formToken(browser: Browser): Promise<string> {
  return /name="token" value="([^"]+)"/.exec((await browser.get('/-/account')).html)?.[1] ?? ''
}

/** A login form that was open in another tab. */
async function logInAgain(browser: Browser, username = 'ada') {
  const {status} = await browser.post('/-/login', {token: await formToken(browser), username, password})
  assert.equal(status, 303)
}

const sessionCookie = ({cookies}: Browser) => [...cookies].find(([name]) => name.includes('session'))?.[1]

describe('the login page', () => {
  it('login page: logs in, returns to the page, and sets a cookie that scripts and other sites do not get', async (t) => {
    const {browser} = await withAda(t)
    const page = await browser.get('/-/login?to=%2F-%2Fdevice')
    assert.equal(page.headers['cache-control'], 'no-store')
    const {status, headers} = await browser.submit(page, {username: 'ada', password})
    assert.deepEqual([status, headers['location']], [303, '/-/device'])
    const [cookie] = [headers['set-cookie']].flat()
    assert.match(cookie ?? '', /^apkg-session-80=apkgw_\w+; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/)
    assert.equal((await browser.get('/-/device')).status, 200)
  })

  it('login page: off loopback, the cookie is bound to https and the host', async (t) => {
    const {browser} = await withAda(t, {publicUrl: new URL('https://r.example.com')})
    const page = await browser.get('/-/login')
    const {headers} = await browser.submit(page, {username: 'ada', password})
    const [cookie] = [headers['set-cookie']].flat()
    assert.match(
      cookie ?? '',
      /^__Host-apkg-session=apkgw_\w+; Max-Age=1209600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  })

  it('login page: a wrong password shows the form again, with the username and without the password', async (t) => {
    const {browser} = await withAda(t)
    const {status, html} = await browser.submit('/-/login', {username: 'ada', password: 'a wrong one'})
    assert.equal(status, 401)
    assert.match(html, /The username or password is wrong/)
    assert.match(html, /value="ada"/)
    assert.doesNotMatch(html, /a wrong one/)
    assert.equal(sessionCookie(browser), undefined)
  })

  it('login page: asks for the second factor, again after a wrong code', async (t) => {
    const {world, browser} = await withAda(t)
    const {secret} = await world.enrollMfa('id-of-ada')
    const asked = await browser.submit('/-/login', {username: 'ada', password})
    assert.equal(asked.status, 200)
    const wrong = await browser.submit(asked, {code: '000000'})
    assert.deepEqual([wrong.status, /already used/.test(wrong.html)], [401, true])
    const code = new TOTP({secret}).generate({timestamp: world.now()})
    assert.equal((await browser.submit(wrong, {code})).status, 303)
    assert.ok(sessionCookie(browser))
  })

  it('login page: an expired session is asked to log in again, and public pages stay readable', async (t) => {
    const {world, browser} = await loggedIn(t)
    world.pass(12 * hour)
    const {status, headers} = await browser.get('/-/device')
    assert.deepEqual([status, headers['location']], [303, '/-/login?to=%2F-%2Fdevice'])
    assert.equal(sessionCookie(browser), undefined)
    assert.equal((await browser.get('/')).status, 200)
  })

  it('logout: ends the session, forgets the cookie and clears the cache', async (t) => {
    const {world, browser} = await loggedIn(t)
    const cookie = sessionCookie(browser)
    const {status, headers} = await browser.submit('/-/account', {}, 0)
    assert.deepEqual([status, headers['location'], headers['clear-site-data']], [303, '/', '"cache"'])
    assert.equal(sessionCookie(browser), undefined)
    const again = new Browser(world)
    again.cookies.set('apkg-session-80', cookie ?? '')
    assert.equal((await again.get('/-/account')).headers['location'], '/-/login?to=%2F-%2Faccount')
  })
})

describe('attacks on forms and cookies', () => {
  it('attack: a form without a token, with another one, or from another site changes nothing', async (t) => {
    const {browser} = await withAda(t)
    const {html} = await browser.get('/-/login')
    const token = /name="token" value="([^"]+)"/.exec(html)?.[1] ?? ''
    const fields = {username: 'ada', password, to: '/'}
    const crossSite = {'sec-fetch-site': 'cross-site'}
    for (const [form, headers] of [
      [fields, sameOrigin],
      [{...fields, token: token.replace(/.$/, '')}, sameOrigin],
      [{...fields, token}, crossSite],
      [{...fields, token}, {'sec-fetch-site': 'same-site'}],
      [{...fields, token}, {origin: 'http://evil.example'}],
      [{...fields, token}, {origin: 'null'}],
      [{...fields, token}, {}],
    ] as [Record<string, string>, Record<string, string>][]) {
      const {status} = await browser.post('/-/login', form, headers)
      assert.equal(status, 403, JSON.stringify([form, headers]))
    }
    assert.equal(sessionCookie(browser), undefined)
    assert.equal((await browser.post('/-/login', {...fields, token}, {origin: 'http://localhost'})).status, 303)
  })

  it("attack: another user's token of a form does not work", async (t) => {
    const {world, browser} = await loggedIn(t)
    const other = new Browser(world)
    await logIn(other, 'bob')
    const token = /name="token" value="([^"]+)"/.exec((await other.get('/-/device')).html)?.[1] ?? ''
    assert.equal((await browser.post('/-/logout', {token})).status, 403)
    assert.ok(sessionCookie(browser))
  })

  it('attack: an API token or an access token in the cookie is not accepted', async (t) => {
    const {world, browser} = await withAda(t)
    const {accessToken} = await world.logIn('ada')
    const {token} = await world.createToken(accessToken, {name: 'ci', scopes: ['admin']})
    for (const value of [accessToken, token]) {
      browser.cookies.set('apkg-session-80', value)
      assert.equal((await browser.get('/-/account')).status, 303)
      assert.equal(sessionCookie(browser), undefined)
    }
  })

  it("attack: the browser's session is not accepted in the header, and the API reads no cookie", async (t) => {
    const {world, browser} = await loggedIn(t)
    const cookie = sessionCookie(browser) ?? ''
    assert.equal((await world.call('GET', '/auth/whoami', {token: cookie})).status, 401)
    const {statusCode} = await world.app.inject({url: '/auth/whoami', headers: {cookie: `apkg-session-80=${cookie}`}})
    assert.equal(statusCode, 401)
  })

  for (const to of [
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/-/logout',
    '/auth/whoami',
    '/-/nothing',
    '',
  ]) {
    it(`attack: a login does not return to ${JSON.stringify(to)}`, async (t) => {
      const {browser} = await withAda(t)
      const page = await browser.get(`/-/login?${new URLSearchParams({to}).toString()}`)
      const {headers} = await browser.submit(page, {username: 'ada', password, to})
      assert.equal(headers['location'], '/')
    })
  }

  it('attack: wrong passwords are delayed as for the API', async (t) => {
    const {browser} = await withAda(t)
    const guess = () => browser.submit('/-/login', {username: 'ada', password: 'wrong'})
    for (let count = 0; count < 5; count++) assert.equal((await guess()).status, 401)
    const {status, html} = await guess()
    assert.deepEqual([status, /Too many attempts/.test(html)], [429, true])
  })
})

describe('the pages that approve a command line', () => {
  const codeVerifier = 'v'.repeat(43)
  const loopback = {
    redirectUri: 'http://127.0.0.1:49152/callback',
    codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    state: 's'.repeat(16),
  }
  const agent = 'apkg/1.0 <b>'
  const device = {body: {}, headers: {'user-agent': agent}, from: '192.0.2.7'}

  it('device page: shows the client that asks, and logs it in after a factor', async (t) => {
    const {world, browser} = await loggedIn(t)
    const {deviceCode, userCode} = (await world.call('POST', '/auth/device', device)).body
    const asked = await browser.submit(`/-/device?userCode=${userCode}`, {userCode: userCode.toLowerCase()})
    assert.match(asked.html, /Log in on the command line/)
    assert.match(asked.html, /Enter your password again\. Being logged in is not enough/)
    for (const text of ['ada', '192.0.2.7', 'apkg/1.0 &lt;b']) assert.ok(asked.html.includes(text), text)
    const wrong = await browser.submit(asked, {password: 'wrong', decision: 'approve'})
    assert.deepEqual([wrong.status, /The password is wrong/.test(wrong.html)], [401, true])
    const before = sessionCookie(browser)
    const done = await browser.submit(wrong, {password, decision: 'approve'})
    assert.deepEqual([done.status, /Approved/.test(done.html)], [200, true])
    assert.notEqual(sessionCookie(browser), before)
    world.pass(5 * second)
    const {body} = await world.call('POST', '/auth/device/token', {body: {deviceCode}})
    assert.equal(body.username, 'ada')
  })

  it('device page: the link does not fill in the code', async (t) => {
    const {world, browser} = await loggedIn(t)
    const {userCode} = (await world.call('POST', '/auth/device', device)).body
    for (const name of ['userCode', 'user_code', 'code']) {
      assert.ok(!(await browser.get(`/-/device?${name}=${userCode}`)).html.includes(userCode))
    }
  })

  it('device page: an approval without a factor is refused, and a denial needs none', async (t) => {
    const {world, browser} = await loggedIn(t)
    const {deviceCode, userCode} = (await world.call('POST', '/auth/device', device)).body
    const asked = await browser.submit('/-/device', {userCode})
    assert.equal((await browser.submit(asked, {decision: 'approve'})).status, 401)
    const poll = () => world.call('POST', '/auth/device/token', {body: {deviceCode}})
    assert.equal((await poll()).body.error.code, 'AUTHORIZATION_PENDING')
    assert.match((await browser.submit(asked, {decision: 'deny'})).html, /Denied/)
    assert.equal((await poll()).body.error.code, 'BROWSER_DENIED')
  })

  it('device page: needs the second factor, too', async (t) => {
    const {world, browser} = await withAda(t)
    const {recoveryCodes} = await world.enrollMfa('id-of-ada')
    const asked = await browser.submit('/-/login', {username: 'ada', password})
    await browser.submit(asked, {code: recoveryCodes[0] ?? ''})
    const {userCode} = (await world.call('POST', '/auth/device', device)).body
    const request = await browser.submit('/-/device', {userCode})
    assert.match(request.html, /Authentication code/)
    assert.equal((await browser.submit(request, {password, decision: 'approve'})).status, 401)
    const code = recoveryCodes[1] ?? ''
    assert.match((await browser.submit(request, {password, code, decision: 'approve'})).html, /Approved/)
  })

  it("attack: another user can't approve a confirmation", async (t) => {
    const {world, browser} = await withAda(t)
    const {accessToken: token} = await world.logIn('ada')
    const {userCode} = (await world.call('POST', '/auth/step-up/device', {token})).body
    await logIn(browser, 'bob')
    const {status, html} = await browser.submit('/-/device', {userCode})
    assert.deepEqual([status, /Code not found/.test(html)], [400, true])
  })

  it('authorize page: ends in a page that returns to the loopback address by link and refresh', async (t) => {
    const {world, browser} = await loggedIn(t)
    const {verificationUri} = (await world.call('POST', '/auth/device', {body: {loopback}})).body
    const {pathname, search} = new URL(verificationUri, 'http://localhost')
    const done = await browser.submit(pathname + search, {password, decision: 'approve'})
    assert.equal(done.status, 200)
    const target = /^0;url=(.*)$/.exec(done.headers['refresh'] ?? '')?.[1] ?? ''
    assert.ok(done.html.includes(target.replaceAll('&', '&amp;')))
    const {searchParams, origin} = new URL(target)
    assert.deepEqual([origin, searchParams.get('state')], ['http://127.0.0.1:49152', loopback.state])
    const body = {code: searchParams.get('code'), codeVerifier}
    assert.equal((await world.call('POST', '/auth/device/token', {body})).body.username, 'ada')
    assert.equal((await browser.get(pathname + search)).status, 404)
  })

  it('authorize page: asks visitors to log in, and returns', async (t) => {
    const {world, browser} = await withAda(t)
    const {verificationUri} = (await world.call('POST', '/auth/device', {body: {loopback}})).body
    const {pathname, search} = new URL(verificationUri, 'http://localhost')
    const {headers} = await browser.get(pathname + search)
    const login = await browser.submit(headers['location'] ?? '', {username: 'ada', password})
    assert.equal(login.headers['location'], pathname + search)
  })
})

describe('a session that gets another value', () => {
  it('attack: an approval ends with the session that gave it', async (t) => {
    for (const how of ['logout', 'revoke', 'logout and revoke', 'login'] as const) {
      const {world, browser} = await loggedIn(t)
      const {accessToken: token} = await world.logIn('ada')
      const {deviceCode, userCode} = (await world.call('POST', '/auth/device', {body: {}})).body
      const asked = await browser.submit('/-/device', {userCode})
      assert.match((await browser.submit(asked, {password, decision: 'approve'})).html, /Approved/)
      const {sessions} = (await world.call('GET', '/auth/sessions', {token})).body
      // Its own session comes last.
      sessions.sort((one: {current: boolean}, other: {current: boolean}) => Number(one.current) - Number(other.current))
      if (how.includes('logout')) await browser.submit('/-/account', {}, 0)
      if (how === 'login') await logInAgain(browser)
      if (how.includes('revoke')) {
        for (const {id} of sessions) await world.call('DELETE', `/auth/sessions/${id}`, {token})
      }
      const {body} = await world.call('POST', '/auth/device/token', {body: {deviceCode}})
      assert.equal(body.error?.code, 'DEVICE_CODE_EXPIRED', how)
    }
  })

  it('session: the end of a session of a command line leaves approvals in the browser alone', async (t) => {
    const {world, browser} = await loggedIn(t)
    const {accessToken: token} = await world.logIn('ada')
    const {deviceCode, userCode} = (await world.call('POST', '/auth/device', {body: {}})).body
    await browser.submit(await browser.submit('/-/device', {userCode}), {password, decision: 'approve'})
    await world.call('POST', '/auth/logout', {token, body: {}})
    assert.equal((await world.call('POST', '/auth/device/token', {body: {deviceCode}})).body.username, 'ada')
  })

  it('session: a form with a factor that is submitted twice takes effect once, and the browser stays logged in', async (t) => {
    const {world, browser} = await loggedIn(t)
    const {deviceCode, userCode} = (await world.call('POST', '/auth/device', {body: {}})).body
    const asked = await browser.submit('/-/device', {userCode})
    const approve = () => browser.submit(asked, {password, decision: 'approve'})
    const answers = await Promise.all([approve(), approve()])
    assert.deepEqual(answers.map(({status}) => status).toSorted(), [200, 409])
    const second = answers.find(({status}) => status === 409)
    assert.equal(second?.headers['set-cookie'], undefined)
    assert.match(second?.html ?? '', /Already sent.*href="\/-\/account"/s)
    assert.equal((await browser.get('/-/account')).status, 200)
    assert.equal((await world.call('POST', '/auth/device/token', {body: {deviceCode}})).body.username, 'ada')
  })

  it('session: a token that is created twice with a factor is created once', async (t) => {
    const {world, browser} = await loggedIn(t)
    world.pass(11 * minute)
    const page = await browser.get('/-/account/new-token')
    const create = () => browser.submit(page, {name: 'ci', 'scope-read': 'on', expires: '30d', password})
    const answers = await Promise.all([create(), create()])
    assert.deepEqual(answers.map(({status}) => status).toSorted(), [200, 409])
    assert.equal((await browser.get('/-/account')).status, 200)
  })

  it('session: a browser that never got the new value is asked to log in, after a minute', async (t) => {
    const {world, browser} = await loggedIn(t)
    const before = sessionCookie(browser) ?? ''
    const {userCode} = (await world.call('POST', '/auth/device', {body: {}})).body
    await browser.submit(await browser.submit('/-/device', {userCode}), {password, decision: 'approve'})
    browser.cookies.set('apkg-session-80', before)
    assert.equal((await browser.get('/-/account')).status, 409)
    assert.match((await browser.get('/-/login')).html, /type="password"/)
    world.pass(minute)
    assert.equal((await browser.get('/-/account')).status, 303)
    assert.equal(sessionCookie(browser), undefined)
  })

  it('session: another login in the same browser ends the one before', async (t) => {
    for (const username of ['ada', 'bob']) {
      const {world, browser} = await loggedIn(t)
      const before = sessionCookie(browser) ?? ''
      await logInAgain(browser, username)
      const old = new Browser(world)
      old.cookies.set('apkg-session-80', before)
      world.pass(minute)
      assert.equal((await old.get('/-/account')).status, 303, username)
      assert.equal((await browser.get('/-/account')).status, 200, username)
      const [row] = await world.store.audit.latest(1, {action: 'session.end'})
      assert.equal(row?.name, 'ada')
    }
  })

  it('session: another login with MFA ends the one before', async (t) => {
    const {world, browser} = await loggedIn(t)
    const {secret} = await world.enrollMfa('id-of-ada')
    const before = sessionCookie(browser) ?? ''
    const token = await formToken(browser)
    const asked = await browser.post('/-/login', {token, username: 'ada', password})
    const code = new TOTP({secret}).generate({timestamp: world.now()})
    assert.equal((await browser.submit(asked, {code})).status, 303)
    const old = new Browser(world)
    old.cookies.set('apkg-session-80', before)
    world.pass(minute)
    assert.equal((await old.get('/-/account')).status, 303)
  })

  it('session: while the network is throttled, an expired cookie does not prevent a login', async (t) => {
    const {world, browser} = await loggedIn(t)
    const cookie = sessionCookie(browser) ?? ''
    await browser.submit('/-/account', {}, 0)
    for (let count = 0; count < 200; count++) await world.call('GET', '/auth/whoami', {token: 'unknown'})
    assert.equal((await world.call('GET', '/auth/whoami', {token: 'unknown'})).status, 429)
    browser.cookies.set('apkg-session-80', cookie)
    assert.match((await browser.get('/-/login')).html, /type="password"/)
    browser.cookies.set('apkg-session-80', cookie)
    const {status, headers} = await browser.get('/-/device')
    assert.deepEqual([status, headers['location']], [303, '/-/login?to=%2F-%2Fdevice'])
    assert.equal(sessionCookie(browser), undefined)
    await logIn(browser)
    assert.equal((await browser.get('/-/device')).status, 200)
    assert.equal((await browser.get('/-/login')).headers['location'], '/')
  })
})

describe('the account pages', () => {
  it('account: creates a token whose value is shown once', async (t) => {
    const {world, browser} = await loggedIn(t)
    const created = await browser.submit('/-/account/new-token', {
      ...{name: 'ci', 'scope-read': 'on', 'scope-publish': 'on', packages: '@ada/*', expires: '30d', note: ''},
    })
    assert.deepEqual([created.status, created.headers['cache-control']], [200, 'no-store'])
    const value = /apkgt_\w{38}/.exec(created.html)?.[0]
    const {body} = await world.call('GET', '/auth/whoami', {token: value})
    assert.deepEqual([body.username, body.credential.packagePatterns], ['ada', ['@ada/*']])
    const account = await browser.get('/-/account')
    assert.ok(account.html.includes('>ci<') && !account.html.includes(value ?? ''))
    const again = await browser.submit('/-/account/new-token', {name: 'ci', 'scope-read': 'on', expires: '30d'})
    assert.deepEqual([again.status, /shown once/.test(again.html)], [400, true])
  })

  it('account: an old login is confirmed in the form, which keeps what was typed', async (t) => {
    const {world, browser} = await loggedIn(t)
    const early = await browser.get('/-/account/new-token')
    assert.doesNotMatch(early.html, /type="password"/)
    world.pass(11 * minute)
    const fields = {name: 'late', 'scope-read': 'on', expires: '30d', note: 'for the night'}
    const refused = await browser.submit(early, fields)
    assert.match(refused.html, /<a href="#password">[^<]*Confirm your password/)
    assert.match(refused.html, /value="for the night"/)
    const wrong = await browser.submit(refused, {...fields, password: 'wrong'})
    assert.match(wrong.html, /<a href="#password">The password is wrong/)
    assert.match((await browser.submit(wrong, {...fields, password: ''})).html, /<a href="#password">/)
    assert.match((await browser.submit(wrong, {...fields, password})).html, /apkgt_/)
  })

  it('account: rotates, suspends, resumes and revokes a token on a page that asks', async (t) => {
    const {world, browser} = await loggedIn(t)
    const {accessToken: session} = await world.logIn('ada')
    const {id, token} = await world.createToken(session, {name: 'ci'})
    const pageOf = (action: string) => browser.get(`/-/account/change-token?id=${id}&action=${action}`)
    const works = async (value: string) => (await world.call('GET', '/auth/whoami', {token: value})).status === 200

    await browser.submit(await pageOf('suspend'), {})
    assert.equal(await works(token), false)
    assert.match((await browser.get(`/-/account/token?id=${id}`)).html, /suspended/)
    await browser.submit(await pageOf('resume'), {})
    assert.equal(await works(token), true)

    const rotation = await pageOf('rotate')
    assert.doesNotMatch(rotation.html, /was rotated before/)
    const next = /apkgt_\w{38}/.exec((await browser.submit(rotation, {})).html)?.[0] ?? ''
    const repeated = await browser.submit(rotation, {})
    assert.match(repeated.html, /already rotated/)
    const unused = await pageOf('rotate')
    assert.doesNotMatch(unused.html, /was rotated before/)
    assert.equal(await works(next), true)
    const second = await pageOf('rotate')
    assert.ok(second.html.includes(`the value that was replaced then, ${token.slice(0, 12)}…, ends now`), second.html)

    const {headers} = await browser.submit(await pageOf('revoke'), {})
    assert.match(headers['location'] ?? '', /^\/-\/account\?notice=/)
    assert.equal(await works(next), false)
  })

  it('account: says what happened after a change, once and only in the browser that made it', async (t) => {
    const {world, browser} = await loggedIn(t)
    const {accessToken: session} = await world.logIn('ada')
    const {id} = await world.createToken(session, {name: 'ci <b>'})
    const page = await browser.get(`/-/account/change-token?id=${id}&action=revoke`)
    const {headers} = await browser.submit(page, {})
    const notice = headers['location'] ?? ''
    assert.match((await browser.get(notice)).html, /role="status"[^>]*><bdi>The token “ci &lt;b>” was revoked/)
    assert.doesNotMatch((await browser.get(notice.replace('revoked', 'resumed'))).html, /was resumed/)
    const other = new Browser(world)
    await logIn(other)
    assert.doesNotMatch((await other.get(notice)).html, /was revoked/)
  })

  it('account: a new token can be limited as on the command line', async (t) => {
    const {world, browser} = await loggedIn(t)
    const {html} = await browser.submit('/-/account/new-token', {
      ...{name: 'ci', 'scope-publish:new': 'on', packages: '@ada/tool', ip: '192.0.2.0/24, 2001:db8::1', uses: '3'},
      ...{expires: '12h'},
    })
    assert.match(html, /apkgt_/)
    const {accessToken: token} = await world.logIn('ada')
    const [made] = (await world.call('GET', '/auth/tokens', {token})).body.tokens
    assert.deepEqual(
      [made.scopes, made.packagePatterns, made.addresses, made.uses, made.expiresIn],
      [['publish:new'], ['@ada/tool'], ['192.0.2.0/24', '2001:db8::1/128'], 3, '12h'],
    )
    const integrity = `sha256-${'A'.repeat(43)}=`
    const release = {packages: '@ada/tool@1.0.0', expires: '1h', 'scope-publish:new': 'on', uses: '1'}
    const incomplete = await browser.submit('/-/account/new-token', {name: 'one', ...release})
    assert.match(incomplete.html, /href="#integrity">Integrity is required/)
    assert.match((await browser.submit('/-/account/new-token', {name: 'one', ...release, integrity})).html, /apkgt_/)
    const {tokens} = (await world.call('GET', '/auth/tokens', {token})).body
    assert.deepEqual(tokens.find((each: {name: string}) => each.name === 'one').release, {
      ...{version: '1.0.0', integrity, tag: 'latest'},
    })
  })

  it('account: errors of the form name its labels and link to its fields', async (t) => {
    const {browser} = await loggedIn(t)
    const fields = {name: 'ci', 'scope-read': 'on'}
    for (const [id, label, typed] of [
      ['name', 'Label', {name: ''}],
      ['packages', 'Packages', {packages: 'tool'}],
      ['ip', 'IP addresses', {ip: '192.0.2.0/33'}],
      ['uses', 'Uses', {uses: 'x'}],
      ['uses', 'Uses', {uses: '2'}],
      ['expires', 'Expires', {expires: 'soon'}],
      ['integrity', 'Integrity', {packages: '@ada/x@1.0.0', integrity: 'sha256-x'}],
      ['scope-read', 'Choose at least one scope', {'scope-read': undefined}],
    ] as const) {
      const sent = Object.entries({expires: '30d', ...fields, ...typed}).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as const],
      )
      const {status, html} = await browser.submit('/-/account/new-token', Object.fromEntries(sent))
      assert.equal(status, 400, label)
      assert.ok(html.includes(`<a href="#${id}">${label}`), `${label} in ${html}`)
      assert.ok(html.includes(`id="${id}"`), id)
      assert.doesNotMatch(html, /packageScope|expiresIn|addresses must/)
    }
  })

  it('account: the lifetime of a new token begins with the default of the registry, or its maximum', async (t) => {
    const {world, browser} = await loggedIn(t)
    const shown = async () =>
      /name="expires"[^>]*value="([^"]*)"/.exec((await browser.get('/-/account/new-token')).html)?.[1]
    assert.equal(await shown(), 'never')
    await world.store.policy.set({maxTokenLifetime: '30d'}, operator, world.now())
    assert.equal(await shown(), '30d')
    await world.store.policy.set({defaultTokenLifetime: '7d'}, operator, world.now())
    assert.equal(await shown(), '7d')
  })

  it('account: filters tokens, and shows when they were last used', async (t) => {
    const {world, browser} = await loggedIn(t)
    const {accessToken: session} = await world.logIn('ada')
    const tokens = new Map<string, {id: string; token: string}>()
    for (const name of ['used', 'other', 'paused', 'over', 'dead']) {
      tokens.set(name, await world.createToken(session, {name, ...(name === 'over' && {expiresIn: '15m'})}))
    }
    for (const name of ['used', 'other']) {
      await world.call('GET', '/auth/whoami', {token: tokens.get(name)?.token})
      world.pass(minute)
    }
    await world.call('POST', `/auth/tokens/${tokens.get('paused')?.id}/suspend`, {token: session})
    await world.call('DELETE', `/auth/tokens/${tokens.get('dead')?.id}`, {token: session})
    world.pass(15 * minute)
    const shown = async (show: string) => {
      const {html} = await browser.get(`/-/account/tokens?show=${show}`)
      const names = [...html.matchAll(/\/-\/account\/token\?id=[^>]*><bdi>(\w+)/g)].map(([, name]) => name).toSorted()
      return {names, dots: html.split('<circle').length - 1}
    }
    assert.deepEqual(await shown('current'), {names: ['other', 'paused', 'used'], dots: 2})
    assert.deepEqual(await shown('active'), {names: ['other', 'used'], dots: 2})
    assert.deepEqual(await shown('suspended'), {names: ['paused'], dots: 0})
    assert.deepEqual(await shown('expired'), {names: ['over'], dots: 0})
    assert.deepEqual(await shown('revoked'), {names: ['dead'], dots: 0})
    assert.deepEqual(await shown('unused'), {names: ['paused'], dots: 0})
    assert.deepEqual(await shown('constructor'), await shown('current'))
    const {html} = await browser.get(`/-/account/token?id=${tokens.get('dead')?.id}`)
    assert.match(html, /revoked.*Revoked by.*ada/s)
  })

  it('account: the log of a token names the token and the package', async (t) => {
    const {world, browser} = await loggedIn(t)
    const {accessToken: session} = await world.logIn('ada')
    const {id, token} = await world.createToken(session, {name: 'ci'})
    await world.createToken(session, {name: 'other'})
    await upload(world, token, await packageOf({name: '@ada/tool'}))
    const {html} = await browser.get(`/-/account/log?token=${id}`)
    assert.match(html, /<a href="\/@ada\/tool"><bdi>@ada\/tool/)
    assert.doesNotMatch(html, />other</)
  })

  it('account: lists sessions and revokes one', async (t) => {
    const {world, browser} = await loggedIn(t)
    const {accessToken} = await world.logIn('ada')
    const account = await browser.get('/-/account')
    assert.match(account.html, /this browser/)
    const {headers} = await browser.submit(account, {}, 1)
    const {html} = await browser.get(headers['location'] ?? '')
    assert.match(html, /<bdi>The session of 20\d\d-\d\d-\d\d \d\d:\d\d UTC was revoked\.</)
    assert.equal((await world.call('GET', '/auth/whoami', {token: accessToken})).status, 401)
    assert.equal((await browser.get('/-/account')).status, 200)
  })

  it('account: lists signing keys, and revokes one with a reason', async (t) => {
    const {world, browser} = await loggedIn(t)
    const {accessToken: token} = await world.logIn('ada')
    assert.match((await browser.get('/-/account/keys')).html, /no signing keys yet/)
    const {publicKey} = generateKeyPair()
    const key = {publicKey: toBase64(publicKey), name: 'laptop'}
    const {keyId} = (await world.call('POST', '/auth/keys', {token, body: key})).body
    const page = await browser.get(`/-/account/revoke-key?keyId=${encodeURIComponent(keyId)}`)
    assert.equal((await browser.submit(page, {})).status, 400)
    await browser.submit(page, {reason: 'key-compromise'})
    const [revoked] = (await world.call('GET', '/auth/keys', {token})).body.keys
    assert.deepEqual([revoked.status, revoked.reason], ['revoked', 'key-compromise'])
    assert.equal((await browser.get('/-/account/revoke-key?keyId=unknown')).status, 404)
  })

  it('account: lists trusted publishers, and removes one after a confirmation', async (t) => {
    const {world, browser} = await loggedIn(t, {publicUrl: new URL('http://127.0.0.1:4873')})
    const {accessToken: token} = await world.logIn('ada')
    const project = {provider: 'github', claims: {repository: 'ada/tool'}, workflow: 'publish.yml'}
    const body = {package: '@ada/tool', ...project}
    const {id} = (await world.call('POST', '/auth/trusted-publishers', {token, body})).body
    assert.match((await browser.get('/-/account/publishers')).html, /github:ada\/tool/)
    world.pass(11 * minute)
    const page = await browser.get(`/-/account/remove-publisher?id=${id}`)
    assert.equal((await browser.submit(page, {password: 'wrong'})).status, 400)
    await browser.submit(page, {password})
    assert.deepEqual((await world.call('GET', '/auth/trusted-publishers', {token})).body.publishers, [])
  })

  it("attack: another user's token and session are not found", async (t) => {
    const {world, browser} = await loggedIn(t)
    const {accessToken} = await world.logIn('bob')
    const {id} = await world.createToken(accessToken, {name: 'of bob'})
    assert.equal((await browser.get(`/-/account/token?id=${id}`)).status, 404)
    const token = /name="token" value="([^"]+)"/.exec((await browser.get('/-/account')).html)?.[1] ?? ''
    const {sessions} = (await world.call('GET', '/auth/sessions', {token: accessToken})).body
    assert.equal((await browser.post('/-/account/revoke-session', {token, id: sessions[0].id})).status, 404)
    assert.equal((await world.call('GET', '/auth/whoami', {token: accessToken})).status, 200)
  })

  it('error pages: offer a login only to visitors without one', async (t) => {
    const {browser} = await withAda(t)
    const before = (await browser.get('/@ada/none')).html
    assert.match(before, /<a class="button" href="[^"]*login[^"]*">Log in/)
    await logIn(browser)
    const {status, html} = await browser.get('/@ada/none')
    assert.equal(status, 404)
    assert.match(html, /you are not allowed to see it/)
    assert.doesNotMatch(html, /Log in|log in/)
  })

  it('account: every page of it needs a login', async (t) => {
    const {browser} = await withAda(t)
    for (const url of [
      '/-/account',
      '/-/account/log',
      '/-/account/new-token',
      '/-/account/tokens',
      '/-/account/token?id=x',
      '/-/device',
    ]) {
      const {status, headers} = await browser.get(url)
      assert.deepEqual([status, headers['location']], [303, `/-/login?to=${encodeURIComponent(url)}`], url)
    }
  })

  it('account: no page has an inline style or script, and all forbid storing', async (t) => {
    const {browser} = await loggedIn(t)
    for (const url of [
      '/-/account',
      '/-/account/log',
      '/-/account/new-token',
      '/-/account/tokens',
      '/-/account/keys',
      '/-/device',
    ]) {
      const {status, headers, html} = await browser.get(url)
      assert.deepEqual([status, headers['cache-control']], [200, 'no-store'], url)
      assert.doesNotMatch(html, /<style|style=|<script(?! type="module" src="[^"]+"><\/script>)/, url)
    }
  })
})
