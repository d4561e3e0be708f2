import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {codeOf, withOperators} from '../../support/operators.js'
import {tokensOf} from '../../support/tokens-of.js'

describe('organizations, managed through the API', () => {
  it('operator organizations: an operator creates one and manages its members, and the audit log names the operator', async (t) => {
    const {world, call} = await withOperators(t)
    assert.deepEqual((await call('POST', '/organizations', {body: {name: 'crew'}})).body.members, [])
    assert.equal(codeOf(await call('POST', '/organizations', {body: {name: 'ada'}})), '409 NAME_TAKEN')
    const set = (role: string) => call('PUT', '/organizations/crew/members/eve', {body: {role}})
    assert.equal((await set('reader')).body.outcome, 'added')
    assert.equal((await set('admin')).body.outcome, 'changed')
    assert.deepEqual((await call('GET', '/organizations/crew')).body.members, [{user: 'eve', role: 'admin'}])
    assert.equal(codeOf(await call('DELETE', '/organizations/crew/members/eve')), '200', 'the last admin, too')
    assert.equal(codeOf(await call('DELETE', '/organizations/crew/members/eve')), '404 MEMBER_UNKNOWN')
    assert.equal(codeOf(await call('GET', '/organizations/nowhere')), '404 ORGANIZATION_UNKNOWN')
    assert.equal(
      codeOf(await call('PUT', '/organizations/nowhere/members/eve', {body: {role: 'admin'}})),
      '404 ORGANIZATION_UNKNOWN',
    )
    assert.equal(
      codeOf(await call('PUT', '/organizations/crew/members/nobody', {body: {role: 'admin'}})),
      '404 USER_UNKNOWN',
    )
    const rows = await world.store.audit.latest(9, {action: 'org.', actor: 'olga'})
    assert.deepEqual(rows.map(({action}) => action).sort(), ['org.add', 'org.add', 'org.create', 'org.remove'])
  })

  it('operator organizations: the list comes in pages with members', async (t) => {
    const {world, call} = await withOperators(t)
    await world.addOrganization('a-team', {})
    await world.addOrganization('zoo', {eve: 'reader'})
    const first = (await call('GET', '/organizations?limit=2')).body
    assert.deepEqual(
      first.organizations.map(({name, members}: any) => [name, members]),
      [
        ['a-team', []],
        [
          'acme',
          [
            {user: 'ada', role: 'admin'},
            {user: 'bob', role: 'publisher'},
          ],
        ],
      ],
    )
    const second = (await call('GET', `/organizations?limit=2&cursor=${first.nextCursor}`)).body
    assert.deepEqual(
      second.organizations.map(({name, members}: any) => [name, members.length]),
      [['zoo', 1]],
    )
    assert.equal('nextCursor' in second, false)
  })

  it('operator organizations: what a removed member created is suspended, unless it is kept', async (t) => {
    const {world, call} = await withOperators(t)
    const {accessToken: session} = await world.logIn('ada')
    await world.createToken(session, {name: 'ci', organization: 'acme'})
    const {body} = await call('DELETE', '/organizations/acme/members/ada?keepAccess=true')
    assert.deepEqual(
      body.organizationTokens.map(({label, suspended}: any) => [label, suspended]),
      [['ci', false]],
    )
    const suspensions = async () =>
      (await tokensOf(world.store, {kind: 'organization', id: 'id-of-acme'}))[0]?.suspensions.length
    assert.equal(await suspensions(), 0)
    await call('PUT', '/organizations/acme/members/ada', {body: {role: 'admin'}})
    await call('DELETE', '/organizations/acme/members/ada')
    assert.equal(await suspensions(), 1)
  })
})
