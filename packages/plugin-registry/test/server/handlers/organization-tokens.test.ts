import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {hashSecret} from '../../../src/server/auth/credential-values.js'
import {operator} from '../../../src/server/store/store.js'
import {packageOf, publish} from '../../support/uploads.js'
import {type Answer, createWorld, type World} from '../../support/world.js'

type Person = 'ada' | 'bob' | 'pat' | 'eve'

/** ada and bob are admins of acme, pat publishes there, and eve isn't a member. */
async function withOrganization(t: TestContext) {
  const world = await createWorld(t)
  for (const name of ['ada', 'bob', 'pat', 'eve']) await world.addUser(name)
  await world.addOrganization('acme', {ada: 'admin', bob: 'admin', pat: 'publisher'})
  const sessions = {} as Record<Person, string>
  for (const name of ['ada', 'bob', 'pat', 'eve'] as const) sessions[name] = (await world.logIn(name)).accessToken
  const create = (by: string, request: object = {}) =>
    world.call('POST', '/auth/tokens', {token: by, body: {name: 'ci', organization: 'acme', ...request}})
  return {world, sessions, create}
}

async function withToken(t: TestContext, request: object = {}) {
  const context = await withOrganization(t)
  const {body} = await context.create(context.sessions.ada, request)
  return {...context, id: body.id as string, token: body.token as string, created: body}
}

function codeOf({status, body}: Answer): string {
  return status < 400 ? String(status) : `${status} ${body.error.code}`
}

const setRole = async (world: World, name: Person, role: 'admin' | 'publisher') => {
  const member = {organizationId: 'id-of-acme', userId: `id-of-${name}`, role}
  await world.store.organizations.setMember(member, operator, world.now())
}

/** Every request by which an admin sees or changes a token. */
const management = (id: string): [method: string, url: string][] => [
  ['GET', `/auth/tokens/${id}`],
  ['POST', `/auth/tokens/${id}/suspend`],
  ['POST', `/auth/tokens/${id}/resume`],
  ['POST', `/auth/tokens/${id}/rotate`],
  ['DELETE', `/auth/tokens/${id}/rotation?prefix=apkgt_012345`],
  ['DELETE', `/auth/tokens/${id}`],
]

describe('tokens of organizations', () => {
  it('organization token: an admin creates it, and the response names the organization and its creator', async (t) => {
    const {world, sessions, created, token} = await withToken(t)
    assert.deepEqual([created.organization, created.createdBy], ['acme', 'ada'])
    const {body} = await world.call('GET', '/auth/whoami', {token})
    assert.deepEqual(
      [body.username, body.organization, body.email, body.orgs],
      ['ada', 'acme', '', [{name: 'acme', role: 'publisher'}]],
    )
    assert.equal('organization' in (await world.call('GET', '/auth/whoami', {token: sessions.ada})).body, false)
    const [row] = await world.store.audit.latest(1, {action: 'token.create'})
    assert.deepEqual([row?.name, row?.detail['organization']], ['ada', 'acme'])
  })

  it('organization token: every admin lists it, apart from their own tokens', async (t) => {
    const {world, sessions, id} = await withToken(t)
    await world.createToken(sessions.bob, {name: 'ci'})
    const idsOf = async (query: string) => {
      const {body} = await world.call('GET', `/auth/tokens${query}`, {token: sessions.bob})
      return [body.tokens.map(({id: each}: {id: string}) => each === id), body.organization]
    }
    assert.deepEqual(await idsOf(''), [[false], undefined])
    assert.deepEqual(await idsOf('?organization=acme'), [[true], 'acme'])
  })

  it('organization token: its label is unique among the tokens of the organization only', async (t) => {
    const {world, sessions, create} = await withToken(t)
    assert.ok((await world.createToken(sessions.ada, {name: 'ci'})).token)
    const again = await create(sessions.bob)
    assert.equal(codeOf(again), '409 LABEL_TAKEN')
    assert.equal(again.body.error.message, 'acme already has a token with the label "ci"')
  })

  it('organization token: the limit of the policy counts the tokens of each holder', async (t) => {
    const {world, sessions, create} = await withToken(t)
    await world.store.policy.set({maxTokens: 1}, operator, world.now())
    const again = await create(sessions.bob, {name: 'other'})
    assert.equal(codeOf(again), '409 TOKEN_LIMIT')
    assert.equal(again.body.error.message, 'acme has reached its limit of 1 token')
    assert.ok((await world.createToken(sessions.ada, {name: 'own'})).token)
  })

  for (const scope of ['admin', 'token:read']) {
    it(`organization token: it cannot have the scope ${scope}`, async (t) => {
      const {sessions, create} = await withOrganization(t)
      const {status, body} = await create(sessions.ada, {scopes: ['read', scope]})
      assert.equal(status, 400)
      assert.deepEqual(body.error.details, [
        {field: 'scopes', message: `a token of an organization cannot have the scope ${scope}`},
      ])
    })
  }

  it('organization token: it cannot be limited to packages of another scope', async (t) => {
    const {sessions, create} = await withOrganization(t)
    const {status, body} = await create(sessions.ada, {packageScope: '@acme/*,@ada/*'})
    assert.equal(status, 400)
    assert.deepEqual(body.error.details, [{field: 'packageScope', message: '@ada/* is not a package of acme'}])
  })

  it('organization token: it publishes in its scope and nowhere else, and reads private packages only there', async (t) => {
    const {world, sessions, token} = await withToken(t)
    await world.publish(sessions.ada, {name: '@ada/secret', visibility: 'private'})
    await world.publish(sessions.ada, {name: '@acme/secret', visibility: 'private'})
    const published = await publish(world, token, await packageOf({name: '@acme/tool', version: '1.0.0'}))
    assert.equal(codeOf(published), '201')
    const {body} = await world.call('GET', '/packages/@acme%2Ftool', {token})
    assert.deepEqual(body.versions['1.0.0'].publishedBy, {username: 'acme'})
    const elsewhere = await publish(world, token, await packageOf({name: '@ada/tool', version: '1.0.0'}))
    assert.equal(codeOf(elsewhere), '403 PACKAGE_FORBIDDEN')
    assert.equal(codeOf(await world.call('GET', '/packages/@acme%2Fsecret', {token})), '200')
    assert.equal(codeOf(await world.call('GET', '/packages/@ada%2Fsecret', {token})), '404 PACKAGE_UNKNOWN')
    const found = await world.call('GET', '/search?q=secret', {token})
    assert.deepEqual(
      found.body.results.map(({name}: {name: string}) => name),
      ['@acme/secret'],
    )
    const versions = ['@acme/secret@1.0.0', '@ada/secret@1.0.0']
    const status = await world.call('POST', '/packages/status', {token, body: {versions}})
    assert.deepEqual(status.body.unknown, ['@ada/secret@1.0.0'])
    const deprecate = (name: string) =>
      world.call('PATCH', `/packages/${encodeURIComponent(name)}`, {token, body: {deprecated: 'no'}})
    assert.deepEqual(
      [codeOf(await deprecate('@acme/tool')), codeOf(await deprecate('@ada/secret'))],
      ['200', '403 PACKAGE_FORBIDDEN'],
    )
  })

  it('organization token: `can` gives the same answers as the requests', async (t) => {
    const {world, token} = await withToken(t)
    const ask = async (name: string) => {
      const {body} = await world.call('POST', '/auth/can', {token, body: {action: 'publish', package: name}})
      return [body.allowed, body.reasons.map(({code}: {code: string}) => code)]
    }
    assert.deepEqual(await ask('@acme/tool'), [true, []])
    assert.deepEqual(await ask('@ada/tool'), [false, ['PACKAGE_FORBIDDEN']])
  })

  it('organization token: it is refused where trusted publishing is required', async (t) => {
    const {world, sessions, token} = await withToken(t)
    const session = await world.store.credentials.find('session', hashSecret(sessions.ada))
    assert.ok(session?.kind === 'session')
    await world.store.trustedPublishers.require({scope: 'acme', required: true}, session, operator, world.now())
    const published = await publish(world, token, await packageOf({name: '@acme/tool', version: '1.0.0'}))
    assert.equal(codeOf(published), '403 TRUSTED_PUBLISHING_REQUIRED')
  })
})

describe('who manages tokens of organizations', () => {
  for (const name of ['pat', 'eve'] as const) {
    it(`organization token: ${name}, who isn't an admin, cannot create, list or find it`, async (t) => {
      const {world, sessions, create, id, token} = await withToken(t)
      assert.equal(codeOf(await create(sessions[name], {name: 'mine'})), '403 ORGANIZATION_FORBIDDEN')
      for (const url of ['/auth/tokens', '/auth/tokens/log', `/auth/tokens/${token.slice(0, 12)}`]) {
        const organizationOf = (organization: string) =>
          world.call('GET', `${url}?organization=${organization}`, {token: sessions[name]})
        const [known, unknown] = [await organizationOf('acme'), await organizationOf('nobody')]
        assert.deepEqual([codeOf(known), codeOf(unknown)], Array(2).fill('403 ORGANIZATION_FORBIDDEN'))
        assert.equal(known.body.error.message.replaceAll('acme', 'nobody'), unknown.body.error.message)
      }
      for (const [method, url] of management(id)) {
        assert.equal(codeOf(await world.call(method, url, {token: sessions[name]})), '404 TOKEN_NOT_FOUND', url)
      }
      assert.equal(
        codeOf(await world.call('DELETE', `/auth/tokens/${id.slice(0, 8)}`, {token: sessions[name]})),
        '404 TOKEN_NOT_FOUND',
      )
      assert.equal(codeOf(await world.call('GET', '/auth/whoami', {token})), '200')
    })
  }

  it('organization token: an admin who loses the role loses its management, and the token keeps working', async (t) => {
    const {world, sessions, id, token} = await withToken(t)
    await setRole(world, 'ada', 'publisher')
    for (const [method, url] of management(id)) {
      assert.equal(codeOf(await world.call(method, url, {token: sessions.ada})), '404 TOKEN_NOT_FOUND', url)
    }
    assert.equal(codeOf(await world.call('GET', '/auth/whoami', {token})), '200')
  })

  it("organization token: an admin's own token with the scope admin neither sees nor changes it", async (t) => {
    const {world, sessions, id, create} = await withToken(t)
    const {token: own} = await world.createToken(sessions.ada, {name: 'own', scopes: ['admin']})
    assert.equal(codeOf(await create(own, {name: 'more'})), '403 TOKEN_CANNOT_CREATE')
    assert.equal(
      codeOf(await world.call('GET', '/auth/tokens?organization=acme', {token: own})),
      '403 SESSION_REQUIRED',
    )
    assert.equal(codeOf(await world.call('GET', `/auth/tokens/${id}`, {token: own})), '404 TOKEN_NOT_FOUND')
    assert.equal(codeOf(await world.call('DELETE', `/auth/tokens/${id}`, {token: own})), '404 TOKEN_NOT_FOUND')
    assert.equal(codeOf(await world.call('POST', `/auth/tokens/${id}/suspend`, {token: own})), '404 TOKEN_NOT_FOUND')
    assert.deepEqual((await world.call('GET', '/auth/tokens', {token: own})).body.tokens.length, 1)
  })

  it('organization token: another admin rotates, suspends, resumes and revokes it', async (t) => {
    const {world, sessions, id, token} = await withToken(t)
    const as = (method: string, action = '') => world.call(method, `/auth/tokens/${id}${action}`, {token: sessions.bob})
    const rotated = await as('POST', '/rotate')
    assert.deepEqual([codeOf(rotated), rotated.body.organization, rotated.body.createdBy], ['200', 'acme', 'ada'])
    const use = (value: string) => world.call('GET', '/auth/whoami', {token: value})
    assert.deepEqual([codeOf(await use(rotated.body.token)), codeOf(await use(token))], ['200', '200'])
    assert.equal((await as('POST', '/suspend')).body.status, 'suspended')
    const refused = await use(rotated.body.token)
    assert.equal(
      refused.body.error.message,
      `The token "ci" was suspended by an admin of acme. Only an admin of acme can resume it, with \`apkg token resume ${id} --org acme\``,
    )
    assert.equal((await as('POST', '/resume')).body.status, 'active')
    assert.equal(codeOf(await as('DELETE')), '204')
    assert.equal(codeOf(await use(rotated.body.token)), '401 CREDENTIAL_REVOKED')
    const details = (await as('GET')).body
    assert.deepEqual([details.status, details.revokedBy], ['revoked', 'bob'])
  })

  it('organization token: an admin cannot resume what the operator suspended', async (t) => {
    const {world, sessions, id} = await withToken(t)
    await world.store.tokens.suspend({id}, {by: 'operator', reason: null}, operator, world.now())
    const resumed = await world.call('POST', `/auth/tokens/${id}/resume`, {token: sessions.ada})
    assert.equal(codeOf(resumed), '403 SUSPENSION_NOT_YOURS')
  })

  it('organization token: with token:rotate it rotates itself, and nothing else', async (t) => {
    const {world, sessions, create, id, token} = await withToken(t, {scopes: ['publish', 'token:rotate']})
    const {body: other} = await create(sessions.ada, {name: 'other'})
    const rotate = (target: string) => world.call('POST', `/auth/tokens/${target}/rotate`, {token})
    assert.equal(codeOf(await rotate(other.id)), '403 SESSION_REQUIRED')
    const key = {'idempotency-key': 'k'.repeat(16)}
    const rotated = await world.call('POST', `/auth/tokens/${id}/rotate`, {token, headers: key})
    assert.equal(codeOf(rotated), '200')
    assert.equal(codeOf(await world.call('DELETE', '/auth/tokens/current', {token: rotated.body.token})), '204')
  })

  it("organization token: its log is for admins, and doesn't show them each other's addresses", async (t) => {
    const {world, sessions, token} = await withToken(t)
    await publish(world, token, await packageOf({name: '@acme/tool', version: '1.0.0'}))
    const logOf = async (session: string) =>
      (await world.call('GET', '/auth/tokens/log?organization=acme', {token: session})).body
    const rowsOf = ({entries}: any) => entries.map(({action, actor, address}: any) => [action, actor, address !== null])
    assert.deepEqual(rowsOf(await logOf(sessions.ada)), [
      ['package.publish', 'acme', true],
      ['token.create', 'ada', true],
    ])
    assert.deepEqual(rowsOf(await logOf(sessions.bob)), [
      ['package.publish', 'acme', true],
      ['token.create', 'ada', false],
    ])
    assert.deepEqual((await world.call('GET', '/auth/tokens/log', {token: sessions.ada})).body.entries, [])
  })

  it('organization token: a repeated request creates it once, for admins only', async (t) => {
    const {world, sessions} = await withOrganization(t)
    const request = {
      token: sessions.ada,
      body: {name: 'ci', organization: 'acme'},
      headers: {'idempotency-key': 'k'.repeat(16)},
    }
    const first = await world.call('POST', '/auth/tokens', request)
    const second = await world.call('POST', '/auth/tokens', request)
    assert.deepEqual([second.status, second.body.id === first.body.id], [201, true])
    assert.equal(codeOf(await world.call('GET', '/auth/whoami', {token: first.body.token})), '401 CREDENTIAL_ROTATED')
    await setRole(world, 'ada', 'publisher')
    assert.equal(codeOf(await world.call('POST', '/auth/tokens', request)), '403 ORGANIZATION_FORBIDDEN')
  })
})

describe('a token that outlives its creator', () => {
  const ends: Record<string, (world: World) => Promise<unknown>> = {
    'is disabled': (world) => world.store.users.setDisabled('id-of-ada', true, operator, world.now()),
    'is removed': (world) => world.store.users.remove('id-of-ada', operator, world.now()),
    'loses every credential': (world) => world.store.users.revokeAll('id-of-ada', operator, world.now()),
    'leaves the organization': (world) =>
      world.store.organizations.removeMember(
        {organizationId: 'id-of-acme', userId: 'id-of-ada'},
        operator,
        world.now(),
      ),
    'gets another password': (world) => world.store.users.setPassword('id-of-ada', 'hash', operator, world.now()),
  }
  for (const [title, end] of Object.entries(ends)) {
    it(`organization token: it publishes after its creator ${title}`, async (t) => {
      const {world, token} = await withToken(t)
      await end(world)
      const published = await publish(world, token, await packageOf({name: '@acme/tool', version: '1.0.0'}))
      assert.equal(codeOf(published), '201')
    })
  }
})
