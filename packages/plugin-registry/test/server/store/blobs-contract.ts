import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator, type RegistryStore} from '../../../src/server/store/store.js'
import {sha256Of} from '../../support/package-drafts.js'
import {name, openWithAcme, type Acme} from './acme.js'

const grace = 1000
const later = 3_600_000

/** Every implementation of the store has to pass these tests. */
export function describeBlobs(title: string, open: (t: TestContext) => Promise<RegistryStore>): void {
  const sha256 = sha256Of('bytes')
  const scenario = async (t: TestContext) => openWithAcme(await open(t))
  const takeDown = ({store}: Acme, now: number, version = '1.0.0') =>
    store.packages.takeDown({name, version, reason: 'malware'}, operator, now)
  const marked = async ({store}: Acme, now: number, holder = 'collector') =>
    (await store.blobs.markUnused(holder, now - grace, now))?.map(({key}) => key)

  describe(`blobs in ${title}`, () => {
    it('blobs: the grace period starts when the last version is taken down, not when it was published', async (t) => {
      const acme = await scenario(t)
      await acme.publish({sha256, blob: {key: 'a', isNew: true}})
      assert.deepEqual(await marked(acme, later), [])
      await takeDown(acme, later)
      assert.deepEqual(await marked(acme, later + grace - 1), [])
      assert.deepEqual(await marked(acme, later + grace), ['a'])
    })

    it('blobs: bytes that another version needs are kept', async (t) => {
      const acme = await scenario(t)
      await acme.publish({sha256, size: 5, blob: {key: 'a', isNew: true}})
      await acme.publish({sha256, size: 5, name: '@acme/twin', blob: {key: 'a', isNew: false}})
      await takeDown(acme, 100)
      assert.deepEqual(await marked(acme, later), [])
      assert.deepEqual({...(await acme.store.blobs.find(sha256))}, {key: 'a', size: 5})
      await acme.store.packages.takeDown({name: '@acme/twin', version: '1.0.0', reason: 'x'}, operator, later)
      assert.deepEqual(await marked(acme, later + grace), ['a'])
    })

    it('blobs: publishing the bytes again within the grace period keeps them', async (t) => {
      const acme = await scenario(t)
      await acme.publish({sha256, blob: {key: 'a', isNew: true}})
      await takeDown(acme, 100)
      const again = {sha256, version: '2.0.0', blob: {key: 'a', isNew: false}}
      assert.equal((await acme.publish(again, 200)).outcome, 'published')
      assert.deepEqual(await marked(acme, later), [])
    })

    it('blobs: no version can share a blob that is being deleted, or was deleted', async (t) => {
      const acme = await scenario(t)
      await acme.publish({sha256, blob: {key: 'a', isNew: true}})
      await takeDown(acme, 100)
      assert.deepEqual(await marked(acme, later), ['a'])
      const shared = {sha256, version: '2.0.0', blob: {key: 'a', isNew: false}}
      assert.equal((await acme.publish(shared, later)).outcome, 'blob-deleting')
      assert.equal(await acme.store.packages.version(name, '2.0.0'), undefined)
      await acme.store.blobs.forget(['a'])
      assert.equal((await acme.publish(shared, later)).outcome, 'blob-deleting')
      const stored = {...shared, blob: {key: 'b', isNew: true}}
      assert.equal((await acme.publish(stored, later)).outcome, 'published')
      assert.equal((await acme.store.packages.version(name, '2.0.0'))?.key, 'b')
    })

    it('blobs: bytes can be published again while their old blob is being deleted', async (t) => {
      const acme = await scenario(t)
      await acme.publish({sha256, blob: {key: 'a', isNew: true}})
      await takeDown(acme, 100)
      assert.deepEqual(await marked(acme, later), ['a'])
      assert.equal(
        (await acme.publish({sha256, version: '2.0.0', blob: {key: 'b', isNew: true}}, later)).outcome,
        'published',
      )
      await acme.store.blobs.forget(['a', 'b'])
      assert.deepEqual([...(await acme.store.blobs.known(['a', 'b']))], ['b'])
    })

    it('blobs: a refused version leaves no blob', async (t) => {
      const acme = await scenario(t)
      const signature = {keyId: 'unknown', signature: 'x', registry: null}
      const refused = await acme.publish({sha256, signature, blob: {key: 'a', isNew: true}})
      assert.equal(refused.outcome, 'signer-unknown')
      assert.equal(await acme.store.blobs.find(sha256), undefined)
    })

    it('blobs: a damaged blob is replaced, and deleted after the grace period', async (t) => {
      const acme = await scenario(t)
      await acme.publish({sha256, blob: {key: 'a', isNew: true}})
      const again = await acme.publish({sha256, blob: {key: 'b', isNew: true, replaces: 'a'}}, later)
      assert.equal(again.outcome, 'identical')
      assert.equal((await acme.store.packages.version(name, '1.0.0'))?.key, 'b')
      assert.deepEqual(await marked(acme, later + grace - 1), [])
      assert.deepEqual(await marked(acme, later + grace), ['a'])
    })

    it('blobs: of two concurrent uploads of the same bytes, the first blob is used', async (t) => {
      const acme = await scenario(t)
      await acme.publish({sha256, blob: {key: 'a', isNew: true}})
      await acme.publish({sha256, version: '2.0.0', blob: {key: 'b', isNew: true}})
      assert.equal((await acme.store.packages.version(name, '2.0.0'))?.key, 'a')
      assert.deepEqual([...(await acme.store.blobs.known(['a', 'b']))], ['a'])
    })

    it('blobs: an interrupted collection is continued by the next one', async (t) => {
      const acme = await scenario(t)
      await acme.publish({sha256, blob: {key: 'a', isNew: true}})
      await takeDown(acme, 100)
      assert.deepEqual(await marked(acme, later, 'killed'), ['a'])
      assert.equal(await marked(acme, later + 59_000, 'next'), undefined)
      assert.deepEqual(await marked(acme, later + 60_000, 'next'), ['a'])
      await acme.store.blobs.forget(['a'])
      assert.deepEqual(await marked(acme, later + 60_000, 'next'), [])
    })

    it('blobs: nothing is marked while the collection is paused, for a minute after each heartbeat', async (t) => {
      const acme = await scenario(t)
      const {blobs} = acme.store
      await acme.publish({sha256, blob: {key: 'a', isNew: true}})
      await takeDown(acme, 100)
      assert.equal(await blobs.pauseCollection('backup', later), true)
      assert.equal(await blobs.pauseCollection('another', later), false)
      assert.equal(await blobs.pauseCollection('backup', later + 50_000), true)
      assert.equal(await marked(acme, later + 100_000), undefined)
      await blobs.release('backup')
      assert.deepEqual(await marked(acme, later + 100_000), ['a'])
      assert.equal(await blobs.pauseCollection('backup', later + 100_000), false)
    })
  })
}
