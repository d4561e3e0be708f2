import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {pino} from 'pino'

import {HeadCheck} from '../../../src/server/operations/head-check.js'
import {AuditSealer} from '../../../src/server/operations/seal-audit.js'
import {operator} from '../../../src/server/store/store.js'
import {createWorld, minute, type World} from '../../support/world.js'

const add = (world: World) => world.store.tokens.suspendAll(operator, world.now())

function sealerOf(world: World): AuditSealer {
  const clock = () => new Date(world.now())
  const log = pino({}, {write: () => undefined})
  return new AuditSealer({...world, head: new HeadCheck({...world, log}), clock, log})
}

describe('sealing the audit log', () => {
  it('sealing: entries get positions without gaps, within a second, while others are added', async (t) => {
    const world = await createWorld(t)
    const sealer = sealerOf(world)
    t.after(() => sealer.stop())
    for (let round = 0; round < 30; round++) await Promise.all(Array.from({length: 20}, () => add(world)))
    await sleep(1000)
    assert.deepEqual(await world.store.auditChain.verify(undefined), {
      ...{sealed: 601, unsealed: 0, before: 0},
      problems: [],
    })
  })

  it('sealing: only one process seals at a time', async (t) => {
    const world = await createWorld(t)
    const {auditChain} = world.store
    await add(world)
    assert.equal(await auditChain.seal('first', 1000), 2)
    await add(world)
    assert.equal(await auditChain.seal('second', 2000), 0)
    assert.equal(await auditChain.seal('first', 3000), 1)
    await add(world)
    assert.equal(await auditChain.seal('second', 13_000), 1)
    await add(world)
    await auditChain.release('second')
    assert.equal(await auditChain.seal('first', 13_001), 1)
    assert.deepEqual((await auditChain.verify(undefined)).problems, [])
  })

  it('sealing: the head is copied at startup, once a minute, and when the registry stops', async (t) => {
    const world = await createWorld(t)
    const file = path.join(world.folder, 'blobs', 'audit-head.json')
    const position = () => JSON.parse(readFileSync(file, 'utf8')).position as number
    const sealer = sealerOf(world)
    await sleep(800)
    assert.equal(position(), 1)
    await add(world)
    await sleep(800)
    assert.equal(position(), 1)
    world.pass(minute)
    await sleep(800)
    assert.equal(position(), 2)
    await add(world)
    await sealer.stop()
    assert.equal(position(), 3)
    assert.deepEqual(await world.blobs.readHead(), await world.store.auditChain.head())
  })
})
