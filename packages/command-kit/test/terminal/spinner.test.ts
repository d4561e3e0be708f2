import assert from 'node:assert/strict'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {spinnerWhileWaiting} from '../../src/terminal/spinner.js'
import {Screen} from '../support/screen.js'

/** An answer that comes when the test says so. */
function pending(): {answer: Promise<string>; come: (text: string) => void} {
  let come: (text: string) => void = () => undefined
  const answer = new Promise<string>((resolve) => (come = resolve))
  return {answer, come: (text) => come(text)}
}

describe('while an answer is awaited', () => {
  it('a terminal shows what for once it takes long, and nothing of it stays', async () => {
    const screen = new Screen()
    const begun = Date.now()
    const {answer, come} = pending()
    const waiting = spinnerWhileWaiting(screen)('list API tokens', answer)
    await screen.until('⠋ Waiting to list API tokens …')
    assert.ok(Date.now() - begun > 390, 'it takes long')
    assert.deepEqual(screen.lines, ['⠋ Waiting to list API tokens …'])
    come('the answer')
    assert.equal(await waiting, 'the answer')
    assert.deepEqual(screen.lines, [''])
    const {writes} = screen
    await sleep(100)
    assert.equal(screen.writes, writes, 'it turns no more')
  })

  it('others that are awaited meanwhile wait for their turn to be named', async () => {
    const screen = new Screen()
    const wait = spinnerWhileWaiting(screen)
    const [first, second] = [pending(), pending()]
    const waiting = [wait('do one thing', first.answer), wait('do another', second.answer)]
    await screen.until('one thing')
    await sleep(200)
    assert.match(screen.lines.join('\n'), /^. Waiting to do one thing …$/)
    first.come('x')
    await waiting[0]
    await screen.until('another')
    assert.match(screen.lines.join('\n'), /^. Waiting to do another …$/)
    second.come('x')
    await waiting[1]
    assert.deepEqual(screen.lines, [''])
  })

  it('nothing is shown for an answer that comes soon, or fails', async () => {
    const screen = new Screen()
    const wait = spinnerWhileWaiting(screen)
    assert.equal(await wait('x', Promise.resolve(1)), 1)
    await assert.rejects(wait('x', Promise.reject(new Error('no'))), /no/)
    assert.equal(screen.writes, 0)
  })

  it('nothing is shown off a terminal', async () => {
    const screen = new Screen({isTerminal: false})
    assert.equal(await spinnerWhileWaiting(screen)('x', Promise.resolve(1)), 1)
    assert.equal(screen.writes, 0)
  })
})
