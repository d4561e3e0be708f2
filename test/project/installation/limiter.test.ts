import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {concurrentDownloads, limiter} from '../../../src/project/installation/limiter.js'

describe('limiter', () => {
  it('limiter: runs a limited number at a time, in order, and continues after a failure', async () => {
    const limit = limiter(3)
    const begun: number[] = []
    let running = 0
    let maxRunning = 0
    const outcomes = await Promise.allSettled(
      Array.from({length: 20}, (_, index) =>
        limit(async () => {
          begun.push(index)
          maxRunning = Math.max(maxRunning, ++running)
          await new Promise((resolve) => setImmediate(resolve))
          running--
          if (index === 4) throw new Error('no')
          return index
        }),
      ),
    )
    assert.equal(maxRunning, 3)
    assert.deepEqual(
      begun,
      Array.from({length: 20}, (_, index) => index),
    )
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status === 'fulfilled'),
      outcomes.map((_, index) => index !== 4),
    )
  })
})

describe('concurrentDownloads', () => {
  it('concurrentDownloads: reads the number from the environment, within bounds', () => {
    const given = (text?: string) =>
      concurrentDownloads(text === undefined ? {} : {APKG_MAX_CONCURRENT_DOWNLOADS: text})
    assert.deepEqual([undefined, '', '0', '1', '4', '16', '17', '99999999999', '-1', '2.5', 'x'].map(given), [
      ...[8, 8, 1, 1, 4, 16, 16, 16, 8, 8, 8],
    ])
  })
})
