import assert from 'node:assert/strict'
import {after, before, describe, it, type TestContext} from 'node:test'

import {type PackageAction, scopes} from '@apkg/wire'

import {operator} from '../../../src/server/store/store.js'
import {packageOf, publish, type SentPackage} from '../../support/uploads.js'
import {type Answer, createWorld, day, hour, minute, type World} from '../../support/world.js'

interface Question {
  action: PackageAction
  package: string
  version?: string
  integrity?: string
  tag?: string
  visibility?: string
  minTtl?: number
}

const ask = (world: World, token: string, body: Question) => world.call('POST', '/auth/can', {token, body})

/** The packages that exist. Each has a version 1.0.0, and a version 1.1.0 that was taken down. */
const existing = {
  '@acme/public': 'public',
  '@acme/private': 'private',
  '@zoe/public': 'public',
  '@zoe/private': 'private',
} as const

async function populate(t: Pick<TestContext, 'after'>) {
  const world = await createWorld(t)
  for (const name of ['ada', 'bob', 'carol', 'zoe']) await world.addUser(name)
  await world.addOrganization('acme', {ada: 'admin', bob: 'publisher', carol: 'reader'})
  const sessions = {ada: '', bob: '', carol: '', zoe: ''}
  for (const name of Object.keys(sessions) as (keyof typeof sessions)[]) {
    sessions[name] = (await world.logIn(name)).accessToken
  }
  for (const [name, visibility] of Object.entries(existing)) {
    const session = name.startsWith('@zoe') ? sessions.zoe : sessions.ada
    for (const version of ['1.0.0', '1.1.0']) {
      const {status} = await publish(world, session, await packageOf({name, version, visibility}))
      assert.equal(status, 201)
    }
    const takedown = {name, version: '1.1.0', reason: 'malware'}
    assert.equal((await world.store.packages.takeDown(takedown, operator, world.now())).outcome, 'taken-down')
  }
  return {world, sessions}
}

type Populated = Awaited<ReturnType<typeof populate>>

const tokenOf =
  (user: 'bob' | 'ada', request: object) =>
  async ({world, sessions}: Populated) =>
    (await world.createToken(sessions[user], {name: JSON.stringify(request), ...request})).token

const credentials: Record<string, (populated: Populated) => Promise<string>> = {
  "an organization admin's session": async ({sessions}) => sessions.ada,
  "an organization publisher's session": async ({sessions}) => sessions.bob,
  "an organization reader's session": async ({sessions}) => sessions.carol,
  "another user's session": async ({sessions}) => sessions.zoe,
  ...Object.fromEntries(scopes.map((scope) => [`a token with ${scope}`, tokenOf('bob', {scopes: [scope]})])),
  'a token for the packages of a scope': tokenOf('bob', {packageScope: '@acme/*'}),
  'a token for another package': tokenOf('bob', {packageScope: '@acme/other'}),
  'a token that updates and tags': tokenOf('bob', {scopes: ['publish:update', 'tag'], packageScope: '@acme/p*'}),
  'a replaced value': async ({world, sessions}) => {
    const {id, token} = await world.createToken(sessions.bob, {name: 'replaced'})
    const {body} = await world.call('POST', `/auth/tokens/${id}/rotate`, {token: sessions.bob})
    await world.call('GET', '/auth/whoami', {token: body.token})
    return token
  },
}

interface Case {
  question: Question
  /** The request that the question is about. */
  request: (token: string) => Promise<Answer>
}

/** @param count distinguishes what is published. */
async function* casesOf(world: World, count: number): AsyncGenerator<Case> {
  const url = (name: string) => `/packages/${encodeURIComponent(name)}`
  const publishing = (sent: SentPackage, tag?: string): Case => {
    const {name, version, integrity, visibility} = sent.metadata as SentPackage['metadata'] & {visibility: string}
    const metadata = {...sent.metadata, ...(tag !== undefined && {tag})}
    return {
      question: {action: 'publish', package: name, version, integrity, visibility, ...(tag !== undefined && {tag})},
      request: (token) => publish(world, token, {...sent, metadata}),
    }
  }
  for (const name of [...Object.keys(existing), '@acme/none', '@zoe/none']) {
    const visibility = name.endsWith('private') ? 'private' : 'public'
    const at = (version: string, files = {}) => packageOf({name, version, visibility}, files)
    for (const version of [undefined, '1.0.0', '1.1.0', '7.7.7']) {
      const path = version === undefined ? url(name) : `${url(name)}/${version}`
      const question = {package: name, ...(version !== undefined && {version})}
      const download = version === undefined ? path : `${path}/tarball`
      yield {question: {action: 'read', ...question}, request: (token) => world.call('GET', download, {token})}
      const deprecation = {body: {deprecated: 'Old'}}
      for (const action of ['deprecate', 'yank'] as const) {
        yield {
          question: {action, ...question},
          request: (token) => world.call('PATCH', path, {...deprecation, token}),
        }
      }
      if (version === undefined) continue
      yield {
        question: {action: 'tag', ...question},
        request: (token) => world.call('PUT', `${url(name)}/dist-tags/next`, {token, body: {version}}),
      }
    }
    const isMissing = name.endsWith('none')
    const created = isMissing ? {name: `${name}-${count}`} : {name}
    if (!isMissing) {
      yield publishing(await at('1.0.0'))
      yield publishing(await at('1.0.0', {'other.txt': 'other'}))
      yield publishing(await at('1.0.0+build'))
      yield publishing(await at('1.1.0'))
      yield publishing(await at('1.1.0+build'))
      yield publishing(await at('1.0.0'), 'next')
    }
    yield publishing(await packageOf({...created, version: `2.${count}.0`, visibility}))
    yield publishing(await packageOf({...created, version: `2.${count}.1`, visibility}), 'next')
    const other = visibility === 'public' ? 'private' : 'public'
    if (!isMissing) yield publishing(await packageOf({name, version: `3.${count}.0`, visibility: other}))
  }
}

describe('can', () => {
  let populated: Populated
  const cleanups: (() => unknown)[] = []
  before(async () => {
    populated = await populate({after: (clean) => cleanups.push(clean as () => unknown)})
  })
  after(async () => {
    for (const clean of cleanups.reverse()) await clean()
  })

  for (const [position, [title, credential]] of Object.entries(credentials).entries()) {
    it(`can: ${title} gets the same answer as from the request itself`, async () => {
      const {world} = populated
      const token = await credential(populated)
      for await (const {question, request} of casesOf(world, position)) {
        const {status, body} = await ask(world, token, question)
        const answer = await request(token)
        const what = `${JSON.stringify(question)}: ${JSON.stringify(body)}, ${JSON.stringify(answer.body?.error)}`
        assert.equal(status, 200, what)
        assert.equal(body.allowed, body.reasons.length === 0, what)
        assert.equal(body.allowed, answer.status < 300, what)
        if (!body.allowed) assert.equal(body.reasons[0].problem, answer.body.error.code, what)
        if (body.allowed) assert.equal(body.createsPackage, answer.status === 201 && isFirst(answer), what)
      }
    })
  }

  /** In the tests above, only the first version of a new package has this number. */
  function isFirst({body}: Answer): boolean {
    return body.name.includes('/none-') && body.version.endsWith('.0')
  }
})

async function small(t: TestContext, anonymousRead = true) {
  const world = await createWorld(t, {anonymousRead})
  for (const name of ['ada', 'eve']) await world.addUser(name)
  const {accessToken: session} = await world.logIn('ada')
  const token = async (request: object) => (await world.createToken(session, {name: 'ci', ...request})).token
  return {world, session, token, eve: (await world.logIn('eve')).accessToken}
}

const tool = '@ada/tool'
const codes = ({body}: Answer) => body.reasons.map(({code}: {code: string}) => code)

describe('the response of can', () => {
  it('can: an allowed action, with the end of the credential', async (t) => {
    const {world, token} = await small(t)
    const {body} = await ask(world, await token({expiresIn: '30d'}), {action: 'publish', package: tool})
    assert.deepEqual(body, {allowed: true, reasons: [], createsPackage: true, expiresAt: '2026-12-23T12:00:00.000Z'})
    const forever = await world.createToken((await world.logIn('ada')).accessToken, {name: 'forever'})
    assert.equal((await ask(world, forever.token, {action: 'read', package: '@eve/x'})).body.expiresAt, null)
  })

  it("can: every reason that doesn't depend on the package is given", async (t) => {
    const {world, token} = await small(t)
    const limited = await token({scopes: ['read'], packageScope: '@ada/other', expiresIn: '15m'})
    const answer = await ask(world, limited, {action: 'publish', package: '@eve/tool', minTtl: 1200})
    assert.deepEqual(codes(answer), ['SCOPE_INSUFFICIENT', 'SCOPE_INSUFFICIENT', 'PACKAGE_FORBIDDEN', 'EXPIRES_SOON'])
    assert.deepEqual(
      answer.body.reasons.map(({message}: {message: string}) => message),
      [
        'The token "ci" (read) does not allow this: a token with the scope `publish`, `admin`, `publish:new`, or `publish:update` is required',
        'The token "ci" (read) does not allow changing @eve/tool. It is limited to @ada/other',
        'You do not have permission to publish in @eve. Only its user or the publishers of its organization can',
        'The token "ci" expires at 2026-11-23T12:15:00.000Z',
      ],
    )
  })

  it('can: a credential that expires within the given time is refused, and one that expires later is not', async (t) => {
    const {world, token} = await small(t)
    const short = await token({expiresIn: '20m'})
    const within = (minTtl: number) => ask(world, short, {action: 'publish', package: tool, minTtl})
    assert.deepEqual(codes(await within(20 * 60 - 1)), [])
    assert.deepEqual(codes(await within(20 * 60)), ['EXPIRES_SOON'])
    world.pass(20 * minute - 1)
    assert.equal((await publish(world, short, await packageOf({name: tool}))).status, 201)
    world.pass(1)
    const late = await publish(world, short, await packageOf({name: tool, version: '1.0.1'}))
    assert.equal(late.body.error.code, 'CREDENTIAL_EXPIRED')
    assert.equal((await within(0)).body.error.code, 'CREDENTIAL_EXPIRED')
  })

  it('can: a replaced value expires when its grace period ends', async (t) => {
    const {world, session} = await small(t)
    const {id, token: old} = await world.createToken(session, {name: 'ci'})
    const {body} = await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session, body: {grace: '1h'}})
    await world.call('GET', '/auth/whoami', {token: body.token})
    const answer = await ask(world, old, {action: 'publish', package: tool, minTtl: 2 * 3600})
    assert.deepEqual([codes(answer), answer.body.expiresAt], [['EXPIRES_SOON'], '2026-11-23T13:00:00.000Z'])
  })

  it('can: only a token that may update but not create is refused because the package is missing', async (t) => {
    const {world, session} = await small(t)
    const question = {action: 'publish', package: tool} as const
    for (const [scope, expected] of [
      ['publish:update', [['WOULD_CREATE_PACKAGE'], true]],
      ['publish:new', [[], true]],
      ['publish', [[], true]],
    ] as const) {
      const {token} = await world.createToken(session, {name: scope, scopes: [scope]})
      const answer = await ask(world, token, question)
      assert.deepEqual([codes(answer), answer.body.createsPackage], expected, scope)
    }
  })

  it('can: a published version is reported as existing if no integrity is given', async (t) => {
    const {world, session} = await small(t)
    const sent = await packageOf({name: tool})
    await publish(world, session, sent)
    const question = {action: 'publish', package: tool, version: '1.0.0'} as const
    const exists = await ask(world, session, question)
    assert.deepEqual(codes(exists), ['VERSION_EXISTS'])
    const message = (answer: typeof exists) => answer.body.reasons[0].message
    assert.equal(message(exists), `${tool}@1.0.0 already exists. Only the same content can be published again`)
    const other = `sha256-${Buffer.alloc(32).toString('base64')}`
    const differs = await ask(world, session, {...question, integrity: other})
    assert.equal(message(differs), `${tool}@1.0.0 already exists with different content`)
    const {integrity} = sent.metadata
    assert.deepEqual(codes(await ask(world, session, {...question, integrity})), [])
  })

  it('can: about another package, the first reason is the code of the action itself', async (t) => {
    const {world, session} = await small(t)
    await world.addUser('eve')
    await publish(world, (await world.logIn('eve')).accessToken, await packageOf({name: '@eve/tool'}))
    const requests = {
      deprecate: ['PATCH', '', {deprecated: 'no'}],
      tag: ['PUT', '/dist-tags/next', {version: '1.0.0'}],
    } as const
    for (const limits of [
      {packageScope: '@ada/x'},
      {scopes: ['read']},
      {scopes: ['read'], packageScope: '@ada/x'},
      {},
    ]) {
      const {token} = await world.createToken(session, {name: JSON.stringify(limits), ...limits})
      for (const name of ['@eve/tool', '@eve/absent', '@ada/absent']) {
        for (const [action, [method, rest, body]] of Object.entries(requests)) {
          const answer = await ask(world, token, {action: action as 'tag', package: name})
          const {body: done} = await world.call(method, `/packages/${encodeURIComponent(name)}${rest}`, {token, body})
          assert.equal(answer.body.reasons[0].problem, done.error.code, `${action} ${name} ${JSON.stringify(limits)}`)
          if (done.error.code === 'SCOPE_INSUFFICIENT' || done.error.code === 'PACKAGE_FORBIDDEN') {
            assert.equal(answer.body.reasons[0].code, done.error.code)
          }
        }
      }
    }
  })

  it('can: asking changes nothing', async (t) => {
    const {world, session} = await small(t)
    const before = await world.store.audit.latest(100)
    for (const action of ['publish', 'read', 'deprecate', 'tag', 'yank'] as const) {
      await ask(world, session, {action, package: tool, version: '1.0.0'})
    }
    assert.deepEqual(await world.store.audit.latest(100), before)
    assert.equal((await world.call('GET', '/packages/%40ada%2Ftool', {token: session})).status, 404)
  })

  for (const [field, value] of [
    ['action', 'delete'],
    ['package', 'tool'],
    ['version', '1'],
    ['integrity', 'sha256-'],
    ['tag', '1.0.0'],
    ['visibility', 'secret'],
    ['minTtl', -1],
  ] as const) {
    it(`can: an invalid ${field} is refused`, async (t) => {
      const {world, session} = await small(t)
      const {status, body} = await ask(world, session, {action: 'publish', package: tool, [field]: value})
      assert.deepEqual([status, body.error.code, body.error.details[0].field], [400, 'VALIDATION', field])
    })
  }
})

describe('a token that is limited to other addresses', () => {
  it('can: always gives only that reason, and does not count as a use of the token', async (t) => {
    const {world, session} = await small(t)
    const {id, token} = await world.createToken(session, {name: 'ci', addresses: ['203.0.113.0/24'], expiresIn: '15m'})
    const from = (address: string, body: Question) => world.call('POST', '/auth/can', {token, body, from: address})
    const questions: Question[] = [
      {action: 'publish', package: tool},
      {action: 'publish', package: '@eve/tool', minTtl: 3600},
      {action: 'read', package: '@eve/tool'},
    ]
    for (const question of questions) {
      const {status, body, headers} = await from('198.51.100.9', question)
      const message = 'The token "ci" cannot be used from 198.51.100.9'
      const reasons = [{code: 'ADDRESS_REFUSED', message, problem: 'ADDRESS_REFUSED'}]
      assert.deepEqual([status, body], [200, {allowed: false, reasons, createsPackage: false, expiresAt: null}])
      assert.deepEqual([headers['apkg-credential'], headers['apkg-credential-expires']], [undefined, undefined])
    }
    assert.equal((await world.call('GET', `/auth/tokens/${id}`, {token: session})).body.lastUsed, null)
    assert.equal((await from('203.0.113.7', {action: 'publish', package: tool})).body.allowed, true)
    const real = await world.call('GET', '/auth/whoami', {token, from: '198.51.100.9'})
    assert.equal(real.body.error.code, 'ADDRESS_REFUSED')
  })
})

describe('a package that the client cannot see', () => {
  /** The answer, byte for byte, without the name of the package, the time and the ID of the request. */
  async function seen(world: World, token: string, question: Question) {
    const response = await world.app.inject({
      method: 'POST',
      url: '/auth/can',
      headers: {authorization: `Bearer ${token}`, 'user-agent': 'test'},
      payload: {...question},
    })
    const {'x-request-id': _, date: __, ...headers} = response.headers
    return {status: response.statusCode, headers, body: response.body.replaceAll(question.package, '<package>')}
  }

  for (const anonymousRead of [true, false]) {
    it(`can: gives the same answer as for a missing package, ${anonymousRead ? 'with' : 'without'} anonymous reading`, async (t) => {
      const {world, session, eve} = await small(t, anonymousRead)
      const hidden = await packageOf({name: '@ada/hidden', visibility: 'private'})
      await publish(world, session, hidden)
      await publish(world, session, await packageOf({name: '@ada/hidden', version: '1.1.0', visibility: 'private'}))
      await world.store.packages.takeDown({name: '@ada/hidden', version: '1.1.0', reason: 'x'}, operator, world.now())
      const own = async (request: object) => (await world.createToken(session, request)).token
      const blind = {
        'another user': eve,
        "another user's token": (await world.createToken(eve, {name: 'all', scopes: ['admin']})).token,
        'a token without scopes for packages': await own({name: 'a', scopes: ['token:read']}),
        'a token for another package': await own({name: 'b', packageScope: '@ada/other'}),
        'a token that expires soon': await own({
          name: 'c',
          scopes: ['publish:update', 'tag', 'deprecate'],
          expiresIn: '15m',
        }),
      }
      for (const [who, token] of Object.entries(blind)) {
        for (const action of ['publish', 'read', 'deprecate', 'tag', 'yank'] as const) {
          for (const version of [undefined, '1.0.0', '1.1.0', '2.0.0']) {
            for (const integrity of [undefined, hidden.metadata.integrity]) {
              const minTtl = who === 'a token that expires soon' ? 3600 : 0
              const question = {action, minTtl, ...(version && {version}), ...(integrity && {integrity})}
              const there = await seen(world, token, {...question, package: '@ada/hidden'})
              const missing = await seen(world, token, {...question, package: '@ada/absent'})
              assert.deepEqual(there, missing, `${who}: ${JSON.stringify(question)}`)
              assert.match(there.body, /"allowed":false.*"createsPackage":false/)
            }
          }
        }
      }
    })
  }
})

describe('a credential that is no longer valid', () => {
  const question = {action: 'publish', package: tool} as const
  for (const [title, end, code] of [
    [
      'revoked',
      async ({world, session}: any, {id}: any) => world.call('DELETE', `/auth/tokens/${id}`, {token: session}),
      'CREDENTIAL_REVOKED',
    ],
    ['suspended', async ({world}: any) => world.store.tokens.suspendAll(operator, world.now()), 'CREDENTIAL_SUSPENDED'],
    ['expired', async ({world}: any) => world.pass(day), 'CREDENTIAL_EXPIRED'],
  ] as const) {
    it(`can: a ${title} token gets the same refusal as from publishing`, async (t) => {
      const opened = await small(t)
      const {world, session} = opened
      const created = await world.createToken(session, {name: 'ci', expiresIn: '1d'})
      await end(opened, created)
      for (const answer of [
        await ask(world, created.token, question),
        await publish(world, created.token, await packageOf({name: tool})),
      ]) {
        assert.deepEqual([answer.status, answer.body.error.code], [401, code])
      }
    })
  }

  it('can: a session is refused once it ends', async (t) => {
    const {world, session} = await small(t)
    assert.deepEqual(codes(await ask(world, session, {...question, minTtl: 12 * 3600})), ['EXPIRES_SOON'])
    world.pass(12 * hour)
    assert.equal((await ask(world, session, question)).status, 401)
  })
})
