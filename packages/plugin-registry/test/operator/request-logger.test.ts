import assert from 'node:assert/strict'
import {describe, it} from 'node:test'
import {setImmediate as nextTurn} from 'node:timers/promises'

import type {Output} from '@apkg/command-kit'

import {createLogger} from '../../src/operator/request-logger.js'

/** An output that keeps what was written, by call. */
function recording() {
  const written: string[] = []
  const output = {isTerminal: false, write: async (text: string) => void written.push(text)} as unknown as Output
  return {written, output}
}

describe('the log of the server', () => {
  it('log: the first line of a turn is written immediately, and the rest at its end, in order', async () => {
    const {written, output} = recording()
    const log = createLogger(output)
    for (const number of [1, 2, 3]) log.info({number})
    assert.equal(written.length, 1)
    await nextTurn()
    log.info({number: 4})
    assert.equal(written.length, 3)
    const lines = written.join('').trimEnd().split('\n')
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).number),
      [1, 2, 3, 4],
    )
  })
})
