import assert from 'node:assert/strict'
import {rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'node:test'

import {Readiness} from '../../../src/server/http/readiness.js'
import {loadSqlite} from '../../../src/server/store/sqlite/driver.js'
import {withUsers} from '../../support/operator.js'
import {second} from '../../support/world.js'
import {ignored, worldDatabase} from '../../support/world-database.js'

describe('readiness', () => {
  it('readiness: ready while the registry can read and write', async (t) => {
    const {world} = await withUsers(t)
    const answer = await world.call('GET', '/readyz')
    assert.deepEqual([answer.status, answer.body], [200, {status: 'ok', version: '0.1.0', blobs: 'ok'}])
  })

  it('readiness: ready if tarballs cannot be written, which is a field', async (t) => {
    const {world} = await withUsers(t)
    const drafts = path.join(world.folder, 'blobs', 'tmp')
    rmSync(drafts, {recursive: true})
    writeFileSync(drafts, '')
    const answer = await world.call('GET', '/readyz')
    assert.deepEqual([answer.status, answer.body.blobs], [200, 'unavailable'])
  })

  const onFiles = worldDatabase().hasFiles ? it : ignored
  onFiles('readiness: not ready if the database is unavailable', async (t) => {
    const {world} = await withUsers(t)
    const database = (await loadSqlite()).open(path.join(world.folder, 'registry.db'))
    database.exec('DROP TABLE audit')
    database.close()
    const answer = await world.call('GET', '/readyz')
    assert.deepEqual([answer.status, answer.body.detail], [503, 'Not ready: the database is unavailable'])
    assert.equal(answer.headers['retry-after'], '1')
    assert.equal((await world.call('GET', '/healthz')).status, 200)
  })

  it('readiness: not ready while the time of the database is uncertain by more than 5 seconds', async (t) => {
    const {world} = await withUsers(t)
    let uncertainty = 5001
    const ports = {...world, clock: () => new Date(world.now()), clockUncertainty: () => uncertainty}
    const readiness = new Readiness(ports)
    await assert.rejects(readiness.assertReady(), {message: 'Not ready: the time of the database is unknown'})
    uncertainty = 5000
    world.pass(second)
    assert.deepEqual(await readiness.assertReady(), {blobs: 'ok'})
  })

  it('readiness: a result is reused for a second', async (t) => {
    const {world} = await withUsers(t)
    const state = async () => (await world.call('GET', '/readyz')).body.blobs
    assert.equal(await state(), 'ok')
    rmSync(path.join(world.folder, 'blobs', 'tmp'), {recursive: true})
    assert.equal(await state(), 'ok')
    world.pass(second)
    assert.equal(await state(), 'unavailable')
  })
})
