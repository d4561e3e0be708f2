import assert from 'node:assert/strict'
import {readdirSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {collectGarbage} from '../../../src/server/operations/collect-garbage.js'
import {openToServe} from '../../../src/server/operations/open-registry.js'
import {operator} from '../../../src/server/store/store.js'
import {bytes, listed} from '../../support/blobs.js'
import {packageOf, publish} from '../../support/uploads.js'
import {createWorld, hour, minute, temporaryFolder} from '../../support/world.js'

describe('garbage collection', () => {
  async function withPackages(t: TestContext) {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {accessToken: token} = await world.logIn('ada')
    for (const name of ['@ada/kept', '@ada/gone']) {
      assert.equal((await publish(world, token, await packageOf({name}))).status, 201)
    }
    return {world, token}
  }

  it('garbage collection: removes only unreferenced data after the grace period', async (t) => {
    const {world} = await withPackages(t)
    await world.store.packages.takeDown({name: '@ada/gone', version: '1.0.0', reason: 'x'}, operator, world.now())
    await world.blobs.commit(await world.blobs.put(bytes('unreferenced')), world.now())
    const nothing = {drafts: 0, blobs: 0, bytes: 0}
    assert.deepEqual(await collectGarbage(world, world.now()), nothing)
    world.pass(hour)
    const {blobs} = await collectGarbage(world, world.now())
    assert.equal(blobs, 2)
    const kept = await world.store.packages.version('@ada/kept', '1.0.0')
    assert.deepEqual(await listed(world.blobs), [kept?.sha256])
    assert.deepEqual(await collectGarbage(world, world.now()), nothing)
  })

  it('garbage collection: keeps bytes that are published again while it runs', async (t) => {
    const {world, token} = await withPackages(t)
    for (let round = 0; round < 20; round++) {
      world.pass(minute)
      const sent = await packageOf({name: '@ada/kept', version: `2.0.${round}`}, {'text.md': `${round}`})
      const orphan = await world.blobs.put(bytes(sent.tarball))
      await world.blobs.commit(orphan, world.now() - minute)
      const [answer] = await Promise.all([publish(world, token, sent), collectGarbage(world, world.now() - 1000)])
      assert.equal(answer.status, 201)
      assert.notEqual(await world.blobs.sizeOf(orphan.sha256), undefined, `round ${round}`)
    }
  })

  it('garbage collection: waits for a backup', async (t) => {
    const {store, takeCollectionLock} = await openToServe(temporaryFolder(t), () => undefined)
    const held = takeCollectionLock()
    assert.ok(held)
    assert.equal(takeCollectionLock(), undefined)
    held.release()
    takeCollectionLock()?.release()
    await store.close()
  })

  it('garbage collection: a starting server removes unfinished uploads', async (t) => {
    const folder = temporaryFolder(t)
    const first = await openToServe(folder, () => undefined)
    await first.blobs.put(bytes('half an upload'))
    await first.store.close()
    const second = await openToServe(folder, () => undefined)
    assert.deepEqual(readdirSync(path.join(folder, 'blobs', 'tmp')), [])
    await second.store.close()
  })
})
