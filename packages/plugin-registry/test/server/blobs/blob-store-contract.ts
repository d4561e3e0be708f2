import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import type {BlobStore} from '../../../src/server/blobs/blob-store.js'
import {bytes, listed, storeBytes} from '../../support/blobs.js'

const sha256OfHello = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'

/** Every blob store has to pass these tests. */
export function describeBlobStore(title: string, open: (t: TestContext) => Promise<BlobStore>): void {
  const read = async (blobs: BlobStore, key: string, range?: {first: number; last: number}) => {
    const opened = await blobs.open(key, range)
    return opened && [Buffer.concat(await opened.bytes.toArray()).toString(), opened.size]
  }

  describe(`blobs in ${title}`, () => {
    it(`${title}: a draft becomes a blob once it is stored`, async (t) => {
      const blobs = await open(t)
      const draft = await blobs.put(bytes('hel', 'lo'))
      assert.deepEqual([draft.sha256, draft.size, await listed(blobs)], [sha256OfHello, 5, []])
      const key = await blobs.store(draft)
      await blobs.discard(draft)
      assert.match(key, new RegExp(sha256OfHello))
      assert.deepEqual(await read(blobs, key), ['hello', 5])
      assert.equal(await blobs.sizeOf(key), 5)
      assert.deepEqual(await listed(blobs), [key])
      await blobs.check()
    })

    it(`${title}: reads ranges`, async (t) => {
      const blobs = await open(t)
      const {key} = await storeBytes(blobs, 'hello')
      assert.deepEqual(await read(blobs, key, {first: 1, last: 3}), ['ell', 5])
      assert.deepEqual(await read(blobs, key, {first: 4, last: 4}), ['o', 5])
    })

    it(`${title}: the same bytes get another key each time, so removing one blob keeps the other`, async (t) => {
      const blobs = await open(t)
      const first = await storeBytes(blobs, 'hello')
      const second = await storeBytes(blobs, 'hello')
      assert.notEqual(first.key, second.key)
      await blobs.remove(first.key)
      await blobs.remove(first.key)
      assert.deepEqual([await blobs.sizeOf(first.key), await blobs.open(first.key)], [undefined, undefined])
      assert.deepEqual(await read(blobs, second.key), ['hello', 5])
      assert.deepEqual(await listed(blobs), [second.key])
    })

    it(`${title}: lists blobs with their size and age`, async (t) => {
      const blobs = await open(t)
      const {key} = await storeBytes(blobs, 'hello')
      const found = []
      for await (const each of blobs.list()) found.push(each)
      assert.deepEqual(
        found.map(({key, size}) => ({key, size})),
        [{key, size: 5}],
      )
      // Some stores round times to seconds.
      assert.ok(Math.abs(found[0]?.age ?? Infinity) < 60_000, String(found[0]?.age))
    })

    it(`${title}: nothing is left if the source fails`, async (t) => {
      const blobs = await open(t)
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('hel')
        throw new Error('cut')
      }
      await assert.rejects(blobs.put(broken()), /cut/)
      assert.deepEqual([await blobs.sweepDrafts(Infinity), await listed(blobs)], [0, []])
    })

    it(`${title}: the head is replaced, and is not a blob`, async (t) => {
      const blobs = await open(t)
      assert.equal(await blobs.readHead(), undefined)
      await blobs.writeHead({position: 1, mac: 'a'})
      await blobs.writeHead({position: 2, mac: 'b'})
      assert.deepEqual([await blobs.readHead(), await listed(blobs)], [{position: 2, mac: 'b'}, []])
    })
  })
}
