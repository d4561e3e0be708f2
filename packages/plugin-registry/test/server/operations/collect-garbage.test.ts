import assert from 'node:assert/strict'
import {mkdirSync, readdirSync, statSync, truncateSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {openFileBlobs} from '../../../src/server/blobs/file-blobs.js'
import type {BlobStore} from '../../../src/server/blobs/blob-store.js'
import {collectGarbage} from '../../../src/server/operations/collect-garbage.js'
import {openToServe} from '../../../src/server/operations/open-registry.js'
import {operator} from '../../../src/server/store/store.js'
import {packageOf, publish} from '../../support/uploads.js'
import {createWorld, hour, minute, temporaryFolder} from '../../support/world.js'

async function* bytes(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

async function listed(blobs: BlobStore): Promise<string[]> {
  const found: string[] = []
  for await (const {sha256} of blobs.list()) found.push(sha256)
  return found
}

async function text(blobs: BlobStore, sha256: string): Promise<string | undefined> {
  const stream = await blobs.open(sha256)
  return stream && Buffer.concat(await stream.toArray()).toString()
}

describe('blobs in files', () => {
  const sha256OfHello = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'

  it('blobs: are private files named by their hash', async (t) => {
    const folder = temporaryFolder(t)
    const blobs = openFileBlobs(folder)
    const draft = await blobs.put(bytes('hel', 'lo'))
    assert.deepEqual([draft.sha256, draft.size, await blobs.sizeOf(draft.sha256)], [sha256OfHello, 5, undefined])
    await blobs.commit(draft, 1000)
    const file = path.join(folder, 'sha256', '2c', 'f2', sha256OfHello)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(statSync(path.dirname(file)).mode & 0o777, 0o700)
    assert.deepEqual([await text(blobs, draft.sha256), await listed(blobs)], ['hello', [sha256OfHello]])
    assert.equal(await text(blobs, '00'.repeat(32)), undefined)
  })

  it('blobs: other files in the directories are not listed', async (t) => {
    const folder = temporaryFolder(t)
    const blobs = openFileBlobs(folder)
    await blobs.commit(await blobs.put(bytes('hello')), 1000)
    for (const stray of ['.DS_Store', 'lost+found', '2c/Thumbs.db', '2c/00', '2c/f2/notes.txt']) {
      writeFileSync(path.join(folder, 'sha256', stray), '')
    }
    mkdirSync(path.join(folder, 'sha256', '2c', 'f2', '0'.repeat(64)))
    assert.deepEqual(await listed(blobs), [sha256OfHello])
  })

  it('blobs: committing the same bytes repairs a truncated file', async (t) => {
    const folder = temporaryFolder(t)
    const blobs = openFileBlobs(folder)
    await blobs.commit(await blobs.put(bytes('hello')), 1000)
    truncateSync(path.join(folder, 'sha256', '2c', 'f2', sha256OfHello), 2)
    assert.equal(await blobs.sizeOf(sha256OfHello), 2)
    await blobs.commit(await blobs.put(bytes('hello')), 2000)
    assert.equal(await text(blobs, sha256OfHello), 'hello')
    assert.deepEqual(readdirSync(path.join(folder, 'tmp')), [])
  })

  it('blobs: nothing is left if the source fails', async (t) => {
    const folder = temporaryFolder(t)
    const blobs = openFileBlobs(folder)
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('hel')
      throw new Error('cut')
    }
    await assert.rejects(blobs.put(broken()), /cut/)
    assert.deepEqual([readdirSync(path.join(folder, 'tmp')), await listed(blobs)], [[], []])
  })

  it('blobs: removed only if they were not committed since', async (t) => {
    const blobs = openFileBlobs(temporaryFolder(t))
    await blobs.commit(await blobs.put(bytes('hello')), 1000)
    assert.equal(await blobs.removeUnlessCommittedSince(sha256OfHello, 1000), false)
    await blobs.commit(await blobs.put(bytes('hello')), 5000)
    assert.equal(await blobs.removeUnlessCommittedSince(sha256OfHello, 2000), false)
    assert.equal(await blobs.removeUnlessCommittedSince(sha256OfHello, 5001), true)
    assert.equal(await blobs.removeUnlessCommittedSince(sha256OfHello, 5001), false)
    assert.equal(await blobs.sizeOf(sha256OfHello), undefined)
  })
})

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
    await world.blobs.commit(await world.blobs.put(bytes('never referred to')), world.now())
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
