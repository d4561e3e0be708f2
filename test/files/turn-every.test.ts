import assert from 'node:assert/strict'
import {it} from 'node:test'

import {turnEvery} from '../../src/files/turn-every.js'

it('turnEvery: lets timers and I/O run at every third call', async () => {
  const turn = turnEvery(3)
  const seen: boolean[] = []
  for (let call = 1; call <= 6; call++) {
    let hasRun = false
    setImmediate(() => {
      hasRun = true
    })
    await turn()
    seen.push(hasRun)
  }
  assert.deepEqual(seen, [false, false, true, false, false, true])
})
