import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {newInvitation} from '../../../src/server/auth/invitation-link.js'
import {operator} from '../../../src/server/store/store.js'
import {codeOf, withOperators} from '../../support/operators.js'
import {hour} from '../../support/world.js'

const password = 'a fresh pass phrase'

type Store = Awaited<ReturnType<typeof withOperators>>['world']['store']

async function withInvitation(t: TestContext, more: object = {organization: 'acme', role: 'publisher'}) {
  const operators = await withOperators(t, {browserLogin: true, publicUrl: new URL('https://registry.example.com')})
  const {world, call} = operators
  const body = {name: 'new', email: 'new@example.com', ...more}
  const created = await call('POST', '/invitations', {body})
  const accept = (code: string = codeIn(created.body.url)) =>
    world.call('POST', '/auth/invitations/accept', {body: {code, password}})
  const exists = async () => (await world.store.users.find('new')) !== undefined
  return {...operators, created, accept, exists}
}

function codeIn(url: string): string {
  return new URL(url).hash.slice(1)
}

describe('invitations', () => {
  it('invitations: the person sets a password, has the name and the role, and the link is used up', async (t) => {
    const {world, call, created, accept} = await withInvitation(t)
    assert.match(created.body.url, /^https:\/\/registry\.example\.com\/-\/invite#[\w-]{43}$/)
    assert.equal((await call('GET', '/invitations')).body.invitations[0].id, created.body.id)
    assert.deepEqual((await accept()).body, {username: 'new'})
    const login = await world.call('POST', '/auth/login', {body: {username: 'new', password}})
    assert.equal(login.status, 200)
    assert.deepEqual(await world.store.organizations.ofUser((await world.store.users.find('new'))!.id), [
      {name: 'acme', role: 'publisher'},
    ])
    assert.equal(codeOf(await accept()), '404 INVITATION_INVALID')
    assert.deepEqual((await call('GET', '/invitations')).body.invitations, [])
    const rows = await world.store.audit.latest(2, {action: 'user.'})
    assert.deepEqual(rows.map(({action, name}) => [action, name]).sort(), [
      ['user.add', 'new'],
      ['user.invite', 'olga'],
    ])
    for (const action of ['user.add', 'org.add'] as const) {
      const [row] = await world.store.audit.latest(1, {action, actor: 'new'})
      assert.equal(row?.detail['invitation'], created.body.id, action)
    }
  })

  it('invitations: only the hash of the code is stored', async (t) => {
    const {world, created} = await withInvitation(t)
    const rows = await world.query('SELECT * FROM invitations')
    const audit = await world.query('SELECT detail FROM audit')
    assert.equal(JSON.stringify([rows, audit, world.log]).includes(codeIn(created.body.url)), false)
  })

  it('invitations: two people who use one link at the same time become one user', async (t) => {
    const {accept} = await withInvitation(t)
    const statuses = (await Promise.all([accept(), accept()])).map(({status}) => status)
    assert.deepEqual(statuses.sort(), [200, 404])
  })

  it('invitations: work for 72 hours', async (t) => {
    const {world, accept, exists} = await withInvitation(t)
    world.pass(72 * hour)
    assert.equal(codeOf(await accept()), '404 INVITATION_INVALID')
    assert.equal(await exists(), false)
  })

  for (const [title, change] of [
    ['lost the role', ({users}, isBack) => users.setOperator('id-of-olga', isBack, operator, 1)],
    ['was disabled', ({users}, isBack) => users.setDisabled('id-of-olga', !isBack, operator, 1)],
    ['was removed', async ({users}, isBack) => isBack || users.remove('id-of-olga', operator, 1)],
  ] as [string, (store: Store, isBack: boolean) => Promise<unknown>][]) {
    it(`invitations: are void once the operator who made them ${title}, and stay void`, async (t) => {
      const {world, accept, exists} = await withInvitation(t)
      await change(world.store, false)
      assert.equal(codeOf(await accept()), '404 INVITATION_INVALID')
      await change(world.store, true)
      assert.equal(codeOf(await accept()), '404 INVITATION_INVALID')
      assert.equal(await exists(), false)
    })
  }

  it('invitations: a role without an organization is refused', async (t) => {
    const {created, call} = await withInvitation(t, {role: 'admin'})
    assert.equal(codeOf(created), '400 VALIDATION')
    assert.deepEqual(created.body.error.details, [{field: 'organization', message: 'is required with `role`'}])
    assert.deepEqual((await call('GET', '/invitations')).body.invitations, [])
  })

  it('invitations: are void after they were revoked, and after a restore', async (t) => {
    const {world, call, created, accept} = await withInvitation(t)
    assert.equal(codeOf(await call('DELETE', `/invitations/${created.body.id}`)), '204')
    assert.equal(codeOf(await call('DELETE', `/invitations/${created.body.id}`)), '404 INVITATION_INVALID')
    assert.equal(codeOf(await accept()), '404 INVITATION_INVALID')
    const again = await call('POST', '/invitations', {body: {name: 'newer', email: 'n@example.com'}})
    await world.store.sessions.endAll(operator, world.now())
    assert.equal(codeOf(await accept(codeIn(again.body.url))), '404 INVITATION_INVALID')
  })

  it('invitations: a name that was taken in the meantime stays with its user', async (t) => {
    const {world, call, accept} = await withInvitation(t)
    await world.addUser('new')
    assert.equal(codeOf(await accept()), '409 NAME_TAKEN')
    assert.equal(
      codeOf(await call('POST', '/invitations', {body: {name: 'new', email: 'n@example.com'}})),
      '409 NAME_TAKEN',
    )
    assert.equal(
      codeOf(
        await call('POST', '/invitations', {body: {name: 'nowhere', email: 'n@example.com', organization: 'nope'}}),
      ),
      '404 ORGANIZATION_UNKNOWN',
    )
  })

  it('invitations: a network that guesses codes is slowed down', async (t) => {
    const {accept} = await withInvitation(t)
    for (let count = 0; count < 30; count++) await accept('wrong')
    assert.equal(codeOf(await accept('wrong')), '429 TOO_MANY_ATTEMPTS')
  })

  it('reset: the link sets a password, keeps factors and tokens, and ends sessions and earlier links', async (t) => {
    const {world, call, accept} = await withInvitation(t)
    const {accessToken: session} = await world.logIn('bob')
    const {token} = await world.createToken(session, {name: 'ci'})
    await world.enrollMfa('id-of-bob')
    const earlier = await call('POST', '/users/bob/reset')
    const {body} = await call('POST', '/users/bob/reset')
    assert.deepEqual([earlier.body.sessions, body.sessions, body.kind], [1, 0, 'reset'])
    assert.equal(codeOf(await world.call('GET', '/auth/whoami', {token: session})), '401 CREDENTIAL_REVOKED')
    assert.equal(codeOf(await accept(codeIn(earlier.body.url))), '404 INVITATION_INVALID')
    assert.equal(codeOf(await accept(codeIn(body.url))), '200')
    const login = await world.call('POST', '/auth/login', {body: {username: 'bob', password}})
    assert.equal(login.body.mfaRequired, true)
    assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 200)
    const [row] = await world.store.audit.latest(1, {action: 'user.reset'})
    assert.deepEqual([row?.name, row?.target], ['olga', 'id-of-bob'])
    const [set] = await world.store.audit.latest(1, {action: 'user.passwd'})
    assert.deepEqual([set?.name, set?.detail['invitation']], ['bob', body.id])
  })

  for (const [title, change] of [
    ['the password was changed', ({users}) => users.setPassword('id-of-bob', 'h', operator, 1)],
    ['all credentials were revoked', ({users}) => users.revokeAll('id-of-bob', operator, 1)],
    [
      'the user was disabled, also after the user was enabled',
      async ({users}) => {
        await users.setDisabled('id-of-bob', true, operator, 1)
        await users.setDisabled('id-of-bob', false, operator, 1)
      },
    ],
    [
      'the user had the operator role, also after it was revoked',
      async ({users}) => {
        await users.setOperator('id-of-bob', true, operator, 1)
        await users.setOperator('id-of-bob', false, operator, 1)
      },
    ],
  ] as [string, (store: Store) => Promise<unknown>][]) {
    it(`reset: the link is void once ${title}`, async (t) => {
      const {world, call, accept} = await withInvitation(t)
      const {url} = (await call('POST', '/users/bob/reset')).body
      await change(world.store)
      assert.equal(codeOf(await accept(codeIn(url))), '404 INVITATION_INVALID')
    })
  }

  it('reset: new factors keep the link, so that an operator can replace both', async (t) => {
    const {call, accept} = await withInvitation(t)
    const {url} = (await call('POST', '/users/bob/reset')).body
    assert.equal(codeOf(await call('POST', '/users/bob/mfa', {body: {reset: true}})), '200')
    assert.equal(codeOf(await accept(codeIn(url))), '200')
  })

  it('reset: works for 24 hours, and not for an operator, also if the user became one later', async (t) => {
    const {world, call, accept} = await withInvitation(t)
    for (const name of ['otto', 'olga']) {
      assert.equal(codeOf(await call('POST', `/users/${name}/reset`)), '403 OPERATOR_PROTECTED', name)
    }
    const late = (await call('POST', '/users/bob/reset')).body
    const promoted = (await call('POST', '/users/eve/reset')).body
    await world.store.users.setOperator('id-of-eve', true, operator, world.now())
    assert.equal(codeOf(await accept(codeIn(promoted.url))), '404 INVITATION_INVALID')
    world.pass(24 * hour)
    assert.equal(codeOf(await accept(codeIn(late.url))), '404 INVITATION_INVALID')
  })

  it('reset: a link that a command on the server made works for an operator', async (t) => {
    const {world, accept} = await withInvitation(t)
    const {url, stored} = newInvitation('reset', 'https://registry.example.com', world.now())
    await world.store.invitations.reset({...stored, userId: 'id-of-otto', createdBy: null}, operator, world.now())
    assert.deepEqual((await accept(codeIn(url))).body, {username: 'otto'})
  })
})
