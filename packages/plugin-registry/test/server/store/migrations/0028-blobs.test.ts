import assert from 'node:assert/strict'
import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {blobFile} from '../../../../src/server/blobs/file-blobs.js'
import {collectUnused} from '../../../../src/server/operations/collect-garbage.js'
import {openDataFolder} from '../../../../src/server/operations/data-folder.js'
import {openToServe} from '../../../../src/server/operations/open-registry.js'
import {Connection} from '../../../../src/server/store/sqlite/connection.js'
import {loadSqlite} from '../../../../src/server/store/sqlite/driver.js'
import {migrate} from '../../../../src/server/store/sqlite/migrate.js'
import {listed} from '../../../support/blobs.js'
import {before} from '../../../support/before-migration.js'
import {sha256Of} from '../../../support/package-drafts.js'
import {temporaryFolder} from '../../../support/world.js'

const kept = sha256Of('kept')
const gone = sha256Of('gone')

/** A data directory from before the table, with files that are named by their hash. */
async function dataBeforeBlobs(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t)
  const {database, blobs} = openDataFolder(folder, {create: true})
  const connection = new Connection(await loadSqlite(), database)
  await before('0028-blobs', () => migrate(connection, database, () => undefined))
  connection.exec(`
    INSERT INTO names (name, holder, taken_at) VALUES ('ada', 'user', 1);
    INSERT INTO users (id, name, email, password_hash, created_at) VALUES ('u1', 'ada', 'ada@example.com', 'h', 1);
    INSERT INTO packages (name, scope, visibility, revision, created_at, updated_at, published_at)
    VALUES ('@ada/tool', 'ada', 'public', 1, 1, 1, 1)`)
  for (const [version, sha256, takenDownAt] of [
    ['1.0.0', kept, 'NULL'],
    ['1.1.0', kept, 'NULL'],
    ['1.2.0', kept, '50'],
    ['2.0.0', gone, '60'],
  ]) {
    connection.exec(`
      INSERT INTO versions (package_id, version, type, sha256, size, unpacked_size, file_count, published_at, published_by,
        taken_down_at)
      VALUES (1, '${version}', 'skill', '${sha256}', 4, 10, 1, 1, 'u1', ${takenDownAt})`)
  }
  connection.close()
  for (const content of ['kept', 'gone']) {
    const file = blobFile(blobs, sha256Of(content))
    mkdirSync(path.dirname(file), {recursive: true})
    writeFileSync(file, content)
  }
  return folder
}

describe('migration 0028-blobs', () => {
  it('migration 0028: files stay where they are, and the grace period counts from the takedown', async (t) => {
    const {store, blobs} = await openToServe(await dataBeforeBlobs(t), assert.ifError)
    t.after(() => store.close())
    const version = await store.packages.version('@ada/tool', '1.0.0')
    const opened = await blobs.open(version?.key ?? '')
    assert.equal(Buffer.concat((await opened?.bytes.toArray()) ?? []).toString(), 'kept')
    const collect = (time: number) =>
      collectUnused({store, blobs}, {holder: 'test', gracePeriod: 100, clock: () => new Date(time)})
    assert.deepEqual(await collect(159), {blobs: 0, bytes: 0})
    assert.deepEqual(await collect(160), {blobs: 1, bytes: 4})
    assert.deepEqual(await listed(blobs), [version?.key])
  })
})
