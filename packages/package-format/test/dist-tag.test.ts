import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {compareVersions, distTagProblem} from '../src/index.js'

describe('a dist-tag', () => {
  it('dist-tag: can be a word with digits, dots, hyphens and underscores', () => {
    for (const tag of ['latest', 'next', 'beta.1', 'v-next', 'LTS_2', 'a'.repeat(128)]) {
      assert.equal(distTagProblem(tag), undefined, tag)
    }
  })

  it('dist-tag: cannot be a version or a range', () => {
    for (const tag of ['1.0.0', 'v1', 'v1.2.3', 'x', 'X', 'x.x', '^1', '*', '>=2', '1 - 2']) {
      assert.notEqual(distTagProblem(tag), undefined, tag)
    }
  })

  it('dist-tag: cannot contain characters that are special in shells, terminals or URLs', () => {
    for (const tag of ['', ' ', 'a b', '-a', 'a/b', 'a\n', 'a\u202Eb', 'é', 'a'.repeat(129)]) {
      assert.notEqual(distTagProblem(tag), undefined, JSON.stringify(tag))
    }
  })
})

describe('compareVersions', () => {
  it('compareVersions: compares by precedence, then by build metadata, and puts the version without it last', () => {
    const ordered = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-rc.2',
      '1.0.0-rc.10',
      '1.0.0+a',
      '1.0.0+b',
      '1.0.0',
      '1.10.0',
    ]
    assert.deepEqual(ordered.toReversed().sort(compareVersions), ordered)
  })
})
