import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {DownloadCounter} from '../../../src/server/packages/download-counter.js'
import {createWorld, day} from '../../support/world.js'

async function withCounter(t: TestContext) {
  t.mock.timers.enable({apis: ['setTimeout']})
  const world = await createWorld(t)
  await world.addUser('ada')
  const {accessToken} = await world.logIn('ada')
  await world.publish(accessToken, {name: '@ada/tool'})
  const state = {isPaused: false, failures: 0}
  const counter = new DownloadCounter({
    store: world.store.downloads,
    onFailure: () => state.failures++,
    isPaused: () => state.isPaused,
  })
  const written = async () => {
    // Writes are committed in order.
    await world.store.users.setDisabled(
      'id-of-ada',
      false,
      {name: 'x', credentialId: null, address: null, agent: null},
      1,
    )
    return (await world.store.downloads.of('@ada/tool', 0)).map(({day: at, count}) => [at / day, count])
  }
  return {counter, state, written, tick: () => t.mock.timers.tick(10_000)}
}

describe('the download counter', () => {
  it('download counter: writes what was counted after 10 seconds, by day', async (t) => {
    const {counter, written, tick} = await withCounter(t)
    for (const time of [5, day - 1, day, day + 7]) counter.add('@ada/tool', time)
    assert.deepEqual(await written(), [])
    tick()
    await counter.close()
    assert.deepEqual(await written(), [
      [0, 2],
      [1, 2],
    ])
  })

  it('download counter: keeps what could not be written', async (t) => {
    const {counter, state, written, tick} = await withCounter(t)
    state.isPaused = true
    counter.add('@ada/tool', 5)
    tick()
    await counter.close()
    assert.deepEqual([await written(), state.failures > 0], [[], true])
    state.isPaused = false
    counter.add('@ada/tool', 6)
    await counter.close()
    assert.deepEqual(await written(), [[0, 2]])
  })
})
