import assert from 'node:assert/strict'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import type {Output} from '../../src/ports/ports.js'
import {spinnerWhileWaiting} from '../../src/terminal/spinner.js'

function screen(isTerminal: boolean): Output & {text: string} {
  return {
    text: '',
    isTerminal,
    hasColours: false,
    columns: 80,
    discards: false,
    write(text) {
      this.text += text
      return Promise.resolve()
    },
  }
}

describe('while an answer is awaited', () => {
  it('a terminal shows what for once it takes long, and nothing of it stays', async () => {
    const output = screen(true)
    const begun = Date.now()
    let answer: (text: string) => void = () => undefined
    const waiting = spinnerWhileWaiting(output)('list API tokens', new Promise<string>((resolve) => (answer = resolve)))
    while (output.text === '') await sleep(10)
    assert.ok(Date.now() - begun > 390, 'it takes long')
    const clear = '\r\u001B[2K'
    assert.equal(output.text, `${clear}⠋ Waiting to list API tokens …`)
    answer('the answer')
    assert.equal(await waiting, 'the answer')
    const shown = output.text
    assert.ok(shown.endsWith(`…${clear}`))
    await sleep(100)
    assert.equal(output.text, shown, 'it turns no more')
  })

  it('nothing is shown for an answer that comes soon, or fails', async () => {
    const output = screen(true)
    const wait = spinnerWhileWaiting(output)
    assert.equal(await wait('x', Promise.resolve(1)), 1)
    await assert.rejects(wait('x', Promise.reject(new Error('no'))), /no/)
    assert.equal(output.text, '')
  })

  it('nothing is shown off a terminal', async () => {
    const output = screen(false)
    assert.equal(await spinnerWhileWaiting(output)('x', Promise.resolve(1)), 1)
    assert.equal(output.text, '')
  })
})
