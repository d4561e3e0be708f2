import assert from 'node:assert/strict'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {byteProgressOn, progressOn} from '../../src/terminal/progress.js'
import {spinnerWhileWaiting} from '../../src/terminal/spinner.js'
import {statusLineOf} from '../../src/terminal/status-line.js'
import {Screen} from '../support/screen.js'

describe('a progress bar', () => {
  it('progress bar: shows the progress, and is cleared at the end', async () => {
    const screen = new Screen({columns: 40})
    const progress = progressOn(screen, {title: 'Fetching', total: 20})
    assert.equal(screen.writes, 0, 'it appears after a delay')
    await screen.until(' 0/20')
    assert.deepEqual(screen.lines, [`Fetching ${'─'.repeat(24)}  0/20`])
    for (let turn = 0; turn < 10; turn++) progress.advance()
    await screen.until('10/20')
    assert.deepEqual(screen.lines, [`Fetching ${'━'.repeat(12)}${'─'.repeat(12)} 10/20`])
    await progress.end()
    assert.deepEqual(screen.lines, [''])
  })

  it('progress bar: shows the transferred bytes and their rate', async () => {
    const screen = new Screen({columns: 60})
    const progress = progressOn(screen, {title: 'Installing', total: 20})
    progress.advance()
    progress.transfer(3 * 1024 * 1024)
    await screen.until('/s')
    assert.match(screen.lines[0] ?? '', /^Installing ━?─+  1\/20  3\.0 MiB  \d+\.\d MiB\/s$/)
    await progress.end()
  })

  it('progress bar: counts bytes in the unit of the total', async () => {
    const screen = new Screen({columns: 60})
    const progress = byteProgressOn(screen, {title: 'Uploading', total: 12 * 1024 * 1024})
    progress.advance(1024 * 512)
    progress.advance(1024 * 1024 * 5.5)
    await screen.until('/s')
    assert.match(screen.lines[0] ?? '', /^Uploading (━+)(─+)  6\.0\/12\.0 MiB  \d+\.\d MiB\/s$/)
    await progress.end()
    assert.deepEqual(screen.lines, [''])
  })

  it('progress bar: shows bytes and rate without a bar if there is no total', async () => {
    const screen = new Screen({columns: 30})
    const progress = byteProgressOn(screen, {title: 'Packing'})
    progress.advance(2048)
    await screen.until('/s')
    assert.match(screen.lines[0] ?? '', /^Packing 2\.0 KiB  \d+\.\d KiB\/s$/)
    await progress.end()
    progress.advance(1)
    await sleep(150)
    assert.deepEqual(screen.lines, [''])
  })

  it('progress bar: is redrawn at most twelve times a second', async () => {
    const screen = new Screen()
    const progress = progressOn(screen, {title: 'Fetching', total: 1000})
    await screen.until('   0/1000')
    for (let turn = 0; turn < 1000; turn++) progress.advance()
    await screen.until('1000/1000')
    assert.equal(screen.writes, 2)
    await progress.end()
  })

  it('progress bar: is not redrawn after the end', async () => {
    const screen = new Screen()
    const progress = progressOn(screen, {title: 'Fetching', total: 2})
    progress.advance()
    await progress.end()
    const {writes} = screen
    await sleep(150)
    assert.deepEqual([screen.lines, screen.writes], [[''], writes])
  })

  for (const columns of [1, 5, 12, 16, 17, 20, 30, 200]) {
    it(`progress bar: fits on a line of ${columns} columns`, async () => {
      const screen = new Screen({columns})
      const progress = progressOn(screen, {title: 'Fetching', total: 300})
      await sleep(350)
      assert.equal(screen.writes, 1)
      assert.ok(screen.lines[0]!.length < columns, screen.lines[0])
      await progress.end()
    })
  }

  it('progress bar: is not shown without a terminal', async () => {
    const screen = new Screen({isTerminal: false})
    const progress = progressOn(screen, {title: 'Fetching', total: 2})
    progress.advance()
    await progress.end()
    assert.equal(screen.writes, 0)
  })

  it('progress bar: stays below other output', async () => {
    const screen = new Screen({columns: 30})
    const progress = progressOn(screen, {title: 'Fetching', total: 2})
    await screen.until('0/2')
    await statusLineOf(screen).print('a note\n')
    assert.deepEqual(screen.lines, ['a note', `Fetching ${'─'.repeat(16)} 0/2`])
    await progress.end()
    await statusLineOf(screen).print('another\n')
    assert.deepEqual(screen.lines, ['a note', 'another', ''])
  })

  it('progress bar: is not replaced by a spinner', async () => {
    const screen = new Screen({columns: 30})
    const progress = progressOn(screen, {title: 'Fetching', total: 2})
    let answer: (value: undefined) => void = () => undefined
    const waiting = spinnerWhileWaiting(screen)('x', new Promise<undefined>((resolve) => (answer = resolve)))
    await sleep(500)
    assert.deepEqual(screen.lines, [`Fetching ${'─'.repeat(16)} 0/2`])
    answer(undefined)
    await waiting
    assert.deepEqual(screen.lines, [`Fetching ${'─'.repeat(16)} 0/2`])
    await progress.end()
  })
})
