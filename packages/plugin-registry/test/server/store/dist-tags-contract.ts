import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator, type RegistryStore} from '../../../src/server/store/store.js'
import {name, openWithAcme, tagsOf, type DraftChanges} from './acme.js'

/** Every implementation of the store has to pass these tests. */
export function describeDistTags(title: string, open: (t: TestContext) => Promise<RegistryStore>): void {
  const scenario = async (t: TestContext) => openWithAcme(await open(t))

  describe(`dist-tags in ${title}`, () => {
    it('dist-tags: `latest` is the highest stable version, and a prerelease only if it is the first version', async (t) => {
      const acme = await scenario(t)
      const tag = async (changes: DraftChanges) => {
        const publication = await acme.publish(changes)
        assert.equal(publication.outcome, 'published')
        return publication.outcome === 'published' ? publication.tag : undefined
      }
      assert.equal(await tag({version: '1.0.0-rc.1'}), 'latest')
      assert.equal(await tag({version: '1.0.0-rc.2'}), undefined)
      assert.deepEqual(await tagsOf(acme), {latest: '1.0.0-rc.1'})
      assert.equal(await tag({version: '1.0.0'}), 'latest')
      assert.equal(await tag({version: '2.0.0-rc.1', tag: 'next'}), 'next')
      assert.equal(await tag({version: '1.0.1', tag: 'old'}), 'old')
      assert.deepEqual(await tagsOf(acme), {latest: '1.0.0', next: '2.0.0-rc.1', old: '1.0.1'})
    })

    it('dist-tags: publishing a lower version does not move `latest` unless requested', async (t) => {
      const acme = await scenario(t)
      await acme.publish({version: '2.0.0'})
      const backport = await acme.publish({version: '1.10.1'})
      assert.deepEqual(backport, {outcome: 'published', publishedAt: 10, tag: undefined, signer: null})
      assert.deepEqual(await tagsOf(acme), {latest: '2.0.0'})
      await acme.publish({version: '10.0.0'})
      assert.deepEqual(await tagsOf(acme), {latest: '10.0.0'})
      await acme.publish({version: '1.10.2', tag: 'latest'})
      assert.deepEqual(await tagsOf(acme), {latest: '1.10.2'})
    })

    it('dist-tags: publishing the same bytes again sets the requested tag', async (t) => {
      const acme = await scenario(t)
      await acme.publish()
      await acme.publish({version: '2.0.0'})
      const actions = async () => (await acme.store.audit.latest(100)).map(({action}) => action)
      const before = await actions()
      assert.deepEqual(await acme.publish(), {outcome: 'identical', publishedAt: 10, tag: undefined, signer: null})
      assert.deepEqual([await tagsOf(acme), await actions()], [{latest: '2.0.0'}, before])
      const again = await acme.publish({tag: 'old'}, 20)
      assert.deepEqual(again, {outcome: 'identical', publishedAt: 10, tag: 'old', signer: null})
      assert.deepEqual(await tagsOf(acme), {latest: '2.0.0', old: '1.0.0'})
      const [row] = await acme.store.audit.latest(1)
      assert.deepEqual([row?.action, row?.target, row?.detail], ['package.tag', `${name}@1.0.0`, {tag: 'old'}])
      assert.deepEqual(await acme.publish({tag: 'old'}, 21), again)
      assert.deepEqual(await actions(), ['package.tag', ...before])
    })

    it('dist-tags: the first version gets `latest` and the requested tag', async (t) => {
      const acme = await scenario(t)
      assert.deepEqual(await acme.publish({tag: 'beta'}), {
        outcome: 'published',
        publishedAt: 10,
        tag: 'beta',
        signer: null,
      })
      assert.deepEqual(await tagsOf(acme), {beta: '1.0.0', latest: '1.0.0'})
    })

    it('dist-tags: can be moved and removed, and report what is missing', async (t) => {
      const acme = await scenario(t)
      const {packages} = acme.store
      const set = (tag: string, version: string, of = name) =>
        packages.setTag({name: of, tag, version}, acme.ada, operator, 20)
      const remove = (tag: string, of = name) => packages.removeTag({name: of, tag}, acme.ada, operator, 20)
      assert.equal(await set('old', '1.0.0'), 'package-unknown')
      assert.equal(await remove('old'), 'package-unknown')
      await acme.publish()
      assert.equal(await set('old', '9.0.0'), 'version-unknown')
      assert.equal(await set('old', '1.0.0'), 'set')
      assert.equal(await set('old', '1.0.0'), 'set')
      assert.equal(await remove('old'), 'removed')
      assert.equal(await remove('old'), 'tag-unknown')
      const rows = (await acme.store.audit.latest(2)).map(({action, target, detail}) => [action, target, detail])
      assert.deepEqual(rows, [
        ['package.untag', `${name}@1.0.0`, {tag: 'old'}],
        ['package.tag', `${name}@1.0.0`, {tag: 'old'}],
      ])
    })
  })

  describe(`deprecation in ${title}`, () => {
    it('deprecation: packages and versions can be deprecated, and it can be undone', async (t) => {
      const {store, ada, publish} = await scenario(t)
      const deprecate = (deprecation: {name: string; version?: string; message: string | null}) =>
        store.packages.deprecate(deprecation, ada, operator, 20)
      assert.equal(await deprecate({name, message: 'no'}), 'package-unknown')
      await publish()
      assert.equal(await deprecate({name, version: '2.0.0', message: 'no'}), 'version-unknown')
      assert.equal(await deprecate({name, message: 'use another'}), 'done')
      assert.equal(await deprecate({name, version: '1.0.0', message: 'broken'}), 'done')
      const deprecations = async () => {
        const record = await store.packages.find(name)
        return [record?.deprecated, record?.versions[0]?.deprecated]
      }
      assert.deepEqual(await deprecations(), ['use another', 'broken'])
      assert.equal(await deprecate({name, message: null}), 'done')
      assert.equal(await deprecate({name, version: '1.0.0', message: null}), 'done')
      assert.deepEqual(await deprecations(), [null, null])
    })
  })
}
