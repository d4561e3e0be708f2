import assert from 'node:assert/strict'
import {PassThrough} from 'node:stream'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'
import {stripVTControlCharacters} from 'node:util'

import {filteredList, type FilteredListQuestion} from '../../src/ports/filtered-list.js'

const [up, down, enter, backspace] = ['\u001B[A', '\u001B[B', '\r', '\u007F']

const choices = Array.from({length: 20}, (_, index) => ({name: `job-${index + 1}`, value: index + 1}))

/** Answers the prompt with keys. */
async function answer(question: Partial<FilteredListQuestion>, ...keys: string[]) {
  const input = new PassThrough()
  const output = new PassThrough()
  let text = ''
  output.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const asked = {message: 'Jobs', choices, pageSize: 5, isMultiple: true, ...question}
  const answered = filteredList(asked, {input, output: output as never})
  for (const key of keys) {
    await sleep(5)
    input.write(key)
  }
  return {value: await answered, text: stripVTControlCharacters(text)}
}

describe('a list that can be filtered', () => {
  it('filtered list: says how many choices are above and below', async () => {
    const {text} = await answer({}, ...Array<string>(10).fill(down), enter)
    assert.match(text, /\(15 more below\)/)
    assert.match(text, /\(8 more above\)[^]*\(7 more below\)/)
  })

  it('filtered list: what is typed filters it, and hidden choices stay selected, in their order', async () => {
    const {value, text} = await answer({}, '1', '3', ' ', backspace, backspace, down, down, up, ' ', enter)
    assert.deepEqual(value, [2, 13])
    assert.match(text, /Jobs 13\n> \[ \] job-13\n0 selected/)
  })

  it('filtered list: wraps choices by words, below their start', async () => {
    const long = [{name: 'rule  instructions that always apply, or to some files', value: 1}]
    const {text} = await answer({choices: long, columns: 40}, ' ', enter)
    assert.match(text, /\n> \[ \] rule {2}instructions that always\n {6}apply, or to some files\n0 selected/)
  })

  it('filtered list: is circular', async () => {
    assert.deepEqual((await answer({}, up, ' ', down, ' ', enter)).value, [1, 20])
  })

  it('filtered list: keeps the filter while moving and selecting', async () => {
    const {value} = await answer({}, '1', down, ' ', '9', ' ', enter)
    assert.deepEqual(value, [10, 19])
  })

  it('filtered list: starts with the choices that are checked', async () => {
    const checked = choices.map((each) => ({...each, checked: each.value > 18}))
    assert.deepEqual((await answer({choices: checked}, enter)).value, [19, 20])
  })

  it('filtered list: asks again if a selection is required', async () => {
    const {value, text} = await answer({required: true}, enter, ' ', enter)
    assert.deepEqual(value, [1])
    assert.match(text, /At least one choice must be selected/)
  })

  it('filtered list: returns one choice if only one can be selected, starting at the default', async () => {
    assert.deepEqual((await answer({isMultiple: false, default: 7}, down, enter)).value, 8)
    const {value, text} = await answer({isMultiple: false}, 'x', enter, backspace, enter)
    assert.equal(value, 1)
    assert.match(text, /Nothing matches/)
  })
})
