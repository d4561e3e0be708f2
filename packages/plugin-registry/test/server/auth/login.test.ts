import assert from 'node:assert/strict'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, it} from 'node:test'

import {TOTP} from 'otpauth'

import {defaultConfig} from '../../../src/server/config.js'
import {operator} from '../../../src/server/store/store.js'
import {createWorld, hour, minute, password, second, type World} from '../../support/world.js'
import {ignored, worldDatabase} from '../../support/world-database.js'

const login = (world: World, username: string, given: string, from?: string) =>
  world.call('POST', '/auth/login', {body: {username, password: given}, ...(from !== undefined && {from})})

const answer = (world: World, mfaToken: string, code: string) =>
  world.call('POST', '/auth/mfa/challenge', {body: {mfaToken, code}})

const codeAt = (secret: string, timestamp: number) => new TOTP({secret}).generate({timestamp})

/** The last failed login in the audit log. */
async function lastFailure(world: World) {
  const [row] = await world.store.audit.latest(1)
  return [row?.action, row?.name, row?.address, row?.detail]
}

async function withMfa(t: Parameters<typeof createWorld>[0]) {
  const world = await createWorld(t)
  const {id} = await world.addUser('ada')
  const {secret, recoveryCodes} = await world.enrollMfa(id)
  const challenge = async () => (await login(world, 'ada', password)).body.mfaToken as string
  return {world, id, secret, recoveryCodes, challenge}
}

/** The content of every file of a registry. */
function filesIn(folder: string): Buffer[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
}

describe('login', () => {
  it('login: the response has the fields that the original client needs, and is not cached', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {status, body, headers} = await login(world, 'ada', password)
    assert.equal(status, 200)
    assert.match(body.accessToken, /^apkgs_[0-9A-Za-z]{38}$/)
    assert.match(body.refreshToken, /^apkgr_[0-9A-Za-z]{38}$/)
    assert.deepEqual(
      {...body, accessToken: '', refreshToken: ''},
      {
        ...{accessToken: '', refreshToken: '', expiresIn: 43_200, tokenType: 'Bearer', username: 'ada'},
        expiringTokens: [],
      },
    )
    assert.equal(headers['cache-control'], 'no-store')
  })

  it('login: a wrong password and an unknown user get the same error, and are audited', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const wrong = await login(world, 'ada', 'not the password')
    const unknown = await login(world, 'secret typed here', 'not the password')
    assert.equal(wrong.status, 401)
    assert.equal(wrong.body.error.code, 'LOGIN_FAILED')
    assert.deepEqual(
      {...unknown.body, error: {...unknown.body.error, requestId: ''}},
      {
        ...wrong.body,
        error: {...wrong.body.error, requestId: ''},
      },
    )
    const files = filesIn(world.folder)
    assert.ok(files.every((bytes) => !bytes.includes('secret typed here')))
    const [second, first] = await world.store.audit.latest(2)
    assert.deepEqual(
      [first?.action, first?.name, first?.address, first?.agent],
      ['login.fail', 'ada', '127.0.0.1', 'test'],
    )
    assert.deepEqual([second?.action, second?.name], ['login.fail', null])
  })

  it('login: reports a disabled user only if the password is correct', async (t) => {
    const world = await createWorld(t)
    const {id} = await world.addUser('ada')
    await world.store.users.setDisabled(id, true, operator, world.now())
    assert.equal((await login(world, 'ada', password)).body.error.code, 'USER_DISABLED')
    assert.equal((await login(world, 'ada', 'not the password')).body.error.code, 'LOGIN_FAILED')
  })

  it('login: ignores unknown fields', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const body = {username: 'ada', password, device: 'laptop'}
    assert.equal((await world.call('POST', '/auth/login', {body})).status, 200)
  })

  it('login: accepts composed and decomposed accents in a password', async (t) => {
    const world = await createWorld(t)
    const {hashPassword} = await import('../../../src/server/auth/passwords.js')
    const passwordHash = await hashPassword('p\u00e9rigord noir')
    await world.store.users.add({id: '1', name: 'eve', email: 'e@e', passwordHash}, operator, world.now())
    assert.equal((await login(world, 'eve', 'pe\u0301rigord noir')).status, 200)
  })

  it('login: handles sixteen concurrent logins', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const answers = await Promise.all(Array.from({length: 16}, () => login(world, 'ada', password)))
    assert.deepEqual(
      answers.map(({status}) => status),
      Array.from({length: 16}, () => 200),
    )
  })

  // On PostgreSQL, the requests reach the queue one after the other.
  const inQueue = worldDatabase().hasFiles ? it : ignored
  inQueue('login: refused with Retry-After while too many are waiting', async (t) => {
    const world = await createWorld(t, {passwordQueue: {running: 1, waiting: 1}})
    await world.addUser('ada')
    const answers = await Promise.all(Array.from({length: 3}, () => login(world, 'ada', password)))
    assert.deepEqual(answers.map(({status}) => status).sort(), [200, 200, 503])
    const busy = answers.find(({status}) => status === 503)
    assert.equal(busy?.body.error.code, 'BUSY')
    assert.equal(busy.headers['retry-after'], '1')
  })
})

/** The `Retry-After` of each refusal, in seconds. */
async function delaysOf(world: World, failures: number, from: (attempt: number) => string): Promise<number[]> {
  const waits: number[] = []
  for (let attempt = 0; attempt < failures; attempt++) {
    const {status, headers} = await login(world, 'ada', 'wrong one', from(attempt))
    if (status !== 429) continue
    waits.push(Number(headers['retry-after']))
    world.pass(Number(headers['retry-after']) * second)
    assert.equal((await login(world, 'ada', 'wrong one', from(attempt))).status, 401)
  }
  return waits
}

describe('login delays', () => {
  it('login delay: an account is delayed from the address of the failures, until a login succeeds', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    for (let attempt = 0; attempt < 5; attempt++) {
      assert.equal((await login(world, 'ada', 'wrong one')).status, 401)
    }
    const slowed = await login(world, 'ada', password)
    assert.equal(slowed.status, 429)
    assert.equal(slowed.body.error.code, 'TOO_MANY_ATTEMPTS')
    assert.equal(slowed.headers['retry-after'], '1')
    world.pass(second)
    assert.equal((await login(world, 'ada', password)).status, 200)
    assert.equal((await login(world, 'ada', 'wrong one')).status, 401)
    assert.equal((await login(world, 'ada', password)).status, 200)
  })

  it('login delay: doubles with each failure, up to a minute', async (t) => {
    const world = await createWorld(t, {
      loginDelays: {...defaultConfig.loginDelays, address: {...defaultConfig.loginDelays.address, freeFailures: 100}},
    })
    await world.addUser('ada')
    const waits = await delaysOf(world, 14, () => '10.0.0.1')
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60])
  })

  it('login delay: does not affect the owner at another address', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    for (let attempt = 0; attempt < 99; attempt++) await login(world, 'ada', 'wrong one', `10.0.0.${attempt % 20}`)
    assert.equal((await login(world, 'ada', password, '10.0.0.1')).status, 429)
    assert.equal((await login(world, 'ada', password, '10.9.9.9')).status, 200)
  })

  it('login delay: an account is delayed from everywhere after 100 failures, by at most 5 seconds', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const waits = await delaysOf(world, 106, (attempt) => `10.0.${attempt}.1`)
    assert.deepEqual(waits, [1, 2, 4, 5, 5, 5])
    const slowed = await login(world, 'ada', password, '10.9.9.9')
    assert.equal(slowed.headers['retry-after'], '5')
    world.pass(5 * second)
    assert.equal((await login(world, 'ada', password, '10.9.9.9')).status, 200)
    assert.equal((await login(world, 'ada', 'wrong one', '10.9.9.8')).status, 401)
  })

  it('login delay: different spellings of a username share a count', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const find = world.store.users.find.bind(world.store.users)
    world.store.users.find = () => find('ada')
    for (let attempt = 0; attempt < 5; attempt++) await login(world, `ada-${attempt}`, 'wrong one')
    assert.equal((await login(world, 'ada', password)).status, 429)
  })

  it('login delay: an address is delayed for all accounts, and other addresses are not', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    for (let attempt = 0; attempt < 20; attempt++) await login(world, `user-${attempt}`, 'wrong one', '10.0.0.1')
    assert.equal((await login(world, 'ada', password, '10.0.0.1')).status, 429)
    assert.equal((await login(world, 'ada', password, '10.0.0.2')).status, 200)
  })

  it('login delay: different spellings of an address share a count', async (t) => {
    const world = await createWorld(t, {
      trustProxy: ['10.0.0.1'],
      loginDelays: {...defaultConfig.loginDelays, address: {...defaultConfig.loginDelays.address, freeFailures: 5}},
    })
    await world.addUser('ada')
    const written = ['203.0.113.7', '203.0.113.7:1001', '::ffff:203.0.113.7', '[::ffff:cb00:7107]:80', '203.0.113.7:7']
    const request = (username: string, forwardedFor: string) => ({
      ...{body: {username, password: 'wrong one'}, from: '10.0.0.1', headers: {'x-forwarded-for': forwardedFor}},
    })
    for (const address of written) {
      assert.equal((await world.call('POST', '/auth/login', request(address, address))).status, 401)
      assert.deepEqual(await lastFailure(world), ['login.fail', null, '203.0.113.7', {reason: 'password'}])
    }
    assert.equal((await world.call('POST', '/auth/login', request('ada', '203.0.113.7:9'))).status, 429)
    assert.equal((await world.call('POST', '/auth/login', request('ada', 'nonsense'))).status, 401)
    assert.deepEqual(await lastFailure(world), ['login.fail', 'ada', '10.0.0.1', {reason: 'password'}])
  })

  it('login delay: an IPv6 network shares a count', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    for (let attempt = 0; attempt < 5; attempt++) await login(world, 'ada', 'wrong one', `2001:db8:1:2:${attempt}::1`)
    assert.equal((await login(world, 'ada', password, '2001:db8:1:2::9')).status, 429)
    assert.equal((await login(world, 'ada', password, '2001:db8:1:3::9')).status, 200)
  })

  it('login delay: concurrent failures are all counted', async (t) => {
    const world = await createWorld(t, {passwordQueue: {running: 1, waiting: 32}})
    await world.addUser('ada')
    const answers = await Promise.all(Array.from({length: 12}, () => login(world, 'ada', 'wrong one')))
    assert.equal(answers.filter(({status}) => status === 401).length, 5)
    assert.equal(answers.filter(({status}) => status === 429).length, 7)
  })

  it('login delay: failures are forgotten after an hour', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    for (let attempt = 0; attempt < 5; attempt++) await login(world, 'ada', 'wrong one')
    world.pass(hour)
    for (let attempt = 0; attempt < 5; attempt++) assert.equal((await login(world, 'ada', 'wrong one')).status, 401)
  })
})

describe('login with a correct password that is refused', () => {
  it('refused login: a disabled user is audited', async (t) => {
    const world = await createWorld(t)
    const {id} = await world.addUser('ada')
    await world.store.users.setDisabled(id, true, operator, world.now())
    assert.equal((await login(world, 'ada', password)).body.error.code, 'USER_DISABLED')
    assert.deepEqual(await lastFailure(world), ['login.fail', 'ada', '127.0.0.1', {reason: 'disabled'}])
  })

  it('refused login: a user disabled before the code is audited', async (t) => {
    const {world, id, secret, challenge} = await withMfa(t)
    const mfaToken = await challenge()
    await world.store.users.setDisabled(id, true, operator, world.now())
    const refused = await answer(world, mfaToken, codeAt(secret, world.now()))
    assert.equal(refused.body.error.code, 'USER_DISABLED')
    assert.deepEqual(await lastFailure(world), ['login.fail', 'ada', '127.0.0.1', {reason: 'disabled'}])
  })

  for (const [title, prepare] of [
    ['without MFA', async (t) => createWorld(t).then(async (world) => ({world, ...(await world.addUser('ada'))}))],
    ['with MFA', withMfa],
  ] as [string, (t: Parameters<typeof createWorld>[0]) => Promise<{world: World; id: string}>][]) {
    it(`refused login: a concurrent password change is audited, ${title}`, async (t) => {
      const {world, id} = await prepare(t)
      const find = world.store.users.find.bind(world.store.users)
      world.store.users.find = async (name) => {
        const user = await find(name)
        await world.store.users.setPassword(id, 'another', operator, world.now())
        return user
      }
      assert.equal((await login(world, 'ada', password)).body.error.code, 'LOGIN_FAILED')
      assert.deepEqual(await lastFailure(world), ['login.fail', 'ada', '127.0.0.1', {reason: 'changed'}])
    })
  }

  it('refused login: a user disabled while the code is checked is audited', async (t) => {
    const {world, id, secret, challenge} = await withMfa(t)
    const mfaToken = await challenge()
    const attemptCode = world.store.logins.attemptCode.bind(world.store.logins)
    world.store.logins.attemptCode = async (...given) => {
      const attempt = await attemptCode(...given)
      await world.store.users.setDisabled(id, true, operator, world.now())
      return attempt
    }
    const refused = await answer(world, mfaToken, codeAt(secret, world.now()))
    assert.equal(refused.body.error.code, 'MFA_CHALLENGE_EXPIRED')
    assert.deepEqual(await lastFailure(world), ['login.fail', 'ada', '127.0.0.1', {reason: 'changed'}])
  })
})

describe('login with MFA', () => {
  it('MFA: a login requires a code, and a code works once', async (t) => {
    const {world, secret, challenge} = await withMfa(t)
    const first = await login(world, 'ada', password)
    assert.deepEqual(Object.keys(first.body).sort(), ['mfaRequired', 'mfaToken', 'username'])
    const code = codeAt(secret, world.now())
    const session = await answer(world, first.body.mfaToken, code)
    assert.equal(session.status, 200)
    assert.match(session.body.accessToken, /^apkgs_/)
    const again = await answer(world, await challenge(), code)
    assert.equal(again.status, 401)
    assert.equal(again.body.error.code, 'MFA_FAILED')
  })

  it('MFA: refuses codes older than the last one used', async (t) => {
    const {world, secret, challenge} = await withMfa(t)
    assert.equal((await answer(world, await challenge(), codeAt(secret, world.now()))).status, 200)
    assert.equal((await answer(world, await challenge(), codeAt(secret, world.now() - 30 * second))).status, 401)
    assert.equal((await answer(world, await challenge(), codeAt(secret, world.now() + 30 * second))).status, 200)
  })

  for (const [steps, status] of [
    [-2, 401],
    [-1, 200],
    [1, 200],
    [2, 401],
  ] as const) {
    it(`MFA: a clock that is ${steps} steps off gets ${status}`, async (t) => {
      const {world, secret, challenge} = await withMfa(t)
      const code = codeAt(secret, world.now() + steps * 30 * second)
      assert.equal((await answer(world, await challenge(), code)).status, status)
    })
  }

  it('MFA: each recovery code works once, in any spelling', async (t) => {
    const {world, recoveryCodes, challenge} = await withMfa(t)
    assert.equal(recoveryCodes.length, 10)
    const [code = '', other = ''] = recoveryCodes
    assert.equal((await answer(world, await challenge(), ` ${code.toUpperCase().replaceAll('-', ' ')} `)).status, 200)
    assert.equal((await answer(world, await challenge(), code)).body.error.code, 'MFA_FAILED')
    assert.equal((await answer(world, await challenge(), other.replaceAll('-', ''))).status, 200)
  })

  it('MFA: of concurrent uses of one code, one succeeds', async (t) => {
    const {world, secret, recoveryCodes, challenge} = await withMfa(t)
    for (const code of [codeAt(secret, world.now()), recoveryCodes[0]!]) {
      const challenges = [await challenge(), await challenge()]
      const answers = await Promise.all(challenges.map((mfaToken) => answer(world, mfaToken, code)))
      assert.deepEqual(answers.map(({status}) => status).sort(), [200, 401])
    }
  })

  it('MFA: a challenge ends after five minutes, five codes or success', async (t) => {
    const {world, secret, challenge} = await withMfa(t)
    const late = await challenge()
    world.pass(5 * minute)
    assert.equal((await answer(world, late, codeAt(secret, world.now()))).body.error.code, 'MFA_CHALLENGE_EXPIRED')
    const tried = await challenge()
    for (let attempt = 0; attempt < 5; attempt++) {
      assert.equal((await answer(world, tried, '000000')).body.error.code, 'MFA_FAILED')
    }
    assert.equal((await answer(world, tried, codeAt(secret, world.now()))).body.error.code, 'MFA_CHALLENGE_EXPIRED')
    world.pass(minute)
    const used = await challenge()
    assert.equal((await answer(world, used, codeAt(secret, world.now()))).status, 200)
    world.pass(minute)
    assert.equal((await answer(world, used, codeAt(secret, world.now()))).body.error.code, 'MFA_CHALLENGE_EXPIRED')
    assert.equal((await answer(world, 'unknown', '000000')).body.error.code, 'MFA_CHALLENGE_EXPIRED')
  })

  it('MFA: wrong codes delay across challenges, and a correct password does not reset that', async (t) => {
    const {world, secret, challenge} = await withMfa(t)
    for (let attempt = 0; attempt < 5; attempt++) {
      assert.equal((await answer(world, await challenge(), '000000')).status, 401)
    }
    const mfaToken = await challenge()
    const slowed = await answer(world, mfaToken, codeAt(secret, world.now()))
    assert.equal(slowed.status, 429)
    world.pass(Number(slowed.headers['retry-after']) * second)
    assert.equal((await answer(world, mfaToken, codeAt(secret, world.now()))).status, 200)
  })

  it('MFA: changing the password or the enrollment ends challenges', async (t) => {
    const {world, id, secret, challenge} = await withMfa(t)
    const begun = await challenge()
    await world.enrollMfa(id)
    assert.equal((await answer(world, begun, codeAt(secret, world.now()))).body.error.code, 'MFA_CHALLENGE_EXPIRED')
  })

  const inFiles = worldDatabase().hasFiles ? it : ignored
  inFiles('MFA: the TOTP secret is encrypted in the database', async (t) => {
    const {world, secret} = await withMfa(t)
    const files = filesIn(world.folder)
    assert.ok(files.some((bytes) => bytes.includes('ada@example.com')))
    assert.ok(files.every((bytes) => !bytes.includes(secret)))
  })
})
