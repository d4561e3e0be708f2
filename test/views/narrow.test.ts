import assert from 'node:assert/strict'
import {it} from 'node:test'

import {commandGroups} from '../../src/machine/start/command-groups.js'
import {diagnosisText} from '../../src/views/machine/diagnosis.js'
import {startPageText} from '../../src/views/machine/start-page.js'

const narrow = {hasColors: false, isTerminal: true, columns: 40}

it('start page: wraps at word boundaries on a narrow terminal', () => {
  const next = [{command: 'init', purpose: 'Create a project or a package in this directory.'}]
  const text = startPageText({version: '1.0.0', next, groups: [...commandGroups]}, narrow)
  const [, ...lines] = text.split('\n')
  assert.deepEqual(
    lines.filter(({length}) => length > 40),
    [],
  )
  assert.match(text, /^ {2}apkg init {2}Create a project or a\n {13}package in this directory\.$/m)
})

it('doctor: wraps findings on a narrow terminal, and nowhere else', () => {
  const message = 'all files are valid, complete and private'
  const finding = {check: 'files', title: '~/.apkg', status: 'ok', message, fix: null} as const
  const diagnosis = {findings: [finding], summary: {ok: 1, skipped: 0, warning: 0, problem: 0}}
  assert.equal(
    diagnosisText(diagnosis, narrow),
    'ok       ~/.apkg  all files are valid,\n                  complete and private\n',
  )
  assert.equal(diagnosisText(diagnosis, {...narrow, isTerminal: false}), `ok       ~/.apkg  ${message}\n`)
})
