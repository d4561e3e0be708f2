import assert from 'node:assert/strict'
import {mkdirSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'node:test'

import {openFileBlobs} from '../../../src/server/blobs/file-blobs.js'
import {listed, storeBytes} from '../../support/blobs.js'
import {temporaryFolder} from '../../support/world.js'
import {describeBlobStore} from './blob-store-contract.js'

describeBlobStore('a directory', async (t) => openFileBlobs(temporaryFolder(t)))

describe('blobs in files', () => {
  it('blobs: are private files', async (t) => {
    const folder = temporaryFolder(t)
    const {key} = await storeBytes(openFileBlobs(folder), 'hello')
    assert.match(key, /^sha256\/2c\/f2\/2cf24d[0-9a-f]{58}\.[0-9a-f]{32}$/)
    const file = path.join(folder, ...key.split('/'))
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(statSync(path.dirname(file)).mode & 0o777, 0o700)
  })

  it('blobs: other files in the directories are not listed', async (t) => {
    const folder = temporaryFolder(t)
    const blobs = openFileBlobs(folder)
    const {key} = await storeBytes(blobs, 'hello')
    for (const stray of ['.DS_Store', 'lost+found', '2c/Thumbs.db', '2c/00', '2c/f2/notes.txt']) {
      writeFileSync(path.join(folder, 'sha256', stray), '')
    }
    mkdirSync(path.join(folder, 'sha256', '2c', 'f2', '0'.repeat(64)))
    assert.deepEqual(await listed(blobs), [key])
  })

  it('blobs: a key cannot lead out of the directory', async (t) => {
    const folder = temporaryFolder(t)
    writeFileSync(path.join(folder, 'secret'), 'x')
    const blobs = openFileBlobs(path.join(folder, 'blobs'))
    for (const key of ['../secret', 'sha256/../../secret', '/etc/passwd', 'audit-head.json']) {
      await assert.rejects(blobs.open(key), /not the key of a file/, key)
      await assert.rejects(blobs.remove(key), /not the key of a file/, key)
    }
  })
})
