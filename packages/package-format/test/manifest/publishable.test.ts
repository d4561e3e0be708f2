import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {parseManifest, publishProblems} from '../../src/index.js'

const minimal = {name: '@acme/tool', version: '1.0.0', type: 'skill'}
const manifestOf = (fields: object) => parseManifest(JSON.stringify({...minimal, ...fields})).manifest

describe('a manifest to publish', () => {
  for (const [fields, problems] of [
    [{}, []],
    [{targets: ['cursor', 'kiro'], origin: 'cursor'}, []],
    [{name: 'tool', version: 'v1', type: 'project'}, ['name', 'version', 'type']],
    [{type: 'thing'}, ['type']],
    [{targets: []}, ['targets']],
    [{targets: ['emacs']}, ['targets']],
    [{origin: 'emacs'}, ['origin']],
    [{origin: 'codex', targets: ['cursor']}, ['origin']],
    [{description: 'x'.repeat(1025), homepage: 'x'.repeat(1025)}, ['description', 'homepage']],
    [{keywords: Array.from({length: 101}, String)}, ['keywords']],
  ] as const) {
    it(`manifest: with ${JSON.stringify(fields).slice(0, 60)} can${problems.length > 0 ? 'not' : ''} be published${problems.length > 0 ? ` because of ${problems.join(', ')}` : ''}`, () => {
      assert.deepEqual(
        publishProblems(manifestOf(fields)).map(({field}) => field),
        problems,
      )
    })
  }
})
