import assert from 'node:assert/strict'
import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {openFileBlobs} from '../../../src/server/blobs/file-blobs.js'
import {folderMoveSource, folderMoveTarget} from '../../../src/server/move/folder-side.js'
import {
  cancelMove,
  MovedElsewhere,
  type MoveOptions,
  moveRegistry,
  type MoveStep,
} from '../../../src/server/move/move-registry.js'
import {MoveCanceled, type MoveSource, type MoveTarget, readMarkOf} from '../../../src/server/move/move-side.js'
import {openForCommand} from '../../../src/server/operations/open-registry.js'
import {RegistryMoved} from '../../../src/server/store/store-errors.js'
import {operator} from '../../../src/server/store/store.js'
import {copyEmptyRegistry} from '../../support/cheap-registry.js'
import {temporaryFolder} from '../../support/world.js'

const now = () => new Date()

/** A registry in a data directory, and functions that move it to others. */
async function withSource(t: TestContext) {
  const folder = temporaryFolder(t)
  await copyEmptyRegistry(folder)
  const home = temporaryFolder(t)
  const at = (name: string) => path.join(home, name)
  const source = await folderMoveSource(folder, {into: home, now, openBlobs: openFileBlobs})
  const targetAt = (name: string) => folderMoveTarget(at(name), source.key, openFileBlobs)
  const hooks = {beforeClosing: () => Promise.resolve(), onBlobs() {}, onRows() {}, now, keepsBlobs: false}
  const move = (target: MoveTarget, changed: Partial<MoveOptions> = {}) =>
    moveRegistry({source, target, ...hooks, ...changed})
  /** Another process does something after a step, before the next transaction of the source. */
  const interruptedAfter = (step: MoveStep, act: () => Promise<unknown>): Partial<MoveOptions> => {
    let isNow = false
    const onStep = (done: MoveStep) => {
      isNow = done === step
    }
    const begin: MoveSource['begin'] = async (kind) => {
      const isFirst = isNow
      isNow = false
      if (isFirst) await act()
      return source.begin(kind)
    }
    return {onStep, source: {...source, begin}}
  }
  return {folder, at, source, targetAt, move, interruptedAfter}
}

async function addUser(folder: string, name: string): Promise<void> {
  const store = await openForCommand(folder, {create: false})
  const user = {id: `id-of-${name}`, name, email: `${name}@example.com`, passwordHash: 'x'}
  await store.users.add(user, operator, now().getTime())
  await store.close()
}

async function usersIn(folder: string): Promise<string[]> {
  const store = await openForCommand(folder, {create: false})
  const users = await store.users.list()
  await store.close()
  return users.map(({name}) => name).sort()
}

describe('moveRegistry', () => {
  it('cancel: between the rows and the end, the move fails and later changes stay', async (t) => {
    const {folder, at, source, targetAt, move, interruptedAfter} = await withSource(t)
    await addUser(folder, 'ada')
    const target = await targetAt('new')
    const act = async () => {
      assert.equal(await cancelMove(source), true)
      await addUser(folder, 'bob')
    }
    await assert.rejects(move(target, interruptedAfter('rows', act)), MoveCanceled)
    assert.deepEqual(await usersIn(folder), ['ada', 'bob'])
    await assert.rejects(usersIn(at('new')), RegistryMoved)
    assert.equal((await move(target)).isRepeated, false)
    assert.deepEqual(await usersIn(at('new')), ['ada', 'bob'])
    await assert.rejects(usersIn(folder), RegistryMoved)
  })

  it('cancel: before the registry is closed, the move fails and it stays open', async (t) => {
    const {folder, at, source, targetAt, move} = await withSource(t)
    const beforeClosing = async () => {
      assert.equal(await cancelMove(source), true)
    }
    await assert.rejects(move(await targetAt('new'), {beforeClosing}), MoveCanceled)
    assert.equal((await readMarkOf(source))?.state, 'canceled')
    await addUser(folder, 'ada')
    assert.equal(existsSync(path.join(at('new'), 'registry.db')), false)
  })

  it('cancel: while rows are copied, they replace none of the target', async (t) => {
    const {at, source, targetAt, move, interruptedAfter} = await withSource(t)
    const canceled = interruptedAfter('closed', () => cancelMove(source))
    await assert.rejects(move(await targetAt('new'), canceled), MoveCanceled)
    assert.equal(existsSync(path.join(at('new'), 'registry.db')), false)
  })

  it('cancel: another run that closes the registry again does not help the canceled one', async (t) => {
    const {folder, at, source, targetAt, move, interruptedAfter} = await withSource(t)
    const target = await targetAt('new')
    const stopped = new Error('stopped')
    const act = async () => {
      await cancelMove(source)
      await addUser(folder, 'ada')
      const stop = (step: string) => {
        if (step === 'closed') throw stopped
      }
      await assert.rejects(move(target, {onStep: stop}), stopped)
    }
    await assert.rejects(move(target, interruptedAfter('rows', act)), MoveCanceled)
    await assert.rejects(usersIn(at('new')), RegistryMoved)
    await move(target)
    assert.deepEqual(await usersIn(at('new')), ['ada'])
  })

  it('move: a target with the rows of a canceled run is never opened after a move to another one', async (t) => {
    const {folder, at, source, targetAt, move} = await withSource(t)
    const stopped = new Error('stopped')
    const onStep = (step: string) => {
      if (step === 'rows') throw stopped
    }
    await assert.rejects(move(await targetAt('first'), {onStep}), stopped)
    await cancelMove(source)
    await addUser(folder, 'ada')
    await move(await targetAt('second'))
    await assert.rejects(move(await targetAt('first')), MovedElsewhere)
    await assert.rejects(usersIn(at('first')), RegistryMoved)
    assert.deepEqual(await usersIn(at('second')), ['ada'])
    assert.equal((await move(await targetAt('second'))).isRepeated, true)
  })

  for (const [name, damage] of [
    ['missing', (file: string) => rmSync(file)],
    ['incomplete', (file: string) => writeFileSync(file, 'x')],
  ] as const) {
    it(`move: interrupted while the key is ${name}: the next run writes it`, async (t) => {
      const {at, source, targetAt, move} = await withSource(t)
      const stopped = new Error('stopped')
      const beforeClosing = () => Promise.reject(stopped)
      await assert.rejects(move(await targetAt('new'), {beforeClosing}), stopped)
      const file = path.join(at('new'), 'secret.key')
      damage(file)
      await move(await targetAt('new'))
      assert.deepEqual(readFileSync(file), Buffer.from(source.key))
      assert.deepEqual(await usersIn(at('new')), [])
    })
  }
})
