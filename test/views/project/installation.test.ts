import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {installationNotes} from '../../../src/views/project/installation.js'

const signatures = {unsigned: [], unrecorded: [], unchecked: [], changed: []}
const nothing = {installed: [], removed: [], unchanged: 0, unmanaged: [], linked: [], unlinked: []}
const status = {state: 'unneeded' as const, takenDown: [], compromised: [], unknown: []}
const report = {...nothing, status, registry: 'https://r.example', deprecated: [], warnings: [], signatures, added: []}

describe('installationNotes', () => {
  it('installation notes: prints who publishes the first packages of a new scope', () => {
    const newScopes = [
      {scope: '@acme', name: '@acme/a', publishers: ['ada']},
      {scope: '@acme', name: '@acme/b', publishers: []},
      {scope: '@acme', name: '@acme/c', publishers: ['ada']},
    ]
    const line = installationNotes({...report, newScopes, createdManifest: undefined}, 0)
      .split('\n')
      .at(-1)
    assert.equal(
      line,
      'New scope @acme: @acme/a, @acme/c are published by ada; @acme/b is published by an unknown publisher',
    )
  })
})
