import assert from 'node:assert/strict'
import {after, before, describe, it} from 'node:test'

import {type ProblemCode, problems} from '@apkg/wire'
import {endpoints, type EndpointName} from '@apkg/wire/protocol'

import {boundary, packageOf, uploadOf} from '../../support/uploads.js'
import {type Answer, createWorld, type CleanupScope, type World} from '../../support/world.js'

const version = '1.0.0'
const tag = 'next'

/**
 * Every existing package. In the organization @acme, ada is a publisher, bob is a reader, carol is an admin, and eve is
 * not a member.
 */
const existing = {
  '@ada/public': 'public',
  '@ada/hidden': 'private',
  '@acme/public': 'public',
  '@acme/hidden': 'private',
} as const

const absent = ['@ada/absent', '@acme/absent', '@none/absent']

const names = [...Object.keys(existing), ...absent]

interface Caller {
  /** Undefined for anonymous clients. */
  credential?: (world: World, sessions: Record<string, string>) => Promise<string>
  /** The private packages that the caller can see. */
  sees: string[]
  /** The packages that the caller can change, including new ones. */
  changes: string[]
  /** The refusal for other packages. */
  refusal: ProblemCode
  /** Exceptions, by package. */
  refusals?: Record<string, ProblemCode>
}

const session =
  (user: string): NonNullable<Caller['credential']> =>
  async (_world, sessions) =>
    sessions[user]!

const token =
  (user: string, limits: {scopes?: string[]; packageScope?: string}): NonNullable<Caller['credential']> =>
  async (world, sessions) =>
    (await world.createToken(sessions[user]!, {name: 'ci', ...limits})).token

const adasPackages = ['@ada/public', '@ada/hidden', '@ada/absent']
const acmesPackages = ['@acme/public', '@acme/hidden', '@acme/absent']

const callers: Record<string, Caller> = {
  'an anonymous client': {sees: [], changes: [], refusal: 'AUTH_MISSING'},
  'the owner and publisher': {
    credential: session('ada'),
    sees: ['@ada/hidden', '@acme/hidden'],
    changes: [...adasPackages, ...acmesPackages],
    refusal: 'PACKAGE_FORBIDDEN',
  },
  'an admin of the organization': {
    credential: session('carol'),
    sees: ['@acme/hidden'],
    changes: acmesPackages,
    refusal: 'PACKAGE_FORBIDDEN',
  },
  "an admin's publish token": {
    credential: token('carol', {scopes: ['publish']}),
    sees: ['@acme/hidden'],
    changes: acmesPackages,
    refusal: 'PACKAGE_FORBIDDEN',
  },
  "the owner's token with every right but reading": {
    credential: token('ada', {scopes: ['publish:new', 'publish:update', 'tag', 'deprecate']}),
    sees: [],
    changes: [...adasPackages, ...acmesPackages],
    refusal: 'PACKAGE_FORBIDDEN',
  },
  'a reader of the organization': {
    credential: session('bob'),
    sees: ['@acme/hidden'],
    changes: [],
    refusal: 'PACKAGE_FORBIDDEN',
  },
  'a reader of the organization with a publish token': {
    credential: token('bob', {scopes: ['publish']}),
    sees: ['@acme/hidden'],
    changes: [],
    refusal: 'PACKAGE_FORBIDDEN',
  },
  'an unrelated user': {credential: session('eve'), sees: [], changes: [], refusal: 'PACKAGE_FORBIDDEN'},
  'an unrelated user with an admin token': {
    credential: token('eve', {scopes: ['admin']}),
    sees: [],
    changes: [],
    refusal: 'PACKAGE_FORBIDDEN',
  },
  "the owner's read token": {
    credential: token('ada', {scopes: ['read']}),
    sees: ['@ada/hidden', '@acme/hidden'],
    changes: [],
    refusal: 'SCOPE_INSUFFICIENT',
  },
  "the owner's publish token": {
    credential: token('ada', {scopes: ['publish']}),
    sees: ['@ada/hidden', '@acme/hidden'],
    changes: [...adasPackages, ...acmesPackages],
    refusal: 'PACKAGE_FORBIDDEN',
  },
  "the owner's token for one scope": {
    credential: token('ada', {scopes: ['ci'], packageScope: '@acme/*'}),
    sees: ['@acme/hidden'],
    changes: acmesPackages,
    refusal: 'SCOPE_INSUFFICIENT',
  },
  "the owner's token for one package": {
    credential: token('ada', {scopes: ['publish'], packageScope: '@ada/public'}),
    sees: [],
    changes: ['@ada/public'],
    refusal: 'SCOPE_INSUFFICIENT',
  },
  "the owner's token for a name prefix": {
    credential: token('ada', {scopes: ['publish'], packageScope: '@ada/hid*,@none/*'}),
    sees: ['@ada/hidden'],
    changes: ['@ada/hidden'],
    refusal: 'SCOPE_INSUFFICIENT',
    refusals: {'@none/absent': 'PACKAGE_FORBIDDEN'},
  },
}

/** A request for each endpoint of a package, and its status if it is allowed. */
const requests = {
  getPackage: {status: 200},
  downloadTarball: {status: 200},
  getProvenance: {status: 200},
  deprecatePackage: {status: 200, body: {deprecated: 'no'}},
  deprecateVersion: {status: 200, body: {deprecated: 'no'}},
  yankVersion: {status: 200, body: {yanked: true}},
  setDistTag: {status: 200, body: {version}},
  removeDistTag: {status: 204},
  publishPackage: {status: 201},
} satisfies Partial<Record<EndpointName, {status: number; body?: object}>>

type PackageEndpoint = keyof typeof requests

const reads: PackageEndpoint[] = ['getPackage', 'downloadTarball', 'getProvenance']

async function openRegistry(t: CleanupScope, config = {}) {
  const world = await createWorld(t, config)
  const sessions: Record<string, string> = {}
  for (const user of ['ada', 'bob', 'carol', 'eve']) {
    await world.addUser(user)
    sessions[user] = (await world.logIn(user)).accessToken
  }
  await world.addOrganization('acme', {ada: 'publisher', bob: 'reader', carol: 'admin'})
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
  const exists = name in existing
  const {status} = requests[endpoint]
  if (reads.includes(endpoint)) {
    const isVisible = exists && (existing[name as keyof typeof existing] === 'public' || caller.sees.includes(name))
    return isVisible ? status : 'PACKAGE_UNKNOWN'
  }
  if (!caller.changes.includes(name)) return caller.refusals?.[name] ?? caller.refusal
  return exists || endpoint === 'publishPackage' ? status : 'PACKAGE_UNKNOWN'
}

for (const [title, caller] of Object.entries(callers)) {
  describe(`access of ${title}`, () => {
    let world: World
    let credential: string | undefined
    const endings: (() => unknown)[] = []

    // No request below changes what another one is allowed.
    before(async () => {
      const opened = await openRegistry({after: (end) => endings.push(end as () => unknown)})
      world = opened.world
      credential = await caller.credential?.(world, opened.sessions)
    })
    after(async () => {
      for (const end of endings.reverse()) await end()
    })

    it(`search: ${title} finds exactly the readable packages`, async () => {
      for (const q of ['', 'secret']) {
        const {body} = await world.call('GET', `/search?q=${q}`, {token: credential})
        const found = body.results.map((result: {name: string}) => result.name).sort()
        assert.deepEqual(found, ['@acme/public', '@ada/public', ...caller.sees].sort())
        assert.equal(body.total, found.length)
      }
    })

    for (const endpoint of Object.keys(requests) as PackageEndpoint[]) {
      it(`${endpoint}: ${title} can do exactly what role and token allow`, async () => {
        for (const name of names) {
          const {status, body} = await ask(world, endpoint, name, credential)
          const expected = expectedAnswer(caller, endpoint, name)
          const answer: string | number = typeof expected === 'number' ? status : body.error?.code
          assert.equal(answer, expected, `${endpoint} ${name}`)
          if (typeof expected === 'string') assert.equal(status, problems[expected].status)
        }
      })
    }
  })
}

describe('a private package', () => {
  /** A response without the parts that differ between any two requests. */
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
    it(`private package: looks exactly like a missing one to ${title}`, async (t) => {
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

  it('private package: conditional and range requests do not reveal it', async (t) => {
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

  it('private package: publishing does not reveal whether a scope exists', async (t) => {
    const {world, sessions} = await openRegistry(t)
    for (const endpoint of ['publishPackage', 'setDistTag', 'deprecatePackage'] as const) {
      const foreign = await ask(world, endpoint, '@acme/thing', sessions['eve'])
      const withoutScope = await ask(world, endpoint, '@none/thing', sessions['eve'])
      assert.equal(foreign.body.error.code, 'PACKAGE_FORBIDDEN')
      assert.equal(
        plain(foreign, '@acme/thing').replaceAll('@acme', 'scope'),
        plain(withoutScope, '@none/thing').replaceAll('@none', 'scope'),
      )
    }
  })
})

describe('a registry without anonymous reading', () => {
  it('no anonymous reading: every read requires a credential', async (t) => {
    const {world} = await openRegistry(t, {anonymousRead: false})
    for (const endpoint of reads) {
      for (const name of names) {
        assert.equal((await ask(world, endpoint, name, undefined)).body.error.code, 'AUTH_MISSING', endpoint)
      }
    }
    assert.equal((await world.call('GET', '/search')).body.error.code, 'AUTH_MISSING')
  })

  it('no anonymous reading: any credential can read public packages', async (t) => {
    const {world, sessions} = await openRegistry(t, {anonymousRead: false})
    for (const endpoint of reads) {
      assert.equal((await ask(world, endpoint, '@ada/public', sessions['eve'])).status, 200, endpoint)
    }
    assert.equal((await world.call('GET', '/search', {token: sessions['eve']})).body.total, 2)
  })
})

describe('a refused change of a package', () => {
  it('refused change: the message names the limits of the token', async (t) => {
    const {world, sessions} = await openRegistry(t)
    const request = {name: 'ci', scopes: ['publish'], packageScope: '@ada/*,@acme/tool'}
    const {token: credential} = await world.createToken(sessions['ada']!, request)
    const {body} = await ask(world, 'deprecatePackage', '@acme/public', credential)
    const expected =
      'The token "ci" (publish) does not allow changing @acme/public. It is limited to @ada/*, @acme/tool'
    assert.equal(body.error.message, expected)
    assert.deepEqual(body.error.details, [{code: 'token-packages', message: '@ada/*, @acme/tool'}])
  })

  it('refused change: an invalid package name is a validation error', async (t) => {
    const {world, sessions} = await openRegistry(t)
    for (const name of ['tool', '@ada/Tool', '@ada/a\0b', `@ada/${'a'.repeat(300)}`]) {
      const {status, body} = await ask(world, 'deprecatePackage', name, sessions['ada'])
      assert.deepEqual([status, body.error.details[0].field], [400, 'name'], name)
      assert.equal((await ask(world, 'getPackage', name, sessions['ada'])).body.error.code, 'PACKAGE_UNKNOWN', name)
    }
  })
})
