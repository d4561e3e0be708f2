import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {installationNotes} from '../../../src/views/project/installation.js'

const signatures = {unsigned: [], unrecorded: [], unchecked: [], changed: []}
const nothing = {installed: [], removed: [], unchanged: 0, foreign: [], linked: [], unlinked: []}
const report = {...nothing, registry: 'https://r.example', deprecated: [], warnings: [], signatures, added: []}

describe('what is said of an installation', () => {
  it('names who publishes which of the first packages of a scope', () => {
    const newScopes = [
      {scope: '@acme', name: '@acme/a', publishers: ['ada']},
      {scope: '@acme', name: '@acme/b', publishers: []},
      {scope: '@acme', name: '@acme/c', publishers: ['ada']},
    ]
    const [line] = installationNotes({...report, newScopes}, 0).split('\n')
    assert.equal(
      line,
      '@acme/a, @acme/b, @acme/c are the first packages of @acme here; @acme/a, @acme/c are published by ada; @acme/b is published by somebody whom the registry does not name',
    )
  })
})
