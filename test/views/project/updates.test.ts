import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import type {Output} from '@apkg/command-kit'

import type {UpdateReport} from '../../../src/project/installation/update-packages.js'
import {updateView} from '../../../src/views/project/updates.js'

const report = {
  updates: [
    {name: '@acme/lib', from: '1.0.0', to: '2.0.0', range: {from: '^1.0.0', to: '^2.0.0'}, takenDown: null},
    {name: '@acme/commit-style', from: null, to: '1.2.3', range: null, takenDown: null},
  ],
  hasDependencies: true,
  signatures: {unsigned: [], unrecorded: [], unchecked: [], changed: []},
} as unknown as UpdateReport

describe('the table of updates', () => {
  const screen = {isTerminal: true, hasColors: false} as Output

  it('updates: are shown with their ranges', () => {
    assert.match(
      updateView.notes(report, 0, {...screen, columns: 80}),
      /^PACKAGE {13}CURRENT  UPDATED  RANGE\n@acme\/lib {11}1\.0\.0 {4}2\.0\.0 {4}\^1\.0\.0 → \^2\.0\.0\n/,
    )
  })

  it('updates: fit a narrow terminal', () => {
    const lines = updateView.notes(report, 0, {...screen, columns: 40}).split('\n')
    assert.deepEqual(lines.slice(0, 2), ['PACKAGE             CURRENT  UPDATED', '@acme/lib           1.0.0    2.0.0'])
  })
})
