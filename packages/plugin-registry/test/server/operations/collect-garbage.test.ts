import assert from 'node:assert/strict'
import {readdirSync, utimesSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {pino} from 'pino'

import {defaultConfig} from '../../../src/server/config.js'
import {collectUnknown, collectUnused, GarbageCollector} from '../../../src/server/operations/collect-garbage.js'
import {openToServe} from '../../../src/server/operations/open-registry.js'
import {operator} from '../../../src/server/store/store.js'
import {bytes, listed, storeBytes} from '../../support/blobs.js'
import {packageOf, publish} from '../../support/uploads.js'
import {createWorld, day, hour, minute, temporaryFolder, type World} from '../../support/world.js'

const nothing = {blobs: 0, bytes: 0}

describe('garbage collection', () => {
  async function withPackages(t: TestContext) {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {accessToken: token} = await world.logIn('ada')
    assert.equal((await publish(world, token, await packageOf({name: '@ada/kept'}))).status, 201)
    await world.publish(token, {name: '@ada/gone', content: 'gone'})
    const collect = (holder = 'test') =>
      collectUnused(world, {holder, gracePeriod: hour, clock: () => new Date(world.now())})
    const takeDown = () =>
      world.store.packages.takeDown({name: '@ada/gone', version: '1.0.0', reason: 'x'}, operator, world.now())
    const keyOf = async (name: string) => (await world.store.packages.version(name, '1.0.0'))?.key
    return {world, token, collect, takeDown, keyOf}
  }

  /** Makes all blobs in a data directory look old. */
  async function age({blobs, folder}: World, milliseconds: number): Promise<void> {
    const time = (Date.now() - milliseconds) / 1000
    for (const key of await listed(blobs)) utimesSync(path.join(folder, 'blobs', ...key.split('/')), time, time)
  }

  it('garbage collection: removes bytes once no version has needed them for the grace period', async (t) => {
    const {world, collect, takeDown, keyOf} = await withPackages(t)
    world.pass(365 * day)
    assert.deepEqual(await collect(), nothing)
    await takeDown()
    world.pass(hour - 1)
    assert.deepEqual(await collect(), nothing)
    world.pass(1)
    assert.deepEqual(await collect(), {blobs: 1, bytes: 4})
    assert.deepEqual(await listed(world.blobs), [await keyOf('@ada/kept')])
    assert.deepEqual(await collect(), nothing)
  })

  it('garbage collection: finishes one that stopped after marking, and bytes can be published meanwhile', async (t) => {
    const {world, token, collect, takeDown, keyOf} = await withPackages(t)
    const old = await keyOf('@ada/gone')
    await takeDown()
    world.pass(hour)
    const marked = await world.store.blobs.markUnused('killed', world.now() - hour, world.now())
    assert.deepEqual(
      marked?.map(({key}) => key),
      [old],
    )
    await world.publish(token, {name: '@ada/twin', content: 'gone'})
    world.pass(minute)
    assert.deepEqual(await collect('next'), {blobs: 1, bytes: 4})
    const twin = await keyOf('@ada/twin')
    assert.notEqual(twin, old)
    assert.equal(await world.blobs.sizeOf(twin ?? ''), 4)
    assert.equal(await world.blobs.sizeOf(old ?? ''), undefined)
  })

  it('garbage collection: finishes one that stopped after deleting the bytes', async (t) => {
    const {world, collect, takeDown, keyOf} = await withPackages(t)
    const old = (await keyOf('@ada/gone')) ?? ''
    await takeDown()
    world.pass(hour)
    await world.store.blobs.markUnused('killed', world.now() - hour, world.now())
    await world.blobs.remove(old)
    world.pass(minute)
    assert.equal((await collect('next'))?.blobs, 1)
    assert.deepEqual([...(await world.store.blobs.known([old]))], [])
  })

  it('garbage collection: a blob that cannot be deleted is tried again', async (t) => {
    const {world, collect, takeDown, keyOf} = await withPackages(t)
    const old = await keyOf('@ada/gone')
    await takeDown()
    world.pass(hour)
    const remove = world.blobs.remove.bind(world.blobs)
    world.blobs.remove = async () => {
      throw new Error('down')
    }
    await assert.rejects(collect(), /down/)
    world.blobs.remove = remove
    assert.equal((await collect())?.blobs, 1)
    assert.equal(await world.blobs.sizeOf(old ?? ''), undefined)
  })

  it('garbage collection: removes old blobs that the database does not know', async (t) => {
    const {world} = await withPackages(t)
    const known = await listed(world.blobs)
    const {key} = await storeBytes(world.blobs, 'unknown')
    assert.deepEqual(await collectUnknown(world, hour), nothing)
    await age(world, hour)
    await storeBytes(world.blobs, 'new')
    assert.deepEqual(await collectUnknown(world, hour), {blobs: 1, bytes: 7})
    const left = await listed(world.blobs)
    assert.ok(!left.includes(key))
    assert.deepEqual([left.length, known.every((each) => left.includes(each))], [known.length + 1, true])
  })

  it('garbage collection: keeps bytes that are published again while it runs', async (t) => {
    const {world, token, collect} = await withPackages(t)
    for (let round = 0; round < 10; round++) {
      const name = `@ada/round-${round}`
      await world.publish(token, {name, content: name})
      await world.store.packages.takeDown({name, version: '1.0.0', reason: 'x'}, operator, world.now())
      world.pass(hour)
      await Promise.all([world.publish(token, {name: `${name}-twin`, content: name}), collect()])
      const twin = await world.store.packages.version(`${name}-twin`, '1.0.0')
      assert.equal(await world.blobs.sizeOf(twin?.key ?? ''), name.length, `round ${round}`)
    }
  })

  async function collectOnce(world: World, store: World['store'] = world.store): Promise<string[]> {
    const log: string[] = []
    const logger = pino({}, {write: (line: string) => void log.push(line)})
    const collector = new GarbageCollector({
      ...{store, blobs: world.blobs, clock: () => new Date(world.now()), log: logger},
      ...{schedule: defaultConfig.garbageCollection, isPaused: () => false},
    })
    await collector.stop()
    return log
  }

  it('garbage collection: does nothing during a backup', async (t) => {
    const {world, takeDown} = await withPackages(t)
    await takeDown()
    world.pass(2 * day)
    assert.equal(await world.store.blobs.pauseCollection('backup', world.now()), true)
    assert.deepEqual(await collectOnce(world), [])
    assert.equal((await listed(world.blobs)).length, 2)
    await world.store.blobs.release('backup')
    assert.match((await collectOnce(world)).join(''), /"blobs":1,.*collected garbage/)
  })

  it('garbage collection: never deletes the blobs of another registry that uses the same store', async (t) => {
    const {world} = await withPackages(t)
    while ((await world.store.auditChain.seal('test', world.now())) > 0);
    const head = await world.store.auditChain.head()
    assert.ok(head)
    await world.blobs.writeHead(head)
    await age(world, 2 * day)
    const {store} = await openToServe(temporaryFolder(t), assert.ifError)
    t.after(() => store.close())
    assert.match((await collectOnce(world, store)).join(''), /another registry writes to the same blob store/)
    assert.equal((await listed(world.blobs)).length, 2)
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
