import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator, type RegistryStore} from '../../../src/server/store/store.js'
import {inParallel} from '../../support/in-parallel.js'
import {name, openWithAcme, type Acme} from './acme.js'

/** Every implementation of the store has to pass these tests. */
export function describeSearch(title: string, open: (t: TestContext) => Promise<RegistryStore>): void {
  const scenario = async (t: TestContext) => openWithAcme(await open(t))
  const search = async ({store, sessions}: Acme, text: string, user?: string, patterns: string[] = []) => {
    const reader = user === undefined ? undefined : {userId: sessions[user]!.owner.id, patterns}
    const {total, hits} = await store.packages.search({text, limit: 100, offset: 0}, reader)
    assert.equal(total, hits.length)
    return hits.map((hit) => hit.name)
  }

  describe(`search in ${title}`, () => {
    it('search: ranks names, keywords, descriptions, readmes, and deprecated packages last among equals', async (t) => {
      const acme = await scenario(t)
      const often = 'lint '.repeat(50)
      await acme.publish({name: '@acme/readme', readme: often})
      await acme.publish({name: '@acme/description', description: 'A lint for all'})
      await acme.publish({name: '@acme/keyword', keywords: ['lint'], readme: often.repeat(10)})
      await acme.publish({name: '@acme/lint-old', description: often})
      await acme.publish({name: '@acme/lint-new'})
      await acme.publish({name: '@acme/lint', description: 'Something'})
      await acme.publish({name: '@acme/none', description: 'Something'})
      await acme.store.packages.deprecate({name: '@acme/lint-old', message: 'no'}, acme.ada, operator, 20)
      const ranked = ['lint', 'lint-new', 'lint-old', 'keyword', 'description', 'readme'].map((each) => `@acme/${each}`)
      assert.deepEqual(await search(acme, 'lint'), ranked)
      assert.deepEqual((await search(acme, 'LINT-OLD'))[0], '@acme/lint-old')
    })

    it('search: matches all words, the last as a prefix, ignoring case and accents', async (t) => {
      const acme = await scenario(t)
      await acme.publish({description: 'Réviews the code'})
      for (const text of ['REVIEWS co', 'co', 'code the reviews', '@acme/to', 'code code', 'code-review']) {
        assert.deepEqual(await search(acme, text), [name], text)
      }
      for (const text of ['reviews lint', 'rev code', 'views', 'c', 'the c']) {
        assert.deepEqual(await search(acme, text), [], text)
      }
    })

    it('search: uses only the first eight words', async (t) => {
      const acme = await scenario(t)
      await acme.publish({description: 'a b c d e f g h'})
      assert.deepEqual(await search(acme, 'a b a b a b a b c d e f g h'), [name])
      assert.deepEqual(await search(acme, 'a b c d e f g h other'), [name])
      assert.deepEqual(await search(acme, 'a b c d e f g other h'), [])
    })

    it('search: finds at most a thousand packages, always including an exact name', async (t) => {
      const acme = await scenario(t)
      const others = Array.from({length: 1001}, (_, number) => `@acme/tool-${number}`)
      const names = [name, ...others]
      await inParallel(names.length, 16, (number) => acme.publish({name: names[number]!}))
      for (const text of ['', 'tool']) {
        const {total, hits} = await acme.store.packages.search({text, limit: 20, offset: 990}, undefined)
        assert.deepEqual([total, hits.length], [1000, 10])
      }
      for (const text of ['tool', name]) {
        const {hits} = await acme.store.packages.search({text, limit: 1, offset: 0}, undefined)
        assert.equal(hits[0]?.name, name)
      }
    })

    it('search: text is never treated as query syntax', async (t) => {
      const acme = await scenario(t)
      await acme.publish({description: 'tool "for" description NEAR you'})
      for (const text of [
        'tool OR nothing',
        'name:nothing',
        'NOT tool',
        'nothing*',
        '"tool nothing',
        '^nothing',
        'a"b',
      ]) {
        assert.deepEqual(await search(acme, text), [], text)
      }
      for (const text of ['"', '* - ()', "';--", '{', '\u{1F600}']) assert.deepEqual(await search(acme, text), [], text)
      assert.deepEqual(await search(acme, '"for" NEAR'), [name])
    })

    it('search: indexes `latest`, not the newest version', async (t) => {
      const acme = await scenario(t)
      await acme.publish({description: 'first'})
      await acme.publish({version: '2.0.0-rc.1', tag: 'next', description: 'second'})
      assert.deepEqual([await search(acme, 'first'), await search(acme, 'second')], [[name], []])
      await acme.store.packages.setTag({name, tag: 'latest', version: '2.0.0-rc.1'}, acme.ada, operator, 20)
      assert.deepEqual([await search(acme, 'first'), await search(acme, 'second')], [[], [name]])
    })

    it('search: private packages are found and counted only with access', async (t) => {
      const acme = await scenario(t)
      await acme.publish({visibility: 'private', description: 'secret'})
      await acme.publish({name: '@ada/secret', visibility: 'private'}, 11)
      await acme.publish({name: '@acme/public'}, 12)
      for (const text of ['', 'secret']) {
        const open = text === '' ? ['@acme/public'] : []
        assert.deepEqual(await search(acme, text), open)
        assert.deepEqual(await search(acme, text, 'eve'), open)
        assert.deepEqual(await search(acme, text, 'bob'), [...open, name])
        assert.deepEqual(await search(acme, text, 'ada'), [...open, '@ada/secret', name])
        assert.deepEqual(await search(acme, text, 'ada', ['@ada/*', '@acme/other']), [...open, '@ada/secret'])
        assert.deepEqual(await search(acme, text, 'ada', ['@acme/tool']), [...open, name])
      }
    })

    it('search: the order does not depend on private packages', async (t) => {
      const acme = await scenario(t)
      const open = ['@acme/one', '@acme/two']
      await acme.publish({name: '@acme/one', description: 'alpha alpha beta'})
      await acme.publish({name: '@acme/two', description: 'alpha beta beta'})
      assert.deepEqual(await search(acme, 'alpha beta'), open)
      const secret = {visibility: 'private', description: 'alpha'} as const
      for (const each of ['a', 'b', 'c', 'd', 'e', 'f']) await acme.publish({name: `@acme/${each}`, ...secret})
      assert.deepEqual(await search(acme, 'alpha beta'), open)
    })

    it('search: pages have an exact total, newest first', async (t) => {
      const acme = await scenario(t)
      const names = Array.from({length: 25}, (_, number) => `@acme/tool-${String(number).padStart(2, '0')}`)
      for (const [number, each] of names.entries()) await acme.publish({name: each}, 10 + number)
      for (const text of ['', 'tool']) {
        const pages = await Promise.all(
          [0, 10, 20, 30].map((offset) => acme.store.packages.search({text, limit: 10, offset}, undefined)),
        )
        assert.deepEqual(
          pages.map(({total, hits}) => [total, hits.length]),
          [
            [25, 10],
            [25, 10],
            [25, 5],
            [25, 0],
          ],
        )
        const found = pages.flatMap(({hits}) => hits.map((hit) => hit.name))
        assert.deepEqual(found, names.toReversed())
      }
    })
  })
}
