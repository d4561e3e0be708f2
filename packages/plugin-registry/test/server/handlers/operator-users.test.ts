import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {hashSecret} from '../../../src/server/auth/credential-values.js'
import {OperatorEnded, OperatorProtected} from '../../../src/server/store/store-errors.js'
import {operator} from '../../../src/server/store/store.js'
import {codeOf, withOperators} from '../../support/operators.js'
import {tokensOf} from '../../support/tokens-of.js'
import {password} from '../../support/world.js'

describe('users, managed through the API', () => {
  it('operator users: an operator adds a user, who can log in, and the audit log names the operator', async (t) => {
    const {world, call} = await withOperators(t)
    const added = await call('POST', '/users', {body: {name: 'new', email: 'new@example.com', password}})
    assert.deepEqual([added.status, added.body.name, added.body.operatorSince], [201, 'new', null])
    assert.ok((await world.logIn('new')).accessToken)
    assert.equal(
      codeOf(await call('POST', '/users', {body: {name: 'acme', email: 'a@example.com', password}})),
      '409 NAME_TAKEN',
    )
    const [row] = await world.store.audit.latest(1, {action: 'user.add', actor: 'olga'})
    assert.deepEqual([row?.detail, row?.agent, row?.address], [{name: 'new'}, 'test', '127.0.0.1'])
  })

  it('operator users: a password that the commands refuse is refused', async (t) => {
    const {call} = await withOperators(t)
    const body = {name: 'new', email: 'new@example.com', password: 'short'}
    assert.equal(codeOf(await call('POST', '/users', {body})), '400 VALIDATION')
    assert.equal(codeOf(await call('PUT', '/users/ada/password', {body: {password: 'short'}})), '400 VALIDATION')
  })

  it('operator users: the list comes in pages by name, and lists no removed user', async (t) => {
    const {call} = await withOperators(t)
    await call('POST', '/users/bob/departure', {body: {kind: 'remove'}})
    const first = (await call('GET', '/users?limit=2')).body
    assert.deepEqual([first.users.map(({name}: any) => name), first.nextCursor], [['ada', 'eve'], 'eve'])
    const second = (await call('GET', `/users?limit=2&cursor=${first.nextCursor}`)).body
    assert.deepEqual(
      second.users.map(({name}: any) => name),
      ['olga', 'otto'],
    )
    assert.equal('nextCursor' in second, false)
    assert.equal((await call('GET', '/users')).body.users.length, 4)
  })

  it('operator users: a disabled user is refused until the user is enabled, and a dry run changes nothing', async (t) => {
    const {world, call} = await withOperators(t)
    const {accessToken: session} = await world.logIn('bob')
    await world.createToken((await world.logIn('ada')).accessToken, {name: 'own'})
    const {id} = await world.createToken(session, {name: 'ci'})
    const dry = await call('POST', '/users/bob/departure', {body: {kind: 'revoke-all', dryRun: true}})
    assert.deepEqual(dry.body, {sessions: 1, tokens: 1, organizationTokens: [], trustedPublishers: []})
    assert.equal((await world.call('GET', '/auth/whoami', {token: session})).status, 200)
    await call('POST', '/users/bob/departure', {body: {kind: 'disable'}})
    assert.equal(codeOf(await world.call('GET', '/auth/whoami', {token: session})), '401 USER_DISABLED')
    assert.equal(codeOf(await call('POST', '/users/bob/enable')), '204')
    assert.equal((await world.call('GET', '/auth/whoami', {token: session})).status, 200)
    const revoked = await call('POST', '/users/bob/departure', {body: {kind: 'revoke-all'}})
    assert.deepEqual([revoked.body.sessions, revoked.body.tokens], [1, 1])
    const tokens = await tokensOf(world.store, {kind: 'user', id: 'id-of-bob'})
    assert.deepEqual(
      tokens.map((token) => [token.id, token.revokedBy]),
      [[id, 'olga']],
    )
  })

  it('operator users: what a removed user created for organizations is suspended, unless it is kept', async (t) => {
    const {world, call} = await withOperators(t)
    const {accessToken: session} = await world.logIn('ada')
    const {id} = await world.createToken(session, {name: 'ci', organization: 'acme'})
    const {body} = await call('POST', '/users/ada/departure', {body: {kind: 'remove'}})
    const created = [{id, label: 'ci', organization: 'acme', suspended: false}]
    assert.deepEqual(body.organizationTokens, created)
    const [token] = await tokensOf(world.store, {kind: 'organization', id: 'id-of-acme'})
    assert.deepEqual(
      token?.suspensions.map(({by, name, reason}) => [by, name, reason]),
      [['owner', 'olga', 'ada was removed from the registry']],
    )
    assert.equal(codeOf(await call('GET', '/users/ada')), '404 USER_UNKNOWN')
  })

  it('operator users: a changed password ends sessions, and new factors are required at the next login', async (t) => {
    const {world, call} = await withOperators(t)
    const {accessToken: session} = await world.logIn('bob')
    assert.equal(codeOf(await call('PUT', '/users/bob/password', {body: {password: 'another good one'}})), '204')
    assert.equal(codeOf(await world.call('GET', '/auth/whoami', {token: session})), '401 CREDENTIAL_REVOKED')
    const enrolled = await call('POST', '/users/bob/mfa')
    assert.equal(enrolled.body.recoveryCodes.length, 10)
    assert.equal(codeOf(await call('POST', '/users/bob/mfa')), '409 MFA_ALREADY_ENABLED')
    const body = {username: 'bob', password: 'another good one'}
    assert.equal((await world.call('POST', '/auth/login', {body})).body.mfaRequired, true)
    const again = await call('POST', '/users/bob/mfa', {body: {reset: true}})
    assert.notEqual(again.body.secret, enrolled.body.secret)
  })

  it("operator users: operators' passwords and factors, and another operator's access, are left to the server", async (t) => {
    const {world, call} = await withOperators(t)
    const {accessToken: session} = await world.logIn('otto')
    const find = () => Promise.all(['olga', 'otto'].map((name) => world.store.users.find(name)))
    const before = await find()
    const factors = ['olga', 'otto'].flatMap((name) => [
      ['PUT', `/users/${name}/password`, {password: 'another good one'}] as const,
      ['POST', `/users/${name}/mfa`, {reset: true}] as const,
    ])
    const access = (['remove', 'disable', 'revoke-all'] as const).flatMap((kind) =>
      [true, false].map((dryRun) => ['POST', '/users/otto/departure', {kind, dryRun}] as const),
    )
    for (const [method, path, body] of [...factors, ...access]) {
      assert.equal(
        codeOf(await call(method, path, {body})),
        '403 OPERATOR_PROTECTED',
        `${path} ${JSON.stringify(body)}`,
      )
    }
    assert.deepEqual(await find(), before)
    assert.equal((await world.call('GET', '/auth/whoami', {token: session})).status, 200)
  })

  it('operator users: only the server enables an operator who was disabled there', async (t) => {
    const {world, call} = await withOperators(t)
    await world.store.users.setDisabled('id-of-otto', true, operator, world.now())
    assert.equal(codeOf(await call('POST', '/users/otto/enable')), '403 OPERATOR_PROTECTED')
    assert.notEqual((await world.store.users.find('otto'))?.disabledAt, null)
  })

  it('operator users: an operator can end their own access', async (t) => {
    const {call} = await withOperators(t)
    const end = (dryRun: boolean) => call('POST', '/users/olga/departure', {body: {kind: 'disable', dryRun}})
    assert.deepEqual([codeOf(await end(true)), codeOf(await end(false))], ['200', '200'])
    assert.equal(codeOf(await call('GET', '/users')), '401 USER_DISABLED')
  })

  it('operator users: a role or a session that ended during the request changes nothing', async (t) => {
    const {world, session} = await withOperators(t)
    const {id} = (await world.store.credentials.find('session', hashSecret(session)))!
    const add = () =>
      world.store
        .asOperator({id, now: world.now()})
        .users.add({id: 'late', name: 'late', email: 'l@example.com', passwordHash: 'h'}, operator, world.now())
    const protect = world.store.asOperator({id, now: world.now(), target: 'id-of-otto'})
    await assert.rejects(protect.users.setPassword('id-of-otto', 'h', operator, world.now()), OperatorProtected)
    await world.store.users.setOperator('id-of-olga', false, operator, world.now())
    await assert.rejects(add(), OperatorEnded)
    await world.store.users.setOperator('id-of-olga', true, operator, world.now())
    await world.call('POST', '/auth/logout', {token: session})
    await assert.rejects(add(), OperatorEnded)
    assert.equal(await world.store.users.find('late'), undefined)
  })

  it('operator users: what a user created with the API is refused for hostile names', async (t) => {
    const {call} = await withOperators(t)
    for (const name of ['', '../ada', '<b>', 'a b', 'A', '__proto__', 'a'.repeat(65)]) {
      const body = {name, email: 'a@example.com', password}
      assert.equal(codeOf(await call('POST', '/users', {body})), '400 VALIDATION', name)
    }
    const email = `a@example.com\r\nBcc: eve@example.com`
    assert.equal(codeOf(await call('POST', '/users', {body: {name: 'new', email, password}})), '400 VALIDATION')
    assert.equal(
      codeOf(await call('POST', '/users', {body: 'null', headers: {'content-type': 'application/json'}})),
      '400 VALIDATION',
    )
  })
})
