import assert from 'node:assert/strict'
import {it} from 'node:test'

import {commandGroups} from '../../src/machine/start/command-groups.js'
import {diagnosisText} from '../../src/views/machine/diagnosis.js'
import {startPageText} from '../../src/views/machine/start-page.js'

const narrow = {hasColors: false, isTerminal: true, columns: 40}

it('breaks the start page between words where a terminal is narrow', () => {
  const next = [{command: 'init', purpose: 'Start a project or a package in this folder.'}]
  const text = startPageText({version: '1.0.0', next, groups: [...commandGroups]}, narrow)
  const [, ...lines] = text.split('\n')
  assert.deepEqual(
    lines.filter(({length}) => length > 40),
    [],
  )
  assert.match(text, /^ {2}apkg init {2}Start a project or a\n {13}package in this folder\.$/m)
})

it('breaks what doctor finds there, and nowhere else', () => {
  const message = 'every file is whole, and closed to others'
  const finding = {check: 'files', title: '~/.apkg', status: 'ok', message, fix: null} as const
  const diagnosis = {findings: [finding], summary: {ok: 1, warning: 0, problem: 0}}
  assert.equal(
    diagnosisText(diagnosis, narrow),
    'ok       ~/.apkg  every file is whole,\n                  and closed to others\n',
  )
  assert.equal(diagnosisText(diagnosis, {...narrow, isTerminal: false}), `ok       ~/.apkg  ${message}\n`)
})
