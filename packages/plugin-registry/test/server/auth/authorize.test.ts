import assert from 'node:assert/strict'
import path from 'node:path'
import {after, describe, it} from 'node:test'

import {generateKeyPair, keyIdOf, signWith, toBase64} from '@apkg/package-format/signing'
import {formatTokenValue, problems, type ProblemCode, type Scope, scopes} from '@apkg/wire'
import {type Access, type Endpoint, endpoints, type EndpointName} from '@apkg/wire/protocol'

import {loadSqlite} from '../../../src/server/store/sqlite/driver.js'
import {operator} from '../../../src/server/store/store.js'
import {boundary, packageOf, uploadOf} from '../../support/uploads.js'
import {createWorld, day, hour, password, type World} from '../../support/world.js'

const keys = {own: generateKeyPair(), other: generateKeyPair()}

/** A valid request to each endpoint, and its status if it is allowed. */
const requests: Record<EndpointName, {body?: object; query?: string; status: number}> = {
  login: {body: {username: 'ada', password: 'a wrong one'}, status: 401},
  completeMfaChallenge: {body: {mfaToken: 'unknown', code: '123456'}, status: 401},
  refresh: {body: {refreshToken: 'unknown'}, status: 401},
  logout: {body: {refreshToken: 'unknown'}, status: 204},
  revokeValues: {body: {values: ['unknown']}, status: 202},
  whoami: {status: 200},
  stepUp: {body: {password}, status: 204},
  createToken: {body: {name: 'another'}, status: 201},
  listTokens: {status: 200},
  getCurrentToken: {status: 200},
  revokeCurrentToken: {status: 204},
  revokeToken: {status: 204},
  rotateToken: {status: 200},
  dropRotation: {query: '?prefix=apkgt_012345', status: 404},
  registerKey: {body: {publicKey: toBase64(keys.other.publicKey), name: 'other'}, status: 200},
  listKeys: {status: 200},
  revokeKey: {body: {reason: 'unspecified'}, status: 200},
  rotateKey: {
    body: {
      oldKeyId: keyIdOf(keys.own.publicKey),
      newPublicKey: toBase64(keys.other.publicKey),
      attestation: signWith(keys.own.seed, keys.other.publicKey),
    },
    status: 200,
  },
  getPolicy: {status: 200},
  listSigningKeys: {status: 200},
  getPackage: {status: 200},
  downloadTarball: {status: 200},
  getStatus: {body: {versions: ['@ada/tool@1.0.0']}, status: 200},
  publishPackage: {status: 201},
  deprecatePackage: {body: {deprecated: 'no'}, status: 200},
  deprecateVersion: {body: {deprecated: 'no'}, status: 200},
  setDistTag: {body: {version: '1.0.0'}, status: 200},
  removeDistTag: {status: 204},
  getProvenance: {status: 200},
  searchPackages: {status: 200},
}

const publish: Scope[] = ['publish', 'ci', 'admin']

/** The scopes of which a token needs one, for each endpoint that requires more than any token. */
const scopesFor: Partial<Record<EndpointName, Scope[]>> = {
  listTokens: ['admin', 'token:read'],
  revokeToken: ['admin'],
  registerKey: ['admin'],
  revokeKey: ['admin'],
  rotateKey: ['admin'],
  // It publishes a further version.
  publishPackage: [...publish, 'publish:update'],
  deprecatePackage: [...publish, 'deprecate'],
  deprecateVersion: [...publish, 'deprecate'],
  setDistTag: [...publish, 'tag'],
  removeDistTag: [...publish, 'tag'],
}

const allowedToRetired: EndpointName[] = [
  'publishPackage',
  'deprecatePackage',
  'deprecateVersion',
  'setDistTag',
  'removeDistTag',
]

/** Values for the parameters of a path. */
const parts = {name: '@ada/tool', version: '1.0.0', tag: 'next', keyId: keyIdOf(keys.own.publicKey)}

interface Presented {
  authorization: string | undefined
  /** The result of authenticating it. */
  verdict: ProblemCode | {session: true} | {scopes: Scope[]; isRetired?: boolean}
}

type Present = (world: World, session: string) => Promise<Presented>

const token =
  (limits: {scopes: Scope[]}, then: (world: World, token: {id: string}) => Promise<void> = async () => undefined) =>
  (verdict?: ProblemCode): Present =>
  async (world, session) => {
    const created = await world.createToken(session, {name: 'presented', expiresIn: '1d', ...limits})
    await then(world, created)
    return {authorization: `Bearer ${created.token}`, verdict: verdict ?? {scopes: limits.scopes}}
  }

const revoke = async (world: World, {id}: {id: string}) => {
  await world.store.tokens.revoke({userId: 'id-of-ada', id}, operator, world.now())
}

const credentials: Record<string, Present> = {
  'no credential': async () => ({authorization: undefined, verdict: 'AUTH_MISSING'}),
  'another scheme': async () => ({authorization: 'Basic YTpi', verdict: 'AUTH_MALFORMED'}),
  'a scheme without a value': async () => ({authorization: 'Bearer', verdict: 'AUTH_MALFORMED'}),
  'two values': async () => ({authorization: 'Bearer a b', verdict: 'AUTH_MALFORMED'}),
  'an opaque value': async () => ({authorization: 'Bearer opaque', verdict: 'CREDENTIAL_UNKNOWN'}),
  'an unknown token': async () => ({
    authorization: `Bearer ${formatTokenValue('token', 'x'.repeat(32))}`,
    verdict: 'CREDENTIAL_UNKNOWN',
  }),
  'a refresh token': async (world) => ({
    authorization: `Bearer ${(await world.logIn('ada')).refreshToken}`,
    verdict: 'CREDENTIAL_UNKNOWN',
  }),
  'a session': async (_world, session) => ({authorization: `Bearer ${session}`, verdict: {session: true}}),
  'an expired session': async (world, session) => {
    world.pass(12 * hour)
    return {authorization: `Bearer ${session}`, verdict: 'CREDENTIAL_EXPIRED'}
  },
  'an ended session': async (world, session) => {
    await world.call('POST', '/auth/logout', {token: session})
    return {authorization: `Bearer ${session}`, verdict: 'CREDENTIAL_REVOKED'}
  },
  ...Object.fromEntries(scopes.map((scope) => [`a token with scope ${scope}`, token({scopes: [scope]})()])),
  'a replaced value of an admin token': async (world, session) => {
    const {id, token: old} = await world.createToken(session, {name: 'presented', scopes: ['admin']})
    const {token: next} = (await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session})).body
    await world.call('GET', '/auth/whoami', {token: next})
    return {authorization: `Bearer ${old}`, verdict: {scopes: ['admin'], isRetired: true}}
  },
  'a value of an admin token that has ended': async (world, session) => {
    const {id, token: old} = await world.createToken(session, {name: 'presented', scopes: ['admin']})
    await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session, body: {grace: '0'}})
    return {authorization: `Bearer ${old}`, verdict: 'CREDENTIAL_ROTATED'}
  },
  'a revoked token': token({scopes: ['admin']}, revoke)('CREDENTIAL_REVOKED'),
  'a suspended token': token({scopes: ['admin']}, async (world) => {
    await world.store.tokens.suspendAll(operator, world.now())
  })('CREDENTIAL_SUSPENDED'),
  'a token with an unknown restriction': token({scopes: ['admin']}, async (world, {id}) => {
    const database = (await loadSqlite()).open(path.join(world.folder, 'registry.db'))
    database.prepare('UPDATE tokens SET restrictions = ? WHERE id = ?').run('["moon-phase"]', id)
    database.close()
  })('CREDENTIAL_UNENFORCEABLE'),
  'an expired token': token({scopes: ['admin']}, async (world) => {
    world.pass(day)
  })('CREDENTIAL_EXPIRED'),
  "a disabled user's session": async (world, session) => {
    await world.store.users.setDisabled('id-of-ada', true, operator, world.now())
    return {authorization: `Bearer ${session}`, verdict: 'USER_DISABLED'}
  },
  "a disabled user's token": token({scopes: ['admin']}, async (world) => {
    await world.store.users.setDisabled('id-of-ada', true, operator, world.now())
  })('USER_DISABLED'),
  "a removed user's token": token({scopes: ['admin']}, async (world) => {
    await world.store.users.remove('id-of-ada', operator, world.now())
  })('CREDENTIAL_REVOKED'),
}

/** The refusal for a credential, by the access that an endpoint requires. */
function expectedRefusal(name: EndpointName, access: Access, {verdict}: Presented): ProblemCode | undefined {
  if (access === 'public' || (access === 'reader' && verdict === 'AUTH_MISSING')) return undefined
  if (typeof verdict === 'string') return verdict
  if ('session' in verdict || access === 'credential' || access === 'reader') return undefined
  if (access === 'session') return name === 'createToken' ? 'TOKEN_CANNOT_CREATE' : 'SCOPE_INSUFFICIENT'
  // A token can only rotate itself, and the target is another one.
  if (access === 'token:rotate') return 'SCOPE_INSUFFICIENT'
  if (verdict.isRetired && !allowedToRetired.includes(name)) return 'SCOPE_INSUFFICIENT'
  return verdict.scopes.some((scope) => scopesFor[name]?.includes(scope)) ? undefined : 'SCOPE_INSUFFICIENT'
}

function pathOf(name: EndpointName, values: Record<string, string>): string {
  return endpoints[name].path.replace(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(values[part] ?? ''))
}

interface Prepared {
  world: World
  presented: Presented
  /** The id of a token that a call can revoke. */
  target: string
}

const cleanups: (() => unknown)[] = []
after(async () => {
  for (const clean of cleanups.reverse()) await clean()
})

async function prepare(present: Present): Promise<Prepared> {
  const world = await createWorld({after: (clean) => cleanups.push(clean as () => unknown)})
  await world.addUser('ada')
  const {accessToken} = await world.logIn('ada')
  await world.publish(accessToken, {name: parts.name, tag: parts.tag, provenance: {subject: []}})
  const target = await world.createToken(accessToken, {name: 'target'})
  await world.call('POST', '/auth/keys', {
    body: {publicKey: toBase64(keys.own.publicKey), name: 'own'},
    token: accessToken,
  })
  return {world, presented: await present(world, accessToken), target: target.id}
}

/** Worlds by credential. Each is reused until a call changes something in it. */
const unchanged = new Map<Present, Prepared>()

async function callAs(name: EndpointName, present: Present) {
  const prepared = unchanged.get(present) ?? (await prepare(present))
  const {world, presented, target} = prepared
  const {authorization} = presented
  const upload = name === 'publishPackage' && (await packageOf({name: parts.name, version: '2.0.0'}))
  const body = upload ? uploadOf(upload) : requests[name].body
  const answer = await world.call(
    endpoints[name].method,
    pathOf(name, {...parts, id: target}) + (requests[name].query ?? ''),
    {
      ...(body && {body}),
      headers: {
        ...(upload && {'content-type': `multipart/form-data; boundary=${boundary}`}),
        ...(authorization !== undefined && {authorization}),
      },
    },
  )
  if (endpoints[name].method === 'GET' || answer.status >= 400) unchanged.set(present, prepared)
  else unchanged.delete(present)
  const isTargetAlive = (await world.store.tokens.list('id-of-ada', {}, world.now())).some(({id}) => id === target)
  return {answer, presented, isTargetAlive}
}

for (const name of Object.keys(endpoints) as EndpointName[]) {
  const {method, path, access}: Endpoint = endpoints[name]
  describe(`${method} ${path} (${[access].flat().join(', ')})`, () => {
    for (const [title, present] of Object.entries(credentials)) {
      it(`${name}: called with ${title}`, async () => {
        const {answer, presented, isTargetAlive} = await callAs(name, present)
        const refusal = expectedRefusal(name, access, presented)
        if (refusal !== undefined) {
          assert.equal(answer.body.error.code, refusal)
          assert.equal(answer.status, problems[refusal].status)
          assert.equal(isTargetAlive, title !== "a removed user's token")
          return
        }
        if (name === 'logout' && presented.verdict === 'AUTH_MALFORMED') {
          assert.equal(answer.body.error.code, 'AUTH_MALFORMED')
          return
        }
        const isSession = typeof presented.verdict === 'object' && 'session' in presented.verdict
        const expected = name.endsWith('CurrentToken') && isSession ? 409 : requests[name].status
        assert.equal(answer.status, expected)
        if (name === 'revokeToken') assert.equal(isTargetAlive, false)
      })
    }
  })
}

describe('the WWW-Authenticate header', () => {
  const expected: Record<string, string> = {
    'no credential': 'Bearer realm="apkg"',
    'another scheme':
      'Bearer realm="apkg", error="invalid_request", error_description="The Authorization header is malformed"',
    'an unknown token':
      'Bearer realm="apkg", error="invalid_token", error_description="The credential is not recognized"',
    'a token with scope read':
      'Bearer realm="apkg", error="insufficient_scope", error_description="The credential does not allow this"',
  }
  for (const [title, header] of Object.entries(expected)) {
    it(`WWW-Authenticate: the challenge for ${title}`, async () => {
      const {answer} = await callAs('listTokens', credentials[title]!)
      assert.equal(answer.headers['www-authenticate'], header)
    })
  }
})

describe('a refused credential', () => {
  it('refused credential: only its owner gets the reason', async () => {
    const revoked = await callAs('whoami', credentials['a revoked token']!)
    assert.equal(revoked.answer.body.error.message, 'The token "presented" was revoked at 2026-11-23T12:00:00.000Z')
    const unknown = await callAs('whoami', credentials['an unknown token']!)
    const opaque = await callAs('whoami', credentials['an opaque value']!)
    const constant = ({body}: {body: any}) => ({...body, error: {...body.error, requestId: ''}})
    assert.deepEqual(constant(unknown.answer), constant(opaque.answer))
  })
})
