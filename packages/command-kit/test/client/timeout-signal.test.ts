import assert from 'node:assert/strict'
import {once} from 'node:events'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'

import {timeoutSignal} from '../../src/client/timeout-signal.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('timeoutSignal', () => {
  it('timeoutSignal: aborts a composite signal after garbage collection', {timeout: 10_000}, async () => {
    const composite = AbortSignal.any([new AbortController().signal, timeoutSignal(200)])
    const aborted = once(composite, 'abort')
    await sleep(10)
    collectGarbage()
    // The timer doesn't keep the process alive.
    const alive = setInterval(() => undefined, 1000)
    await aborted
    clearInterval(alive)
    assert.equal((composite.reason as Error).name, 'TimeoutError')
  })
})
