import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {defaultPolicy} from '../../../src/server/store/policy.js'
import {defaultSessionLifetimes} from '../../../src/server/store/session-lifetimes.js'
import {operator, type RegistryStore} from '../../../src/server/store/store.js'
import {unrestricted} from '../../support/unrestricted.js'

const hash = (text: string) => new Uint8Array(Buffer.from(text.padEnd(32, '.')))
const newSession = (id: string) => ({id, accessHash: hash(`access ${id}`), refreshHash: hash(`refresh ${id}`)})
const delay = {freeFailures: 5, first: 1000, max: 60_000, forgetAfter: 3_600_000}

const someUse = {address: '203.0.113.7', agent: null, action: 'publishPackage', package: '@acme/tool', refused: false}

/** Every implementation of the store has to pass these tests. */
export function describeStore(title: string, open: (t: TestContext) => Promise<RegistryStore>): void {
  async function openWithAda(t: TestContext) {
    const store = await open(t)
    await store.users.add({id: 'u1', name: 'ada', email: 'ada@example.com', passwordHash: 'hash'}, operator, 1)
    const start = (id: string, now: number, passwordHash = 'hash') =>
      store.logins.completePassword(
        {
          userId: 'u1',
          passwordHash,
          session: newSession(id),
          lifetimes: defaultSessionLifetimes,
          clearedKeys: ['account:ada'],
        },
        operator,
        now,
      )
    const create = (id: string, now: number, changes: object = {}) =>
      store.tokens.create(
        {
          ...{id, userId: 'u1', sessionId: 's1', label: id, hash: hash(id), prefix: 'apkgt_', lifetime: 'never'},
          ...unrestricted,
          ...{scopes: ['read' as const], patterns: ['@acme/*'], note: null, expiresAt: null},
          ...changes,
        },
        operator,
        now,
      )
    assert.equal(await start('s1', 2), 'started')
    return {store, start, create}
  }

  describe(title, () => {
    it(`${title}: all tokens are read in pages, each once`, async (t) => {
      const {store, create} = await openWithAda(t)
      const ids = ['t5', 't3', 't1', 't4', 't2']
      for (const [position, id] of ids.entries()) await create(id, 10 + position)
      const read = async (...given: Parameters<typeof store.tokens.each>) => {
        const found = []
        for await (const {id} of store.tokens.each(...given)) found.push(id)
        return found
      }
      for (const pageSize of [1, 2, 5, 6]) assert.deepEqual(await read(undefined, pageSize), ids.toSorted())
      assert.deepEqual(await read({kind: 'user', id: 'u1'}, 2), ids.toSorted())
      assert.deepEqual(await read({kind: 'organization', id: 'o1'}), [])
    })

    it(`${title}: idempotency keys are swept after 24 hours, by one process at a time`, async (t) => {
      const {store, create} = await openWithAda(t)
      const day = 86_400_000
      const idempotency = (id: string) => ({idempotency: {key: hash(`key ${id}`), fingerprint: hash('body')}})
      await create('old', 10, idempotency('old'))
      await create('new', 20, idempotency('new'))
      assert.equal(await store.oldRows.sweep('one', day + 15), 1)
      assert.equal(await store.oldRows.sweep('other', day + 30), 0)
      assert.equal(await store.oldRows.sweep('one', day + 30), 1)
    })

    it(`${title}: a name is never reused, even after its user was removed`, async (t) => {
      const {store} = await openWithAda(t)
      const again = {id: 'u2', name: 'ada', email: 'b@example.com', passwordHash: 'hash'}
      assert.equal(await store.users.add(again, operator, 3), 'taken')
      await store.users.remove('u1', operator, 4)
      assert.equal(await store.users.find('ada'), undefined)
      assert.deepEqual(await store.users.list(), [])
      assert.equal(await store.users.add(again, operator, 5), 'taken')
    })

    it(`${title}: finds a credential by its hash, with its owner`, async (t) => {
      const {store, create} = await openWithAda(t)
      await create('t1', 3)
      const owner = {
        kind: 'user',
        id: 'u1',
        name: 'ada',
        email: 'ada@example.com',
        mfaEnabled: false,
        disabledAt: null,
        isOperator: false,
        organizations: [],
      }
      const alive = {owner, policy: defaultPolicy, revokedAt: null, lastUsedAt: null}
      assert.deepEqual(await store.credentials.find('token', hash('t1')), {
        ...{
          kind: 'token',
          id: 't1',
          valueId: 't1',
          retiresAt: null,
          isReplaced: false,
          expiresAt: null,
          label: 't1',
          prefix: 'apkgt_',
          createdAt: 3,
        },
        ...{
          scopes: ['read'],
          patterns: ['@acme/*'],
          restrictions: [],
          addresses: null,
          uses: null,
          release: null,
          suspensions: [],
        },
        ...{organization: null, creator: {id: 'u1', name: 'ada'}},
        ...alive,
      })
      const session = await store.credentials.find('session', hash('access s1'))
      assert.deepEqual(session, {
        kind: 'session',
        isWeb: false,
        id: 's1',
        authenticatedAt: 2,
        sessionExpiresAt: 2 + defaultSessionLifetimes.refresh,
        replacedAt: null,
        expiresAt: 2 + defaultSessionLifetimes.access,
        ...alive,
      })
      assert.equal(await store.credentials.find('token', hash('access s1')), undefined)
      assert.equal(await store.credentials.find('session', hash('t1')), undefined)
    })

    it(`${title}: does not start a session if the password changed or the user was disabled meanwhile`, async (t) => {
      const {store, start} = await openWithAda(t)
      assert.equal(await start('s2', 3, 'an older hash'), 'changed')
      await store.users.setDisabled('u1', true, operator, 4)
      assert.equal(await start('s3', 5), 'changed')
      assert.equal(await store.credentials.find('session', hash('access s3')), undefined)
    })

    it(`${title}: does not start a session with only a password if MFA was enrolled meanwhile`, async (t) => {
      const {store, start} = await openWithAda(t)
      await store.users.enrollMfa('u1', {totpSecret: 'ABCDEFGH', recoveryHashes: []}, operator, 3)
      assert.equal(await start('s2', 4), 'changed')
      assert.equal(await store.credentials.find('session', hash('access s2')), undefined)
    })

    it(`${title}: opens a challenge only if the user was not changed in the meantime`, async (t) => {
      const {store} = await openWithAda(t)
      const open = (challenge: string, passwordHash = 'hash') =>
        store.logins.openChallenge({hash: hash(challenge), userId: 'u1', passwordHash, expiresAt: 1000}, 5)
      const attempt = async (challenge: string) =>
        (await store.logins.attemptCode(hash(challenge), {attempts: 5, delay}, 6)).outcome
      assert.equal(await open('without MFA'), 'changed')
      await store.users.enrollMfa('u1', {totpSecret: 'ABCDEFGH', recoveryHashes: []}, operator, 3)
      assert.equal(await open('by another password', 'an older hash'), 'changed')
      assert.equal(await open('in time'), 'opened')
      await store.users.setDisabled('u1', true, operator, 4)
      assert.equal(await open('while disabled'), 'changed')
      assert.equal(await attempt('in time'), 'allowed')
      for (const refused of ['without MFA', 'by another password', 'while disabled']) {
        assert.equal(await attempt(refused), 'closed')
      }
    })

    it(`${title}: does not create a token if the session ended meanwhile`, async (t) => {
      const {store, create} = await openWithAda(t)
      await store.users.revokeAll('u1', operator, 3)
      assert.equal(await create('t1', 4), 'changed')
      assert.equal(await store.credentials.find('token', hash('t1')), undefined)
    })

    it(`${title}: labels are unique among live tokens only`, async (t) => {
      const {store, create} = await openWithAda(t)
      assert.equal(await create('t1', 3, {label: 'ci', expiresAt: 10}), 'created')
      assert.equal(await create('t2', 9, {label: 'ci'}), 'label-taken')
      assert.equal(await create('t3', 10, {label: 'ci'}), 'created')
      assert.equal(await store.tokens.revoke({within: {kind: 'own', userId: 'u1'}, id: 't3'}, operator, 11), 'revoked')
      assert.equal(await create('t4', 12, {label: 'ci'}), 'created')
    })

    it(`${title}: a repeated creation gives the same token another value until the first use`, async (t) => {
      const {store, start, create} = await openWithAda(t)
      const idempotency = {key: hash('key'), fingerprint: hash('body')}
      const again = (id: string, at: number, changes: object = {}) =>
        create(id, at, {label: 'ci', idempotency, ...changes})
      const find = (id: string) => store.credentials.find('token', hash(id))
      assert.equal(await again('t1', 3), 'created')
      assert.deepEqual(await again('t2', 4), {repeated: 't1'})
      assert.deepEqual([(await find('t1'))?.expiresAt, (await find('t2'))?.expiresAt], [4, null])
      assert.deepEqual(
        (await store.tokens.list({kind: 'user', id: 'u1'}, {}, 5)).map(({id, createdAt}) => [id, createdAt]),
        [['t1', 4]],
      )
      assert.equal(await again('t3', 5, {idempotency: {...idempotency, fingerprint: hash('other')}}), 'key-reused')
      assert.equal(await store.credentials.recordUse((await find('t1'))!, someUse, 6), 'ended')
      assert.equal(await store.credentials.recordUse((await find('t2'))!, someUse, 6), 'recorded')
      assert.equal(await again('t4', 7), 'already-done')
      assert.deepEqual([await find('t3'), await find('t4')], [undefined, undefined])
      const day = 24 * 60 * 60 * 1000
      assert.equal(await start('s2', day), 'started')
      assert.equal(await again('t5', 3 + day, {sessionId: 's2'}), 'label-taken')
      assert.equal(await again('t6', 3 + day, {sessionId: 's2', label: 'other'}), 'created')
    })

    it(`${title}: lists tokens from a position, by creation time and id`, async (t) => {
      const {store, create} = await openWithAda(t)
      for (const [id, at] of [
        ['b', 3],
        ['a', 3],
        ['c', 2],
        ['d', 4],
      ] as const)
        await create(id, at)
      const ids = async (page: object) => (await store.tokens.list({kind: 'user', id: 'u1'}, page, 5)).map(({id}) => id)
      assert.deepEqual(await ids({}), ['c', 'a', 'b', 'd'])
      assert.deepEqual(await ids({limit: 2}), ['c', 'a'])
      assert.deepEqual(await ids({after: {createdAt: 3, id: 'a'}, limit: 9}), ['b', 'd'])
    })

    it(`${title}: lists ended tokens only on request, with who revoked them`, async (t) => {
      const {store, create} = await openWithAda(t)
      const by = {name: 'ada', credentialId: 's1', address: '10.0.0.1', agent: 'test'}
      await create('expired', 3, {expiresAt: 5})
      await create('own', 3, {note: 'for CI'})
      await create('all', 3)
      await create('live', 3)
      await store.tokens.revoke({within: {kind: 'own', userId: 'u1'}, id: 'own'}, by, 4)
      const held = async (ended: boolean) =>
        (await store.tokens.list({kind: 'user', id: 'u1'}, {ended}, 5)).map(({id, note, revokedAt, revokedBy}) => [
          id,
          note,
          revokedAt,
          revokedBy,
        ])
      assert.deepEqual(
        (await held(false)).map(([id]) => id),
        ['all', 'live'],
      )
      assert.deepEqual(await held(true), [
        ['all', null, null, null],
        ['expired', null, null, null],
        ['live', null, null, null],
        ['own', 'for CI', 4, 'ada'],
      ])
      await store.users.revokeAll('u1', operator, 6)
      assert.equal(
        (await store.tokens.details({within: {kind: 'own', userId: 'u1'}, id: 'all'}))?.revokedBy,
        '(operator)',
      )
      assert.equal((await store.tokens.details({within: {kind: 'own', userId: 'u1'}, id: 'own'}))?.revokedBy, 'ada')
      assert.equal(await store.tokens.details({within: {kind: 'own', userId: 'u2'}, id: 'all'}), undefined)
    })

    it(`${title}: revoking is limited to one's own tokens and can be repeated`, async (t) => {
      const {store, create} = await openWithAda(t)
      await create('t1', 3)
      assert.equal(await store.tokens.revoke({within: {kind: 'own', userId: 'u2'}, id: 't1'}, operator, 4), 'unknown')
      assert.equal(await store.tokens.revoke({within: {kind: 'own', userId: 'u1'}, id: 't1'}, operator, 5), 'revoked')
      assert.equal(await store.tokens.revoke({within: {kind: 'own', userId: 'u1'}, id: 't1'}, operator, 6), 'revoked')
      assert.equal((await store.credentials.find('token', hash('t1')))?.revokedAt, 5)
    })

    it(`${title}: records every change once in the audit log`, async (t) => {
      const {store, create} = await openWithAda(t)
      const by = {name: 'ada', credentialId: 's1', address: '10.0.0.1', agent: 'test'}
      await create('t1', 3)
      await store.tokens.revoke({within: {kind: 'own', userId: 'u1'}, id: 't1'}, by, 4)
      await store.tokens.revoke({within: {kind: 'own', userId: 'u1'}, id: 't1'}, by, 5)
      await store.logins.recordFailure([{key: 'account:ada', delay}], 'password', by, 6)
      const rows = await store.audit.latest(10)
      assert.deepEqual(
        rows.map(({at, action}) => [at, action]),
        [
          [6, 'login.fail'],
          [4, 'token.revoke'],
          [3, 'token.create'],
          [2, 'login'],
          [1, 'user.add'],
        ],
      )
      assert.deepEqual(rows[1], {
        ...by,
        at: 4,
        action: 'token.revoke',
        target: 't1',
        targetName: 't1',
        detail: {label: 't1'},
      })
    })

    it(`${title}: a text with a NUL finds and changes nothing`, async (t) => {
      const {store, create} = await openWithAda(t)
      await create('t1', 3)
      await assert.rejects(store.users.find('ada\0x'), /NUL/)
      await assert.rejects(store.tokens.revoke({within: {kind: 'own', userId: 'u1'}, id: 't1\0zz'}, operator, 4), /NUL/)
      assert.equal((await store.credentials.find('token', hash('t1')))?.revokedAt, null)
    })

    it(`${title}: of writes that arrive together, a failed one is rolled back alone`, async (t) => {
      const {store} = await openWithAda(t)
      const add = (name: string) =>
        store.users.add({id: `id-${name}`, name, email: 'e@e', passwordHash: 'h'}, operator, 3)
      assert.deepEqual(await Promise.all([add('bob'), add('ada'), add('eve')]), ['added', 'taken', 'added'])
      assert.deepEqual(
        (await store.users.list()).map(({name}) => name),
        ['ada', 'bob', 'eve'],
      )
      assert.equal((await store.audit.latest(100)).filter(({action}) => action === 'user.add').length, 3)
    })

    it(`${title}: counts failures per key, and a login clears those of the account`, async (t) => {
      const {store, start} = await openWithAda(t)
      const counts = ['account:ada', 'address:a'].map((key) => ({key, delay}))
      await store.logins.recordFailure(counts, 'password', operator, 3)
      await store.logins.recordFailure(counts, 'password', operator, 4)
      assert.deepEqual(await store.logins.failures('account:ada'), {failures: 2, lastAt: 4})
      await start('s2', 5)
      assert.equal(await store.logins.failures('account:ada'), undefined)
      assert.deepEqual(await store.logins.failures('address:a'), {failures: 2, lastAt: 4})
    })

    it(`${title}: the first use of a credential is recorded immediately, later ones after some seconds`, async (t) => {
      t.mock.timers.enable({apis: ['setTimeout']})
      const {store, create} = await openWithAda(t)
      await create('t1', 3)
      const find = async (kind: 'session' | 'token') =>
        (await store.credentials.find(kind, hash(kind === 'session' ? 'access s1' : 't1')))!
      const use = async (kind: 'session' | 'token', at: number) => {
        assert.equal(
          await store.credentials.recordUse(await find(kind), {...someUse, agent: String(at)}, at),
          'recorded',
        )
      }
      for (const kind of ['session', 'token'] as const) {
        await use(kind, 10)
        assert.equal((await find(kind)).lastUsedAt, 10)
        await use(kind, 500)
        await use(kind, 400)
        assert.equal((await find(kind)).lastUsedAt, 10)
      }
      const first = (await store.tokens.list({kind: 'user', id: 'u1'}, {}, 5))[0]
      assert.deepEqual([first?.lastUsedAt, first?.lastUse], [10, {...someUse, agent: '10'}])
      t.mock.timers.tick(10_000)
      // Writes are committed in order.
      await store.users.setDisabled('u1', false, operator, 6)
      assert.equal((await find('session')).lastUsedAt, 500)
      const last = await store.tokens.details({within: {kind: 'own', userId: 'u1'}, id: 't1'})
      assert.deepEqual([last?.lastUsedAt, last?.lastUse], [500, {...someUse, agent: '500'}])
    })

    it(`${title}: a last use never moves back`, async (t) => {
      t.mock.timers.enable({apis: ['setTimeout']})
      const {store, create} = await openWithAda(t)
      await create('t1', 3)
      for (const at of [100, 50]) {
        await store.credentials.recordUse((await store.credentials.find('token', hash('t1')))!, someUse, at)
        t.mock.timers.tick(10_000)
        await store.users.setDisabled('u1', false, operator, 6)
      }
      assert.equal((await store.credentials.find('token', hash('t1')))?.lastUsedAt, 100)
    })

    it(`${title}: a credential that ended before its first use is not used`, async (t) => {
      const {store, create} = await openWithAda(t)
      await create('t1', 3)
      const token = (await store.credentials.find('token', hash('t1')))!
      await store.tokens.revoke({within: {kind: 'own', userId: 'u1'}, id: 't1'}, operator, 4)
      assert.equal(await store.credentials.recordUse(token, someUse, 5), 'ended')
      assert.equal((await store.credentials.find('token', hash('t1')))?.lastUsedAt, null)
    })

    it(`${title}: a session that was replaced before its first use is not used`, async (t) => {
      const {store} = await openWithAda(t)
      const rotate = (id: string, now: number) =>
        store.sessions.rotate(
          {refreshHash: hash('refresh s1'), session: newSession(id), lifetimes: defaultSessionLifetimes},
          operator,
          now,
        )
      await rotate('s2', 3)
      const second = (await store.credentials.find('session', hash('access s2')))!
      // Of two that arrive together, either can be first.
      const [again, use] = await Promise.all([rotate('s3', 4), store.credentials.recordUse(second, someUse, 4)])
      assert.match([again.outcome, use].join(), /^(rotated,ended|reused,recorded)$/)
    })

    it(`${title}: a session that was used is not replaced again`, async (t) => {
      const {store} = await openWithAda(t)
      const rotate = (id: string, now: number) =>
        store.sessions.rotate(
          {refreshHash: hash('refresh s1'), session: newSession(id), lifetimes: defaultSessionLifetimes},
          operator,
          now,
        )
      await rotate('s2', 3)
      const second = (await store.credentials.find('session', hash('access s2')))!
      assert.equal((await rotate('s3', 4)).outcome, 'rotated')
      assert.equal(await store.credentials.recordUse(second, someUse, 4), 'ended')
      const third = (await store.credentials.find('session', hash('access s3')))!
      assert.equal(await store.credentials.recordUse(third, someUse, 5), 'recorded')
      assert.equal((await rotate('s4', 5)).outcome, 'reused')
    })

    it(`${title}: finds a credential, its owner's organizations and a package together`, async (t) => {
      const {store, create} = await openWithAda(t)
      await create('t1', 3)
      for (const [name, role] of [
        ['zeta', 'reader'],
        ['acme', 'publisher'],
      ] as const) {
        await store.organizations.add({id: name, name}, operator, 3)
        await store.organizations.setMember({organizationId: name, userId: 'u1', role}, operator, 3)
      }
      const found = await store.credentials.findFor('@acme/tool', 'token', hash('t1'))
      assert.ok(found.credential?.kind === 'token')
      assert.deepEqual(found.credential.owner.organizations, [
        {id: 'acme', name: 'acme', role: 'publisher'},
        {id: 'zeta', name: 'zeta', role: 'reader'},
      ])
      const gate = {visibility: undefined, requiresTrustedPublisher: false}
      assert.deepEqual(found.gate, gate)
      assert.deepEqual(await store.credentials.findFor('@acme/tool', 'token', hash('unknown')), {
        credential: undefined,
        gate,
      })
    })
  })
}
