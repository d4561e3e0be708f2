import assert from 'node:assert/strict'
import {mkdirSync, readdirSync, statSync, truncateSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'node:test'

import type {BlobStore} from '../../../src/server/blobs/blob-store.js'
import {openFileBlobs} from '../../../src/server/blobs/file-blobs.js'
import {bytes, listed} from '../../support/blobs.js'
import {temporaryFolder} from '../../support/world.js'

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
