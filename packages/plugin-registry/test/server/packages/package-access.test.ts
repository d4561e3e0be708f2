import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {type ProblemCode, problems} from '@apkg/wire'
import {endpoints, type EndpointName} from '@apkg/wire/protocol'

import {boundary, packageOf, uploadOf} from '../../support/uploads.js'
import {type Answer, createWorld, type World} from '../../support/world.js'

const version = '1.0.0'
const tag = 'next'

/** Every package there is. Of the organization @acme, ada is a publisher and bob a reader; eve is nobody to either. */
const existing = {
  '@ada/public': 'public',
  '@ada/hidden': 'private',
  '@acme/public': 'public',
  '@acme/hidden': 'private',
} as const

const absent = ['@ada/absent', '@acme/absent', '@none/absent']

const names = [...Object.keys(existing), ...absent]

interface Caller {
  /** Undefined for nobody. */
  credential?: (world: World, sessions: Record<string, string>) => Promise<string>
  /** The private packages that exist for the caller. */
  sees: string[]
  /** The packages, also those to come, that the caller may change. */
  changes: string[]
  /** How changes of others are refused. */
  refusal: ProblemCode
  /** By name, where it is another one. */
  refusals?: Record<string, ProblemCode>
}

const session =
  (user: string): NonNullable<Caller['credential']> =>
  async (_world, sessions) =>
    sessions[user]!

const token =
  (user: string, wish: {scopes?: string[]; packageScope?: string}): NonNullable<Caller['credential']> =>
  async (world, sessions) =>
    (await world.createToken(sessions[user]!, {name: 'ci', ...wish})).token

const ofAda = ['@ada/public', '@ada/hidden', '@ada/absent']
const ofAcme = ['@acme/public', '@acme/hidden', '@acme/absent']

const callers: Record<string, Caller> = {
  'a stranger': {sees: [], changes: [], refusal: 'AUTH_MISSING'},
  'the owner, who publishes for the organization': {
    credential: session('ada'),
    sees: ['@ada/hidden', '@acme/hidden'],
    changes: [...ofAda, ...ofAcme],
    refusal: 'PACKAGE_FORBIDDEN',
  },
  'a reader of the organization': {
    credential: session('bob'),
    sees: ['@acme/hidden'],
    changes: [],
    refusal: 'PACKAGE_FORBIDDEN',
  },
  'a reader of the organization with a token to publish': {
    credential: token('bob', {scopes: ['publish']}),
    sees: ['@acme/hidden'],
    changes: [],
    refusal: 'PACKAGE_FORBIDDEN',
  },
  'somebody else': {credential: session('eve'), sees: [], changes: [], refusal: 'PACKAGE_FORBIDDEN'},
  'somebody else with an admin token': {
    credential: token('eve', {scopes: ['admin']}),
    sees: [],
    changes: [],
    refusal: 'PACKAGE_FORBIDDEN',
  },
  "the owner's token to read": {
    credential: token('ada', {scopes: ['read']}),
    sees: ['@ada/hidden', '@acme/hidden'],
    changes: [],
    refusal: 'SCOPE_INSUFFICIENT',
  },
  "the owner's token to publish": {
    credential: token('ada', {scopes: ['publish']}),
    sees: ['@ada/hidden', '@acme/hidden'],
    changes: [...ofAda, ...ofAcme],
    refusal: 'PACKAGE_FORBIDDEN',
  },
  "the owner's token for one scope": {
    credential: token('ada', {scopes: ['ci'], packageScope: '@acme/*'}),
    sees: ['@acme/hidden'],
    changes: ofAcme,
    refusal: 'SCOPE_INSUFFICIENT',
  },
  "the owner's token for one package": {
    credential: token('ada', {scopes: ['publish'], packageScope: '@ada/public'}),
    sees: [],
    changes: ['@ada/public'],
    refusal: 'SCOPE_INSUFFICIENT',
  },
  "the owner's token for names that begin alike": {
    credential: token('ada', {scopes: ['publish'], packageScope: '@ada/hid*,@none/*'}),
    sees: ['@ada/hidden'],
    changes: ['@ada/hidden'],
    refusal: 'SCOPE_INSUFFICIENT',
    refusals: {'@none/absent': 'PACKAGE_FORBIDDEN'},
  },
}

/** A request for each endpoint that names a package, and what it answers where it is granted. */
const requests = {
  getPackage: {status: 200},
  downloadTarball: {status: 200},
  getProvenance: {status: 200},
  deprecatePackage: {status: 200, body: {deprecated: 'no'}},
  deprecateVersion: {status: 200, body: {deprecated: 'no'}},
  setDistTag: {status: 200, body: {version}},
  removeDistTag: {status: 204},
  publishPackage: {status: 201},
} satisfies Partial<Record<EndpointName, {status: number; body?: object}>>

type PackageEndpoint = keyof typeof requests

const reads: PackageEndpoint[] = ['getPackage', 'downloadTarball', 'getProvenance']

async function openRegistry(t: TestContext, config = {}) {
  const world = await createWorld(t, config)
  const sessions: Record<string, string> = {}
  for (const user of ['ada', 'bob', 'eve']) {
    await world.addUser(user)
    sessions[user] = (await world.logIn(user)).accessToken
  }
  await world.addOrganization('acme', {ada: 'publisher', bob: 'reader'})
  for (const [name, visibility] of Object.entries(existing)) {
    await world.publish(sessions['ada']!, {name, visibility, tag, provenance: {subject: []}, description: 'A secret'})
  }
  return {world, sessions}
}

async function uploadTo(name: string) {
  const visibility = name.endsWith('/hidden') ? 'private' : 'public'
  const body = uploadOf(await packageOf({name, version: '2.0.0', visibility}))
  return {body, headers: {'content-type': `multipart/form-data; boundary=${boundary}`}}
}

async function ask(world: World, endpoint: PackageEndpoint, name: string, token: string | undefined): Promise<Answer> {
  const {method, path} = endpoints[endpoint]
  const values: Record<string, string> = {name, version, tag}
  const url = path.replace(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(values[part]!))
  const upload = endpoint === 'publishPackage' ? await uploadTo(name) : {}
  const {status: _, ...request} = requests[endpoint] as {status: number; body?: object}
  return world.call(method, url, {...request, ...upload, token})
}

function expectedAnswer(caller: Caller, endpoint: PackageEndpoint, name: string): ProblemCode | number {
  const isThere = name in existing
  const {status} = requests[endpoint]
  if (reads.includes(endpoint)) {
    const isSeen = isThere && (existing[name as keyof typeof existing] === 'public' || caller.sees.includes(name))
    return isSeen ? status : 'PACKAGE_UNKNOWN'
  }
  if (!caller.changes.includes(name)) return caller.refusals?.[name] ?? caller.refusal
  return isThere || endpoint === 'publishPackage' ? status : 'PACKAGE_UNKNOWN'
}

for (const [title, caller] of Object.entries(callers)) {
  describe(`to ${title}`, () => {
    for (const endpoint of Object.keys(requests) as PackageEndpoint[]) {
      it(`${endpoint} grants what the roles and the token grant together, and no more`, async (t) => {
        const {world, sessions} = await openRegistry(t)
        const credential = await caller.credential?.(world, sessions)
        for (const name of names) {
          const {status, body} = await ask(world, endpoint, name, credential)
          const expected = expectedAnswer(caller, endpoint, name)
          const answer: string | number = typeof expected === 'number' ? status : body.error?.code
          assert.equal(answer, expected, `${endpoint} ${name}`)
          if (typeof expected === 'string') assert.equal(status, problems[expected].status)
        }
      })
    }

    it('search shows what can be read', async (t) => {
      const {world, sessions} = await openRegistry(t)
      const credential = await caller.credential?.(world, sessions)
      for (const q of ['', 'secret']) {
        const {body} = await world.call('GET', `/search?q=${q}`, {token: credential})
        const found = body.results.map((result: {name: string}) => result.name).sort()
        assert.deepEqual(found, ['@acme/public', '@ada/public', ...caller.sees].sort())
        assert.equal(body.total, found.length)
      }
    })
  })
}

describe('a private package', () => {
  /** All of an answer but what differs between any two: the time, the request's id, and the name that was asked for. */
  function plain({status, headers, body}: Answer, name: string): string {
    const {date: _, 'x-request-id': requestId, ...rest} = headers
    return JSON.stringify([status, rest, body])
      .replaceAll(requestId ?? 'none', 'id')
      .replaceAll(name, 'name')
  }

  const blind = Object.entries(callers).filter(([, {sees, changes}]) => {
    return !sees.includes('@ada/hidden') && !changes.includes('@ada/hidden')
  })
  for (const [title, caller] of blind) {
    it(`is told apart from none by ${title} in no byte`, async (t) => {
      const {world, sessions} = await openRegistry(t)
      const credential = await caller.credential?.(world, sessions)
      for (const endpoint of Object.keys(requests) as PackageEndpoint[]) {
        const hidden = await ask(world, endpoint, '@ada/hidden', credential)
        const none = await ask(world, endpoint, '@ada/absent', credential)
        assert.ok(hidden.status >= 400, endpoint)
        assert.equal(plain(hidden, '@ada/hidden'), plain(none, '@ada/absent'), endpoint)
      }
    })
  }

  it('is not told apart by a condition on the answer either', async (t) => {
    const {world, sessions} = await openRegistry(t)
    for (const headers of [{'if-none-match': '*'}, {range: 'bytes=0-1'}]) {
      for (const path of ['', '/1.0.0/tarball']) {
        const url = (name: string) => `/packages/${encodeURIComponent(name)}${path}`
        const hidden = await world.call('GET', url('@ada/hidden'), {headers, token: sessions['eve']})
        const none = await world.call('GET', url('@ada/absent'), {headers, token: sessions['eve']})
        assert.equal(hidden.status, 404)
        assert.equal(plain(hidden, '@ada/hidden'), plain(none, '@ada/absent'))
      }
    }
  })

  it('keeps its scope secret: who may not publish there is not told whether anybody may', async (t) => {
    const {world, sessions} = await openRegistry(t)
    for (const endpoint of ['publishPackage', 'setDistTag', 'deprecatePackage'] as const) {
      const foreign = await ask(world, endpoint, '@acme/thing', sessions['eve'])
      const nobody = await ask(world, endpoint, '@none/thing', sessions['eve'])
      assert.equal(foreign.body.error.code, 'PACKAGE_FORBIDDEN')
      assert.equal(
        plain(foreign, '@acme/thing').replaceAll('@acme', 'scope'),
        plain(nobody, '@none/thing').replaceAll('@none', 'scope'),
      )
    }
  })
})

describe('a registry that strangers may not read', () => {
  it('asks them for a credential before it tells anything', async (t) => {
    const {world} = await openRegistry(t, {anonymousRead: false})
    for (const endpoint of reads) {
      for (const name of names) {
        assert.equal((await ask(world, endpoint, name, undefined)).body.error.code, 'AUTH_MISSING', endpoint)
      }
    }
    assert.equal((await world.call('GET', '/search')).body.error.code, 'AUTH_MISSING')
  })

  it('lets everybody with a credential read what is public', async (t) => {
    const {world, sessions} = await openRegistry(t, {anonymousRead: false})
    for (const endpoint of reads) {
      assert.equal((await ask(world, endpoint, '@ada/public', sessions['eve'])).status, 200, endpoint)
    }
    assert.equal((await world.call('GET', '/search', {token: sessions['eve']})).body.total, 2)
  })
})

describe('a refusal to change a package', () => {
  it('says what the token is for', async (t) => {
    const {world, sessions} = await openRegistry(t)
    const wish = {name: 'ci', scopes: ['publish'], packageScope: '@ada/*,@acme/tool'}
    const {token: credential} = await world.createToken(sessions['ada']!, wish)
    const {body} = await ask(world, 'deprecatePackage', '@acme/public', credential)
    const expected =
      'The token "ci" (publish) does not allow changing @acme/public. It is limited to @ada/*, @acme/tool'
    assert.equal(body.error.message, expected)
  })

  it('names what is wrong with a name that no package can have', async (t) => {
    const {world, sessions} = await openRegistry(t)
    for (const name of ['tool', '@ada/Tool', '@ada/a\0b', `@ada/${'a'.repeat(300)}`]) {
      const {status, body} = await ask(world, 'deprecatePackage', name, sessions['ada'])
      assert.deepEqual([status, body.error.details[0].field], [400, 'name'], name)
      assert.equal((await ask(world, 'getPackage', name, sessions['ada'])).body.error.code, 'PACKAGE_UNKNOWN', name)
    }
  })
})
