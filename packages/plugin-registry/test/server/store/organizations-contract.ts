import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator, type RegistryStore, type SuspensionMaker} from '../../../src/server/store/store.js'
import {hash, openWithAcme} from './acme.js'

/** Every implementation of the store has to pass these tests. */
export function describeOrganizations(title: string, open: (t: TestContext) => Promise<RegistryStore>): void {
  const scenario = async (t: TestContext) => openWithAcme(await open(t))

  describe(`organizations in ${title}`, () => {
    it('organizations: share a namespace with users, and names are never reused', async (t) => {
      const {store} = await scenario(t)
      assert.equal(await store.organizations.add({id: 'o2', name: 'ada'}, operator, 2), 'taken')
      assert.equal(await store.organizations.add({id: 'o2', name: 'acme'}, operator, 2), 'taken')
      const user = {id: 'u9', name: 'acme', email: 'a@example.com', passwordHash: 'h'}
      assert.equal(await store.users.add(user, operator, 2), 'taken')
      assert.deepEqual(await store.organizations.list(), [{id: 'o1', name: 'acme', createdAt: 1}])
      assert.deepEqual(await store.organizations.find('acme'), {id: 'o1', name: 'acme', createdAt: 1})
      assert.equal(await store.organizations.find('ada'), undefined)
    })

    it('organizations: a member has one role, until the member or the user is removed', async (t) => {
      const {store} = await scenario(t)
      const bob = {organizationId: 'o1', userId: 'bob'}
      assert.equal(await store.organizations.setMember({...bob, role: 'reader'}, operator, 2), 'unchanged')
      assert.equal(await store.organizations.setMember({...bob, role: 'publisher'}, operator, 2), 'changed')
      assert.deepEqual(await store.organizations.members('o1'), [
        {userId: 'ada', name: 'ada', role: 'publisher'},
        {userId: 'bob', name: 'bob', role: 'publisher'},
      ])
      assert.deepEqual(await store.organizations.ofUser('bob'), [{name: 'acme', role: 'publisher'}])
      assert.equal(await store.organizations.removeMember(bob, operator, 3), 'removed')
      assert.equal(await store.organizations.removeMember(bob, operator, 3), 'absent')
      await store.users.remove('ada', operator, 4)
      assert.deepEqual(await store.organizations.members('o1'), [])
    })

    it('organizations: every change is audited once', async (t) => {
      const {store} = await scenario(t)
      await store.organizations.setMember({organizationId: 'o1', userId: 'bob', role: 'reader'}, operator, 2)
      await store.organizations.removeMember({organizationId: 'o1', userId: 'bob'}, operator, 3)
      const rows = (await store.audit.latest(100)).filter(({action}) => action.startsWith('org.'))
      assert.deepEqual(
        rows.map(({action, target, detail}) => [action, target, detail]),
        [
          ['org.remove', 'o1', {user: 'bob'}],
          ['org.add', 'o1', {user: 'bob', role: 'reader'}],
          ['org.add', 'o1', {user: 'ada', role: 'publisher'}],
          ['org.create', 'o1', {name: 'acme'}],
        ],
      )
    })
  })

  describe(`suspended tokens in ${title}`, () => {
    it('suspended tokens: exclude revoked ones, and are resumed by id', async (t) => {
      const {store, tokenOf} = await scenario(t)
      await tokenOf('ada')
      await tokenOf('bob')
      await store.tokens.revoke({within: {kind: 'own', userId: 'bob'}, id: 't-bob'}, operator, 3)
      assert.equal(await store.tokens.suspendAll(operator, 4), 1)
      assert.equal(await store.tokens.suspendAll(operator, 5), 0)
      const suspended = [{id: 't-ada', label: 'ci', createdBy: 'ada', organization: null, suspendedAt: 4}]
      assert.deepEqual(await store.tokens.suspended(['restore']), suspended)
      assert.deepEqual(await store.tokens.suspended(['owner']), [])
      const outcomeOf = async (id: string, makers: SuspensionMaker[]) =>
        (await store.tokens.resume({id}, {makers}, operator, 6)).outcome
      assert.equal(await outcomeOf('t-bob', ['restore']), 'over')
      assert.equal(await outcomeOf('unknown', ['restore']), 'unknown')
      assert.equal(await outcomeOf('t-ada', ['owner', 'operator']), 'not-yours')
      assert.equal(await outcomeOf('t-ada', ['restore']), 'resumed')
      assert.equal(await outcomeOf('t-ada', ['restore']), 'unchanged')
      const token = await store.credentials.find('token', hash('t-ada'))
      assert.deepEqual(token?.kind === 'token' && token.suspensions, [])
    })

    it('suspended tokens: each maker has one suspension, which keeps its time, name and reason', async (t) => {
      const {store, tokenOf} = await scenario(t)
      await tokenOf('ada')
      const ada = {name: 'ada', credentialId: null, address: null, agent: null}
      const suspend = async (by: SuspensionMaker, reason: string | null, at: number) =>
        (
          await store.tokens.suspend(
            {id: 't-ada', within: {kind: 'own', userId: 'ada'}},
            {by, reason},
            by === 'owner' ? ada : operator,
            at,
          )
        ).outcome
      assert.equal(await suspend('owner', 'looks leaked, twice', 5), 'suspended')
      assert.equal(await suspend('operator', null, 4), 'suspended')
      assert.equal(await suspend('owner', null, 6), 'unchanged')
      const [token] = await store.tokens.list({kind: 'user', id: 'ada'}, {}, 7)
      assert.deepEqual(token?.suspensions, [
        {by: 'operator', name: '(operator)', at: 4, reason: null},
        {by: 'owner', name: 'ada', at: 5, reason: 'looks leaked, twice'},
      ])
      const other = {id: 't-ada', within: {kind: 'own', userId: 'bob'}} as const
      assert.equal((await store.tokens.suspend(other, {by: 'owner', reason: null}, ada, 8)).outcome, 'unknown')
      assert.equal((await store.tokens.resume(other, {makers: ['owner']}, ada, 8)).outcome, 'unknown')
    })

    it('suspended tokens: all sessions can end as well', async (t) => {
      const {store} = await scenario(t)
      assert.equal(await store.sessions.endAll(operator, 3), 3)
      assert.equal(await store.sessions.endAll(operator, 4), 0)
      assert.equal((await store.credentials.find('session', hash('access ada')))?.revokedAt, 3)
    })
  })
}
