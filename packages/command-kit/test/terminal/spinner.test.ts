import assert from 'node:assert/strict'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {spinnerWhileWaiting} from '../../src/terminal/spinner.js'
import {Screen} from '../support/screen.js'

/** Returns a promise and the function that resolves it. */
function pending(): {answer: Promise<string>; resolve: (text: string) => void} {
  let resolveAnswer: (text: string) => void = () => undefined
  const answer = new Promise<string>((resolve) => (resolveAnswer = resolve))
  return {answer, resolve: (text) => resolveAnswer(text)}
}

describe('a spinner', () => {
  it('spinner: appears on a terminal after a delay, and is cleared at the end', async () => {
    const screen = new Screen()
    const begun = Date.now()
    const {answer, resolve} = pending()
    const waiting = spinnerWhileWaiting(screen)('list API tokens', answer)
    await screen.until('⠋ Waiting for the registry (list API tokens) …')
    assert.ok(Date.now() - begun > 290, 'it appeared after the delay')
    assert.deepEqual(screen.lines, ['⠋ Waiting for the registry (list API tokens) …'])
    resolve('the answer')
    assert.equal(await waiting, 'the answer')
    assert.deepEqual(screen.lines, [''])
    const {writes} = screen
    await sleep(100)
    assert.equal(screen.writes, writes, 'it is not redrawn')
  })

  it('spinner: shows one purpose at a time, the oldest first', async () => {
    const screen = new Screen()
    const wait = spinnerWhileWaiting(screen)
    const [first, second] = [pending(), pending()]
    const waiting = [wait('do this', first.answer), wait('do that', second.answer)]
    await screen.until('do this')
    await sleep(200)
    assert.match(screen.lines.join('\n'), /^. Waiting for the registry \(do this\) …$/)
    first.resolve('x')
    await waiting[0]
    await screen.until('do that')
    assert.match(screen.lines.join('\n'), /^. Waiting for the registry \(do that\) …$/)
    second.resolve('x')
    await waiting[1]
    assert.deepEqual(screen.lines, [''])
  })

  it('spinner: does not appear if the response arrives or fails before the delay', async () => {
    const screen = new Screen()
    const wait = spinnerWhileWaiting(screen)
    assert.equal(await wait('x', Promise.resolve(1)), 1)
    await assert.rejects(wait('x', Promise.reject(new Error('no'))), /no/)
    assert.equal(screen.writes, 0)
  })

  it('spinner: does not appear without a terminal', async () => {
    const screen = new Screen({isTerminal: false})
    assert.equal(await spinnerWhileWaiting(screen)('x', Promise.resolve(1)), 1)
    assert.equal(screen.writes, 0)
  })
})
