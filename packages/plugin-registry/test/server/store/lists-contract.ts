import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator, type RegistryStore} from '../../../src/server/store/store.js'
import {openWithAcme} from './acme.js'

const day = 24 * 3_600_000

/** Every implementation of the store has to pass these tests. */
export function describeLists(title: string, open: (t: TestContext) => Promise<RegistryStore>): void {
  const scenario = async (t: TestContext) => openWithAcme(await open(t))
  const readerOf = (user: string, patterns: string[] = []) => ({userId: user, patterns})
  const first = {after: undefined, limit: 50}

  describe(`downloads in ${title}`, () => {
    it('downloads: are added up by day, and those of unknown packages are skipped', async (t) => {
      const {store, publish} = await scenario(t)
      await publish()
      await publish({name: '@acme/other'})
      const [today, before] = [100 * day, 99 * day]
      await store.downloads.add([
        {name: '@acme/other', day: today, count: 4},
        {name: '@acme/tool', day: today, count: 2},
        {name: '@acme/none', day: today, count: 9},
        {name: '@acme/tool', day: before, count: 1},
      ])
      await store.downloads.add([{name: '@acme/tool', day: today, count: 3}])
      assert.deepEqual(await store.downloads.of('@acme/tool', before), [
        {day: before, count: 1},
        {day: today, count: 5},
      ])
      assert.deepEqual(await store.downloads.of('@acme/tool', today), [{day: today, count: 5}])
      assert.deepEqual(await store.downloads.of('@acme/none', 0), [])
    })

    it('downloads: processes that add the same packages in another order do not block each other', async (t) => {
      const {store, publish} = await scenario(t)
      const names = ['a', 'b', 'c', 'd'].map((letter) => `@acme/${letter}`)
      for (const name of names) await publish({name})
      const add = (order: string[]) => store.downloads.add(order.map((name) => ({name, day: 0, count: 1})))
      await Promise.all(Array.from({length: 10}, (_, n) => add(n % 2 === 0 ? names : names.toReversed())))
      for (const name of names) assert.deepEqual(await store.downloads.of(name, 0), [{day: 0, count: 10}])
    })

    it('most installed: are ordered by downloads since a day, for each reader those that the reader can see', async (t) => {
      const {store, publish} = await scenario(t)
      for (const name of ['@acme/a', '@acme/b', '@acme/c']) await publish({name})
      await publish({name: '@acme/hidden', visibility: 'private'})
      await store.downloads.add([
        {name: '@acme/a', day: 10 * day, count: 100},
        {name: '@acme/a', day: 90 * day, count: 1},
        {name: '@acme/b', day: 90 * day, count: 3},
        {name: '@acme/b', day: 91 * day, count: 4},
        {name: '@acme/hidden', day: 91 * day, count: 50},
      ])
      const listed = async (user?: string, patterns: string[] = [], limit = 10) =>
        (await store.packageLists.mostInstalled(limit, user === undefined ? undefined : readerOf(user, patterns))).map(
          ({name, downloads}) => [name, downloads],
        )
      assert.deepEqual(await listed(), [])
      await store.downloads.refreshMostInstalled('one', 80 * day, 100)
      const open = [
        ['@acme/b', 7],
        ['@acme/a', 1],
      ]
      assert.deepEqual(await listed(), open)
      assert.deepEqual(await listed('eve'), open)
      assert.deepEqual(await listed('bob'), [['@acme/hidden', 50], ...open])
      assert.deepEqual(await listed('bob', ['@acme/other*']), open)
      assert.deepEqual(await listed('bob', [], 1), [['@acme/hidden', 50]])
    })

    it('most installed: one process refreshes them, until it releases the lease or stops', async (t) => {
      const {store, publish} = await scenario(t)
      await publish()
      const refresh = async (holder: string, now: number) => {
        await store.downloads.add([{name: '@acme/tool', day: 0, count: 1}])
        await store.downloads.refreshMostInstalled(holder, 0, now)
        return (await store.packageLists.mostInstalled(1, undefined))[0]?.downloads
      }
      assert.equal(await refresh('one', 100), 1)
      assert.equal(await refresh('two', 200), 1)
      assert.equal(await refresh('one', 300), 3)
      await store.downloads.release('one')
      assert.equal(await refresh('two', 400), 4)
      assert.equal(await refresh('three', 401 + 15 * 60_000), 5)
    })
  })

  describe(`dependents in ${title}`, () => {
    it('dependents: are those of the latest versions, by name, in pages', async (t) => {
      const {store, publish} = await scenario(t)
      const dependencies = {'@acme/tool': '^1.0.0', '@acme/other': '*'}
      for (const letter of ['c', 'a', 'b']) await publish({name: `@acme/${letter}`, dependencies})
      await publish({name: '@acme/hidden', visibility: 'private', dependencies})
      const list = async (user?: string, after?: string) => {
        const page = {after, limit: 2}
        const {dependents, hasMore} = await store.packageLists.dependents(
          '@acme/tool',
          page,
          user === undefined ? undefined : readerOf(user),
        )
        return [dependents.map(({name, range}) => `${name} ${range}`), hasMore]
      }
      assert.deepEqual(await list(), [['@acme/a ^1.0.0', '@acme/b ^1.0.0'], true])
      assert.deepEqual(await list(undefined, '@acme/b'), [['@acme/c ^1.0.0'], false])
      assert.deepEqual(await list('eve', '@acme/b'), [['@acme/c ^1.0.0'], false])
      assert.deepEqual(await list('bob', '@acme/b'), [['@acme/c ^1.0.0', '@acme/hidden ^1.0.0'], false])
      await publish({name: '@acme/a', version: '2.0.0', dependencies: {'@acme/tool': '^2.0.0'}})
      await publish({name: '@acme/b', version: '2.0.0'})
      assert.deepEqual(await list(), [['@acme/a ^2.0.0', '@acme/c ^1.0.0'], false])
      await store.packages.takeDown({name: '@acme/a', version: '2.0.0', reason: 'x'}, operator, 20)
      assert.deepEqual((await list())[0], ['@acme/a ^1.0.0', '@acme/c ^1.0.0'])
      await store.packages.takeDown({name: '@acme/a', version: '1.0.0', reason: 'x'}, operator, 21)
      assert.deepEqual((await list())[0], ['@acme/c ^1.0.0'])
    })
  })

  describe(`scopes in ${title}`, () => {
    it('scope: lists the packages that the reader can see, by name, in pages', async (t) => {
      const {store, publish, sessions} = await scenario(t)
      for (const letter of ['c', 'a', 'b']) await publish({name: `@acme/${letter}`})
      await publish({name: '@acme/hidden', visibility: 'private'})
      await store.organizations.add({id: 'o2', name: 'acme-labs'}, operator, 1)
      await publish({name: '@eve/z'}, 10, sessions['eve'])
      const list = async (scope: string, page: {after: string | undefined; limit: number}, user?: string) => {
        const found = await store.packageLists.inScope(scope, page, user === undefined ? undefined : readerOf(user))
        return found && [found.kind, found.packages.map(({name}) => name), found.hasMore]
      }
      assert.deepEqual(await list('acme', {...first, limit: 2}), ['organization', ['@acme/a', '@acme/b'], true])
      assert.deepEqual(await list('acme', {after: '@acme/b', limit: 2}), ['organization', ['@acme/c'], false])
      assert.deepEqual(await list('acme', {after: '@acme/b', limit: 2}, 'bob'), [
        'organization',
        ['@acme/c', '@acme/hidden'],
        false,
      ])
      assert.deepEqual(await list('acme', {after: '@aaa/z', limit: 1}), ['organization', ['@acme/a'], true])
      assert.deepEqual(await list('acme', {after: '@eve/a', limit: 1}), ['organization', [], false])
      assert.deepEqual(await list('acme-labs', first), ['organization', [], false])
      assert.deepEqual(await list('eve', first), ['user', ['@eve/z'], false])
      assert.equal(await list('none', first), undefined)
    })
  })

  describe(`pages of a search in ${title}`, () => {
    it('search: pages by position have every package once, whatever is published meanwhile', async (t) => {
      const {store, publish, ada} = await scenario(t)
      for (const [n, letter] of [...'dbeca'].entries()) await publish({name: `@acme/lint-${letter}`}, 10 + (n % 2))
      await publish({name: '@acme/lint'}, 10)
      await publish({name: '@acme/other', description: 'lint'}, 30)
      await store.packages.deprecate({name: '@acme/lint-c', message: 'no'}, ada, operator, 20)
      for (const text of ['lint', '']) {
        const all = (await store.packages.search({text, limit: 100, offset: 0}, undefined)).hits.map(({name}) => name)
        assert.equal(all.length, 7)
        const seen: string[] = []
        let after
        do {
          const page = await store.packages.search({text, limit: 2, offset: 0, after}, undefined)
          seen.push(...page.hits.map(({name}) => name))
          after = page.next
        } while (after)
        assert.deepEqual(seen, all)
      }
      const {next} = await store.packages.search({text: '', limit: 3, offset: 0}, undefined)
      const before = (await store.packages.search({text: '', limit: 3, offset: 0, after: next}, undefined)).hits
      await publish({name: '@acme/newest'}, 50)
      assert.deepEqual(
        (await store.packages.search({text: '', limit: 3, offset: 0, after: next}, undefined)).hits,
        before,
      )
    })
  })
}
