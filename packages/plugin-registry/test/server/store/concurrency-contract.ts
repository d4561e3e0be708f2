import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator, type RegistryStore} from '../../../src/server/store/store.js'
import {defaultSessionLifetimes} from '../../../src/server/store/session-lifetimes.js'
import {createTotpSecret} from '../../../src/server/auth/totp.js'
import {inParallel} from '../../support/in-parallel.js'
import {unrestricted} from '../../support/unrestricted.js'
import {versionDraft} from '../../support/package-drafts.js'
import {hash, name, openWithAcme} from './acme.js'

/** Runs work on both stores at once. */
function onBoth<Result>(
  stores: readonly RegistryStore[],
  count: number,
  work: (store: RegistryStore, number: number) => Promise<Result>,
): Promise<Result[]> {
  return inParallel(count, count, (number) => work(stores[number % stores.length]!, number))
}

const countOf = <Result>(results: readonly Result[], wanted: Result) => results.filter((each) => each === wanted).length

/** Every database has to pass these tests with two stores, as two processes would open it. */
export function describeConcurrency(title: string, openTwo: (t: TestContext) => Promise<RegistryStore[]>): void {
  const scenario = async (t: TestContext) => {
    const stores = await openTwo(t)
    return {stores, acme: await openWithAcme(stores[0]!)}
  }

  describe(`concurrent requests to ${title}`, () => {
    it('concurrent requests: forty simultaneous codes count as five attempts', async (t) => {
      const {stores, acme} = await scenario(t)
      await acme.store.users.enrollMfa('ada', {totpSecret: createTotpSecret(), recoveryHashes: []}, operator, 2)
      await acme.store.logins.openChallenge({hash: hash('c'), userId: 'ada', passwordHash: 'h', expiresAt: 1000}, 3)
      const limits = {attempts: 5, delay: {freeFailures: 100, first: 1000, max: 60_000, forgetAfter: 3_600_000}}
      const outcomes = await onBoth(
        stores,
        40,
        async (store) => (await store.logins.attemptCode(hash('c'), limits, 4)).outcome,
      )
      assert.deepEqual([countOf(outcomes, 'allowed'), countOf(outcomes, 'closed')], [5, 35])
    })

    it('concurrent requests: twenty tokens with one label are one token', async (t) => {
      const {stores} = await scenario(t)
      const outcomes = await onBoth(stores, 20, async (store, number) =>
        store.tokens.create(
          {
            ...{id: `t${number}`, userId: 'ada', sessionId: 's-ada', label: 'ci', hash: hash(`t${number}`)},
            ...{...unrestricted, prefix: 'apkgt_', lifetime: 'never', scopes: ['read'], patterns: [], note: null},
            expiresAt: null,
          },
          operator,
          2,
        ),
      )
      assert.deepEqual([countOf(outcomes, 'created'), countOf(outcomes, 'label-taken')], [1, 19])
    })

    it('concurrent requests: a new registry gets one signing key', async (t) => {
      const stores = await openTwo(t)
      await onBoth(stores, 6, (store) => store.signingKeys.ensure(1))
      assert.equal((await stores[0]!.signingKeys.list()).length, 1)
    })

    it('concurrent requests: a version is published once, and each dist-tag has one version', async (t) => {
      const {stores, acme} = await scenario(t)
      const outcomes = await onBoth(stores, 8, async (store, number) => {
        const draft = versionDraft({name, content: String(number)})
        return (await store.packages.publish(draft, acme.ada, operator, 10)).outcome
      })
      assert.equal(countOf(outcomes, 'published'), 1)
      assert.equal((await acme.store.packages.find(name))?.versions.length, 1)
    })

    it('concurrent requests: a token with two uses makes two changes', async (t) => {
      const {stores, acme} = await scenario(t)
      await acme.publish()
      const token = await acme.tokenOf('ada', {uses: {total: 2, left: 2}})
      const outcomes = await onBoth(stores, 8, async (store, number) =>
        store.packages.setTag({name, tag: `tag-${number}`, version: '1.0.0'}, token, operator, 20),
      )
      assert.deepEqual([countOf(outcomes, 'set'), countOf(outcomes, 'spent')], [2, 6])
    })

    it('concurrent requests: no token that is created during `revoke-all` survives it', async (t) => {
      const {stores, acme} = await scenario(t)
      await onBoth(stores, 9, async (store, number) => {
        if (number === 4) return store.users.revokeAll('ada', operator, 3)
        const id = `t${number}`
        return store.tokens.create(
          {
            ...{id, userId: 'ada', sessionId: 's-ada', label: id, hash: hash(id)},
            ...{...unrestricted, prefix: 'apkgt_', lifetime: 'never', scopes: ['read'], patterns: [], note: null},
            expiresAt: null,
          },
          operator,
          2,
        )
      })
      assert.deepEqual(await acme.store.tokens.list({kind: 'user', id: 'ada'}, {}, 4), [])
    })

    it('concurrent requests: a refresh token gives one session that works', async (t) => {
      const {stores, acme} = await scenario(t)
      const lifetimes = {...defaultSessionLifetimes, grace: 60_000}
      const outcomes = await onBoth(stores, 6, async (store, number) => {
        const id = `next-${number}`
        const session = {id, accessHash: hash(`access ${id}`), refreshHash: hash(`refresh ${id}`)}
        return (await store.sessions.rotate({refreshHash: hash('refresh ada'), session, lifetimes}, operator, 5))
          .outcome
      })
      assert.equal(countOf(outcomes, 'rotated'), 6)
      const found = await Promise.all(
        outcomes.map((_, number) => acme.store.credentials.find('session', hash(`access next-${number}`))),
      )
      assert.equal(found.filter((each) => each?.revokedAt === null).length, 1)
    })

    it('concurrent requests: the audit log is sealed without gaps while it grows', async (t) => {
      const {stores, acme} = await scenario(t)
      await onBoth(stores, 60, async (store, number) => {
        if (number % 3 === 0) await store.auditChain.seal(`holder-${number % 2}`, 5)
        else await store.audit.recordRecovery({number} as never, operator, 5)
      })
      while ((await acme.store.auditChain.seal('holder-0', 60_000)) > 0);
      const rows = await acme.store.audit.latest(1000)
      const report = await acme.store.auditChain.verify(await acme.store.auditChain.head())
      assert.deepEqual(report, {sealed: rows.length, unsealed: 0, before: 0, problems: []})
    })
  })
}
