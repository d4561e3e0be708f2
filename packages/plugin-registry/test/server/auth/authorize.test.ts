import assert from 'node:assert/strict'
import {after, describe, it} from 'node:test'

import {generateKeyPair, keyIdOf, signWith, toBase64} from '@apkg/package-format/signing'
import {
  formatTokenValue,
  problems,
  type ProblemCode,
  providerIssuers,
  releaseScopes,
  type Scope,
  scopes,
} from '@apkg/wire'
import {type Access, type Endpoint, endpoints, type EndpointName} from '@apkg/wire/protocol'

import {createId, createValue, hashSecret} from '../../../src/server/auth/credential-values.js'
import {operator, type SuspensionMaker} from '../../../src/server/store/store.js'
import {boundary, packageOf, uploadOf} from '../../support/uploads.js'
import {browserSession} from '../../support/browsers.js'
import {createWorld, day, hour, minute, password, type World} from '../../support/world.js'

const keys = {own: generateKeyPair(), other: generateKeyPair()}

/** A valid request to each endpoint, and its status if it is allowed. */
const requests: Record<EndpointName, {body?: object; query?: string; status: number}> = {
  login: {body: {username: 'ada', password: 'a wrong one'}, status: 401},
  completeMfaChallenge: {body: {mfaToken: 'unknown', code: '123456'}, status: 401},
  requestBrowserLogin: {status: 201},
  completeBrowserLogin: {body: {deviceCode: 'unknown'}, status: 401},
  refresh: {body: {refreshToken: 'unknown'}, status: 401},
  logout: {body: {refreshToken: 'unknown'}, status: 204},
  revokeValues: {body: {values: ['unknown']}, status: 202},
  whoami: {status: 200},
  listSessions: {status: 200},
  // The ID is that of a token.
  revokeSession: {status: 404},
  can: {body: {action: 'publish', package: '@ada/tool'}, status: 200},
  stepUp: {body: {password}, status: 204},
  requestBrowserConfirmation: {status: 201},
  completeBrowserConfirmation: {body: {deviceCode: 'unknown'}, status: 401},
  createToken: {body: {name: 'another'}, status: 201},
  listTokens: {status: 200},
  getCurrentToken: {status: 200},
  getToken: {status: 200},
  getTokenLog: {status: 200},
  revokeCurrentToken: {status: 204},
  revokeToken: {status: 204},
  rotateToken: {status: 200},
  dropRotation: {query: '?prefix=apkgt_012345', status: 404},
  suspendToken: {body: {reason: 'looks leaked'}, status: 200},
  resumeToken: {status: 200},
  addTrustedPublisher: {
    body: {package: '@ada/other', provider: 'github', claims: {repository: 'ada/tool'}, workflow: 'publish.yml'},
    status: 201,
  },
  listTrustedPublishers: {status: 200},
  removeTrustedPublisher: {status: 204},
  requireTrustedPublishing: {body: {package: '@ada/*', required: true}, status: 200},
  listMembers: {status: 200},
  setMember: {body: {role: 'admin'}, status: 200},
  // The last admin.
  removeMember: {status: 409},
  listUsers: {status: 200},
  addUser: {body: {name: 'new', email: 'new@example.com', password}, status: 201},
  getUser: {status: 200},
  enableUser: {status: 204},
  endUserAccess: {body: {kind: 'revoke-all', dryRun: true}, status: 200},
  setUserPassword: {body: {password}, status: 204},
  enrollUserMfa: {status: 200},
  listOrganizations: {status: 200},
  createOrganization: {body: {name: 'new'}, status: 201},
  getOrganization: {status: 200},
  setOrganizationMember: {body: {role: 'admin'}, status: 200},
  removeOrganizationMember: {status: 200},
  listInvitations: {status: 200},
  createInvitation: {body: {name: 'new', email: 'new@example.com'}, status: 201},
  // The ID is that of a token.
  revokeInvitation: {status: 404},
  resetUser: {status: 201},
  acceptInvitation: {body: {code: 'unknown', password}, status: 404},
  exchangeIdToken: {body: {token: 'not an ID token'}, status: 401},
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
  yankVersion: {body: {yanked: true}, status: 200},
  setDistTag: {body: {version: '1.0.0'}, status: 200},
  removeDistTag: {status: 204},
  getProvenance: {status: 200},
  searchPackages: {status: 200},
  listMostInstalled: {status: 200},
  getDownloads: {status: 200},
  listDependents: {status: 200},
  getScope: {status: 200},
}

const publish: Scope[] = ['publish', 'ci', 'admin']

/** The scopes of which a token needs one, for each endpoint that requires more than any token. */
const scopesFor: Partial<Record<EndpointName, Scope[]>> = {
  listTokens: ['admin', 'token:read'],
  getToken: ['admin', 'token:read'],
  getTokenLog: ['admin', 'token:read'],
  revokeToken: ['admin'],
  suspendToken: ['admin'],
  registerKey: ['admin'],
  revokeKey: ['admin'],
  rotateKey: ['admin'],
  // It publishes a further version.
  publishPackage: [...publish, 'publish:update'],
  deprecatePackage: [...publish, 'deprecate'],
  deprecateVersion: [...publish, 'deprecate'],
  yankVersion: [...publish, 'deprecate'],
  setDistTag: [...publish, 'tag'],
  removeDistTag: [...publish, 'tag'],
}

/** What a token of an organization cannot be allowed by any scope. */
const ofAccounts: EndpointName[] = [
  ...(['listTokens', 'getToken', 'getTokenLog', 'revokeToken', 'suspendToken'] as const),
  ...(['registerKey', 'revokeKey', 'rotateKey'] as const),
]

const allowedToRetired: EndpointName[] = [
  'publishPackage',
  'deprecatePackage',
  'deprecateVersion',
  'yankVersion',
  'setDistTag',
  'removeDistTag',
]

/** Values for the parameters of a path. */
const parts = {
  ...{name: '@ada/tool', version: '1.0.0', tag: 'next', keyId: keyIdOf(keys.own.publicKey)},
  ...{organization: 'team', user: 'ada', scope: 'ada'},
}

interface Presented {
  authorization: string | undefined
  /** The result of authenticating it. */
  verdict:
    | ProblemCode
    | {session: 'user' | 'operator' | 'stale-operator'}
    | {
        scopes: Scope[]
        isRetired?: boolean
        isSpent?: boolean
        isForRelease?: boolean
        isExchanged?: boolean
        isOfOrganization?: boolean
      }
  /** The package of the request, instead of the usual one. */
  name?: string
}

type Present = (world: World, session: string) => Promise<Presented>

const token =
  (
    limits: {scopes: Scope[]; addresses?: string[]; uses?: number; packageScope?: string; release?: object},
    then: (world: World, token: {id: string; token: string}) => Promise<void> = async () => undefined,
  ) =>
  (verdict?: ProblemCode): Present =>
  async (world, session) => {
    const created = await world.createToken(session, {name: 'presented', expiresIn: '1d', ...limits})
    await then(world, created)
    return {authorization: `Bearer ${created.token}`, verdict: verdict ?? {scopes: limits.scopes}}
  }

const publisherClaims = {
  repository: 'acme/tool',
  repository_id: '1',
  repository_owner_id: '2',
  event_name: 'push',
  workflow_ref: 'acme/tool/.github/workflows/publish.yml@refs/heads/main',
}

async function addPublisher(world: World, session: string): Promise<string> {
  const project = {provider: 'github', claims: {repository: 'acme/tool'}, workflow: 'publish.yml'}
  const added = await world.call('POST', '/auth/trusted-publishers', {
    body: {package: parts.name, ...project},
    token: session,
  })
  return added.body.id
}

/** A token of a trusted publisher of the package. */
const exchanged =
  (then: (world: World, value: string) => Promise<unknown> = async () => undefined) =>
  (verdict?: ProblemCode): Present =>
  async (world) => {
    const value = createValue('token')
    const hash = hashSecret(value)
    const token = {id: createId(), hash, prefix: value.slice(0, 12)}
    const idToken = {issuer: providerIssuers.github, claims: publisherClaims, jtiHash: hash, hash}
    const client = {address: '127.0.0.1', agent: null}
    const {outcome} = await world.store.trustedPublishers.exchange(idToken, undefined, token, client, world.now())
    assert.equal(outcome, 'exchanged')
    await then(world, value)
    return {
      authorization: `Bearer ${value}`,
      verdict: verdict ?? {scopes: ['read', 'publish:update', 'tag'], isExchanged: true},
    }
  }

const organizationScopes: Scope[] = ['read', 'publish', 'token:rotate']

/** A token of an organization that ada administers and that has a package like hers. */
const ofOrganization =
  (then: (world: World, token: {id: string}) => Promise<unknown> = async () => undefined) =>
  (verdict?: ProblemCode): Present =>
  async (world, session) => {
    await world.addOrganization('acme', {ada: 'admin'})
    const name = '@acme/tool'
    await world.publish(session, {name, tag: parts.tag, provenance: {subject: []}})
    const request = {name: 'presented', organization: 'acme', scopes: organizationScopes, expiresIn: '1d'}
    const created = await world.createToken(session, request)
    await then(world, created)
    return {
      authorization: `Bearer ${created.token}`,
      verdict: verdict ?? {scopes: organizationScopes, isOfOrganization: true},
      name,
    }
  }

const revoke = async (world: World, {id}: {id: string}) => {
  await world.store.tokens.revoke({within: {kind: 'own', userId: 'id-of-ada'}, id}, operator, world.now())
}

const suspend = async (world: World, id: string, by: SuspensionMaker) => {
  await world.store.tokens.suspend({id}, {by, reason: null}, operator, world.now())
}

async function makeOperator(world: World): Promise<void> {
  await world.store.users.setOperator('id-of-ada', true, operator, world.now())
}

const suspendedBy = (maker: SuspensionMaker): Present =>
  token({scopes: ['admin']}, (world, {id}) => suspend(world, id, maker))('CREDENTIAL_SUSPENDED')

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
  "the cookie of a browser's session": async (world) => ({
    authorization: `Bearer ${await browserSession(world, 'ada')}`,
    verdict: 'CREDENTIAL_UNKNOWN',
  }),
  'a session': async (_world, session) => ({authorization: `Bearer ${session}`, verdict: {session: 'user'}}),
  "an operator's session": async (world, session) => {
    await makeOperator(world)
    return {authorization: `Bearer ${session}`, verdict: {session: 'operator'}}
  },
  "an operator's session after an old login": async (world, session) => {
    await makeOperator(world)
    world.pass(11 * minute)
    return {authorization: `Bearer ${session}`, verdict: {session: 'stale-operator'}}
  },
  "an operator's token with every scope": async (world, session) => {
    await makeOperator(world)
    return token({scopes: [...scopes]})()(world, session)
  },
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
  'a token that a restore suspended': token({scopes: ['admin']}, async (world) => {
    await world.store.tokens.suspendAll(operator, world.now())
  })('CREDENTIAL_SUSPENDED'),
  'a token that its owner suspended': suspendedBy('owner'),
  'a token that the operator suspended': suspendedBy('operator'),
  'a token that a policy suspended': suspendedBy('policy'),
  'a token with one of two suspensions left': token({scopes: ['admin']}, async (world, {id}) => {
    await suspend(world, id, 'owner')
    await suspend(world, id, 'operator')
    await world.store.tokens.resume({id}, {makers: ['owner']}, operator, world.now())
  })('CREDENTIAL_SUSPENDED'),
  'a token that was resumed': token({scopes: ['admin']}, async (world, {id}) => {
    await suspend(world, id, 'owner')
    await world.store.tokens.resume({id}, {makers: ['owner']}, operator, world.now())
  })(),
  'a token with an unknown restriction': token({scopes: ['admin']}, async (world, {id}) => {
    await world.query('UPDATE tokens SET restrictions = ?1 WHERE id = ?2', '["moon-phase"]', id)
  })('CREDENTIAL_UNENFORCEABLE'),
  // Requests of these tests come from 127.0.0.1.
  'a token that is limited to its address': token({scopes: ['admin'], addresses: ['127.0.0.0/8']})(),
  'a token that is limited to other addresses': token({scopes: ['admin'], addresses: ['203.0.113.0/24']})(
    'ADDRESS_REFUSED',
  ),
  'a token with a use left': token({scopes: ['admin'], uses: 1})(),
  'a token without uses left': async (world, session) => {
    const spent = await token({scopes: ['admin'], uses: 1}, async (_world, {token: value}) => {
      await world.call('PUT', pathOf('setDistTag', {...parts, tag: 'other'}), {body: {version: '1.0.0'}, token: value})
    })()(world, session)
    return {...spent, verdict: {scopes: ['admin'], isSpent: true}}
  },
  'a token for one release': async (world, session) => {
    const {metadata} = await packageOf({name: parts.name, version: '2.0.0'})
    const release = {version: '2.0.0', integrity: metadata.integrity}
    const limits = {scopes: [...releaseScopes], packageScope: parts.name, release}
    return {...(await token(limits)()(world, session)), verdict: {scopes: limits.scopes, isForRelease: true}}
  },
  'an expired token': token({scopes: ['admin']}, async (world) => {
    world.pass(day)
  })('CREDENTIAL_EXPIRED'),
  'a token of an organization': ofOrganization()(),
  'a token of an organization that expired': ofOrganization(async (world) => {
    world.pass(day)
  })('CREDENTIAL_EXPIRED'),
  'a token of an organization that an admin suspended': ofOrganization((world, {id}) => suspend(world, id, 'owner'))(
    'CREDENTIAL_SUSPENDED',
  ),
  'a token of an organization that a process does not know': ofOrganization(async (world, {id}) => {
    await world.query('UPDATE tokens SET restrictions = ?1 WHERE id = ?2', '["organization","moon-phase"]', id)
  })('CREDENTIAL_UNENFORCEABLE'),
  "a disabled user's token of an organization": ofOrganization((world) =>
    world.store.users.setDisabled('id-of-ada', true, operator, world.now()),
  )(),
  "a removed user's token of an organization": ofOrganization((world) =>
    world.store.users.remove('id-of-ada', operator, world.now()),
  )(),
  'an exchanged token': exchanged()(),
  'an expired exchanged token': exchanged(async (world) => {
    world.pass(hour)
  })('CREDENTIAL_EXPIRED'),
  'an exchanged token that ended': exchanged((world, token) => world.call('DELETE', '/auth/tokens/current', {token}))(
    'CREDENTIAL_REVOKED',
  ),
  'an exchanged token after a restore': exchanged((world) => world.store.tokens.suspendAll(operator, world.now()))(
    'CREDENTIAL_REVOKED',
  ),
  "an exchanged token in a disabled user's scope": exchanged((world) =>
    world.store.users.setDisabled('id-of-ada', true, operator, world.now()),
  )('USER_DISABLED'),
  "an exchanged token in a removed user's scope": exchanged((world) =>
    world.store.users.remove('id-of-ada', operator, world.now()),
  )('CREDENTIAL_REVOKED'),
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
  // It reports the address in its answer.
  if (endpoints[name].path === '/auth/can' && verdict === 'ADDRESS_REFUSED') return undefined
  if (typeof verdict === 'string') return verdict
  if ('isSpent' in verdict) return refusalOfSpent(name, access)
  if ('session' in verdict) return refusalOfSession(name, access, verdict.session)
  if (access === 'credential' || access === 'reader') return undefined
  if (access === 'session' || access === 'operator') return refusalOfTokens(name)
  if (verdict.isExchanged && access === 'token:rotate') return 'SCOPE_INSUFFICIENT'
  // A token can only rotate itself, and the target is another one.
  if (access === 'token:rotate') return 'SESSION_REQUIRED'
  if (verdict.isOfOrganization && ofAccounts.includes(name)) return 'SESSION_REQUIRED'
  if (verdict.isForRelease && name !== 'publishPackage') return 'SCOPE_INSUFFICIENT'
  if (verdict.isRetired && !allowedToRetired.includes(name)) return 'VALUE_ROTATED'
  return verdict.scopes.some((scope) => scopesFor[name]?.includes(scope)) ? undefined : 'SCOPE_INSUFFICIENT'
}

function refusalOfSession(name: EndpointName, access: Access, whose: string): ProblemCode | undefined {
  if (access === 'operator' && whose === 'user') return 'OPERATOR_REQUIRED'
  const {confirmation}: Endpoint = endpoints[name]
  return confirmation && whose === 'stale-operator' ? 'STEP_UP_REQUIRED' : undefined
}

/** The refusal of any token if only sessions are allowed. */
function refusalOfTokens(name: EndpointName): ProblemCode {
  return name === 'createToken' ? 'TOKEN_CANNOT_CREATE' : 'SESSION_REQUIRED'
}

/** A spent token of an admin can do what costs no use: setting a dist-tag that is set, for example. */
function refusalOfSpent(name: EndpointName, access: Endpoint['access']): ProblemCode | undefined {
  if (access === 'session' || access === 'operator') return refusalOfTokens(name)
  if (access === 'token:rotate') return 'SESSION_REQUIRED'
  return access === 'credential' || name === 'setDistTag' ? undefined : 'TOKEN_SPENT'
}

function pathOf(name: EndpointName, values: Record<string, string>): string {
  return endpoints[name].path.replace(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(values[part] ?? ''))
}

interface Prepared {
  world: World
  presented: Presented
  /** The id of a token that a call can revoke. */
  target: string
  /** The id of a trusted publisher that a call can remove. */
  publisher: string
}

const cleanups: (() => unknown)[] = []
after(async () => {
  for (const clean of cleanups.reverse()) await clean()
})

async function prepare(present: Present): Promise<Prepared> {
  const scope = {after: (clean: unknown) => void cleanups.push(clean as () => unknown)}
  const world = await createWorld(scope, {publicUrl: new URL('http://127.0.0.1:4873'), browserLogin: true})
  // A world gets more requests than a network may have rejected within a minute.
  await world.store.policy.set({failedAuthRate: 0}, operator, world.now())
  for (const user of ['ada', 'bob']) await world.addUser(user)
  await world.addOrganization('team', {ada: 'admin'})
  const {accessToken} = await world.logIn('ada')
  await world.publish(accessToken, {name: parts.name, tag: parts.tag, provenance: {subject: []}})
  const target = await world.createToken(accessToken, {name: 'target'})
  await world.call('POST', '/auth/keys', {
    body: {publicKey: toBase64(keys.own.publicKey), name: 'own'},
    token: accessToken,
  })
  const publisher = await addPublisher(world, accessToken)
  return {world, presented: await present(world, accessToken), target: target.id, publisher}
}

/** Worlds by credential. Each is reused until a call changes something in it. */
const unchanged = new Map<Present, Prepared>()

async function callAs(name: EndpointName, present: Present) {
  const prepared = unchanged.get(present) ?? (await prepare(present))
  const {world, presented, target, publisher} = prepared
  const {authorization, name: packageName = parts.name} = presented
  const upload = name === 'publishPackage' && (await packageOf({name: packageName, version: '2.0.0'}))
  // Some of what operators do with users isn't possible with operators, such as ada.
  const user = endpoints[name].path.startsWith('/operator/users/') ? 'bob' : parts.user
  const body = upload ? uploadOf(upload) : requests[name].body
  const answer = await world.call(
    endpoints[name].method,
    pathOf(name, {...parts, user, name: packageName, id: name === 'removeTrustedPublisher' ? publisher : target}) +
      (requests[name].query ?? ''),
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
  const isTargetAlive = (await world.store.tokens.list({kind: 'user', id: 'id-of-ada'}, {}, world.now())).some(
    ({id}) => id === target,
  )
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
          assert.equal(isTargetAlive, !title.includes("a removed user's"))
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

describe('a call that requires a session, whatever the scopes of the token', () => {
  const ofOrganizations = (Object.keys(endpoints) as EndpointName[]).filter(
    (name) => (endpoints[name] as Endpoint).onTokens === 'own',
  )
  for (const name of ofOrganizations) {
    for (const title of ['a token with scope read', 'a token with scope admin', 'a token without uses left']) {
      it(`${name}: ${title} is refused for an organization, because only a session is allowed`, async () => {
        const {world, presented, target} = await prepare(credentials[title]!)
        const path = `${pathOf(name, {...parts, id: target})}?organization=acme`
        const {authorization = ''} = presented
        const {status, body} = await world.call(endpoints[name].method, path, {headers: {authorization}})
        assert.deepEqual([status, body.error.code], [403, 'SESSION_REQUIRED'])
      })
    }
  }

  it('protocol: the endpoints that refuse tokens for organizations are known', () => {
    assert.deepEqual(ofOrganizations, ['listTokens', 'getTokenLog', 'getToken'])
  })
})

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
