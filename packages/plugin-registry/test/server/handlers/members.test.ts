import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator} from '../../../src/server/store/store.js'
import {type Answer, createWorld, hour} from '../../support/world.js'

type Person = 'ada' | 'bob' | 'pat' | 'eve'

/** ada is the only admin of acme, pat publishes there, and bob and eve aren't members. */
async function withOrganization(t: TestContext) {
  const world = await createWorld(t)
  for (const name of ['ada', 'bob', 'pat', 'eve']) await world.addUser(name)
  await world.addOrganization('acme', {ada: 'admin', pat: 'publisher'})
  const sessions = {} as Record<Person, string>
  for (const name of ['ada', 'bob', 'pat', 'eve'] as const) sessions[name] = (await world.logIn(name)).accessToken
  const at = (path: string) => `/auth/organizations/${path}`
  const list = (as: Person) => world.call('GET', at('acme/members'), {token: sessions[as]})
  const set = (as: Person, user: string, role: string, organization = 'acme') =>
    world.call('PUT', at(`${organization}/members/${user}`), {token: sessions[as], body: {role}})
  const remove = (as: Person, user: string, query = '') =>
    world.call('DELETE', at(`acme/members/${user}${query}`), {token: sessions[as]})
  const roles = async () =>
    Object.fromEntries((await world.store.organizations.members('id-of-acme')).map(({name, role}) => [name, role]))
  return {world, sessions, list, set, remove, roles}
}

function codeOf({status, body}: Answer): string {
  return status < 400 ? String(status) : `${status} ${body.error.code}`
}

describe('members of organizations', () => {
  it('members: an admin adds a member and changes the role, and both are in the audit log', async (t) => {
    const {world, set, list} = await withOrganization(t)
    assert.deepEqual((await set('ada', 'bob', 'reader')).body, {
      ...{organization: 'acme', user: 'bob', role: 'reader', outcome: 'added'},
    })
    assert.equal((await set('ada', 'bob', 'publisher')).body.outcome, 'changed')
    assert.equal((await set('ada', 'bob', 'publisher')).body.outcome, 'unchanged')
    assert.deepEqual((await list('pat')).body, {
      organization: 'acme',
      members: [
        {user: 'ada', role: 'admin'},
        {user: 'bob', role: 'publisher'},
        {user: 'pat', role: 'publisher'},
      ],
    })
    const rows = await world.store.audit.latest(2, {action: 'org.add'})
    assert.deepEqual(
      rows.map(({name, target, detail}) => [name, target, detail]),
      [
        ['ada', 'id-of-acme', {user: 'id-of-bob', role: 'publisher'}],
        ['ada', 'id-of-acme', {user: 'id-of-bob', role: 'reader'}],
      ],
    )
  })

  it('members: only admins change them, and an unknown organization is refused in the same way', async (t) => {
    const {set, remove, list, roles} = await withOrganization(t)
    const before = await roles()
    for (const who of ['pat', 'eve'] as const) {
      assert.equal(codeOf(await set(who, who, 'admin')), '403 ORGANIZATION_FORBIDDEN', `${who} makes itself an admin`)
      assert.equal(codeOf(await set(who, 'nobody', 'reader')), '403 ORGANIZATION_FORBIDDEN', 'reveals no users')
      assert.equal(codeOf(await remove(who, 'ada')), '403 ORGANIZATION_FORBIDDEN')
    }
    const [known, unknown] = [await set('eve', 'bob', 'reader'), await set('eve', 'bob', 'reader', 'nowhere')]
    assert.equal(unknown.body.error.message, known.body.error.message.replace('acme', 'nowhere'))
    assert.equal(codeOf(await list('eve')), '403 ORGANIZATION_FORBIDDEN')
    assert.deepEqual(await roles(), before)
  })

  it('members: the last admin who can log in keeps the role', async (t) => {
    const {world, set, remove, roles} = await withOrganization(t)
    assert.equal(codeOf(await remove('ada', 'ada')), '409 LAST_ADMIN')
    assert.equal(codeOf(await set('ada', 'ada', 'publisher')), '409 LAST_ADMIN')
    assert.equal(codeOf(await set('ada', 'bob', 'admin')), '200')
    await world.store.users.setDisabled('id-of-bob', true, operator, world.now())
    assert.equal(codeOf(await remove('ada', 'ada')), '409 LAST_ADMIN', 'a disabled admin does not count')
    await world.store.users.setDisabled('id-of-bob', false, operator, world.now())
    assert.equal(codeOf(await set('ada', 'ada', 'reader')), '200')
    assert.equal(codeOf(await set('ada', 'ada', 'admin')), '403 ORGANIZATION_FORBIDDEN', 'it cannot undo that')
    assert.deepEqual(await roles(), {ada: 'reader', bob: 'admin', pat: 'publisher'})
  })

  it('members: two admins who remove each other at the same time leave one', async (t) => {
    const {set, remove, roles} = await withOrganization(t)
    await set('ada', 'pat', 'admin')
    const answers = await Promise.all([remove('ada', 'pat'), remove('pat', 'ada')])
    assert.equal(answers.filter(({status}) => status === 200).length, 1)
    assert.equal(Object.keys(await roles()).length, 1)
  })

  it("members: a removed member's token loses its rights with the next request, and what the member created is suspended", async (t) => {
    const {world, sessions, set, remove} = await withOrganization(t)
    await set('ada', 'pat', 'admin')
    const own = (await world.createToken(sessions.pat, {name: 'own'})).token
    const shared = await world.call('POST', '/auth/tokens', {
      token: sessions.pat,
      body: {name: 'ci', organization: 'acme'},
    })
    const ask = async () =>
      (await world.call('POST', '/auth/can', {token: own, body: {action: 'publish', package: '@acme/tool'}})).body
        .allowed
    assert.equal(await ask(), true)
    const {body} = await remove('ada', 'pat')
    assert.deepEqual(body, {
      organization: 'acme',
      user: 'pat',
      tokens: [{id: shared.body.id, name: 'ci', status: 'suspended'}],
      trustedPublishers: [],
    })
    assert.equal(await ask(), false)
    const answer = await world.call('GET', '/auth/whoami', {token: shared.body.token})
    assert.equal(codeOf(answer), '401 CREDENTIAL_SUSPENDED')
    const [row] = await world.store.audit.latest(1, {action: 'org.remove'})
    assert.deepEqual([row?.name, row?.detail], ['ada', {user: 'id-of-pat'}])
  })

  it('members: keepAccess leaves what the member created', async (t) => {
    const {world, sessions, set, remove} = await withOrganization(t)
    await set('ada', 'pat', 'admin')
    const {body} = await world.call('POST', '/auth/tokens', {
      token: sessions.pat,
      body: {name: 'ci', organization: 'acme'},
    })
    assert.equal((await remove('ada', 'pat', '?keepAccess=true')).body.tokens[0].status, 'kept')
    assert.equal((await world.call('GET', '/auth/whoami', {token: body.token})).status, 200)
  })

  it('members: changes require a recent login, a session and names that exist', async (t) => {
    const {world, sessions, set, remove, list} = await withOrganization(t)
    assert.equal(codeOf(await set('ada', 'nobody', 'reader')), '404 USER_UNKNOWN')
    assert.equal(codeOf(await remove('ada', 'eve')), '404 MEMBER_UNKNOWN')
    assert.equal(codeOf(await set('ada', 'bob', 'owner')), '400 VALIDATION')
    const {token} = await world.createToken(sessions.ada, {name: 'root', scopes: ['admin']})
    const path = '/auth/organizations/acme/members/bob'
    assert.equal(codeOf(await world.call('PUT', path, {token, body: {role: 'admin'}})), '403 SESSION_REQUIRED')
    world.pass(hour)
    assert.equal(codeOf(await set('ada', 'bob', 'reader')), '401 STEP_UP_REQUIRED')
    assert.equal(codeOf(await remove('ada', 'pat')), '401 STEP_UP_REQUIRED')
    assert.equal(codeOf(await list('ada')), '200')
  })
})
