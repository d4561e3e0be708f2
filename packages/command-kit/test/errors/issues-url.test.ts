import assert from 'node:assert/strict'
import {it} from 'node:test'

import {issuesUrl} from '../../src/errors/issues-url.js'

for (const [manifest, expected] of [
  [{bugs: {url: 'https://example.com/issues'}, repository: 'https://example.com/x'}, 'https://example.com/issues'],
  [{bugs: 'https://example.com/issues'}, 'https://example.com/issues'],
  [{bugs: {email: 'ada@example.com'}}, 'ada@example.com'],
  [{repository: {type: 'git', url: 'git+https://example.com/x.git'}}, 'https://example.com/x'],
  [{repository: 'https://example.com/x'}, 'https://example.com/x'],
  [{bugs: 7, repository: null}, undefined],
  [{}, undefined],
  [undefined, undefined],
] as const) {
  it(`issuesUrl: returns ${expected ?? 'undefined'} for ${JSON.stringify(manifest)}`, () => {
    assert.equal(issuesUrl(manifest), expected)
  })
}
