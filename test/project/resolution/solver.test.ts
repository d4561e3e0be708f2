import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {versionCandidates} from '../../../src/project/resolution/choose-version.js'
import {solve} from '../../../src/project/resolution/solver.js'
import {choicesOf, different, rootsOf} from './packages.js'

describe('solve', () => {
  const packages = different(6, 5)
  const candidatesOf = (name: string) =>
    versionCandidates(name, {choices: choicesOf(name, packages[name]!), locked: undefined, prefersLocked: false})
  const roots = Object.entries(rootsOf(6))

  it('solve: is abandoned when its work is used up', () => {
    const work = {left: 500}
    assert.deepEqual(solve({roots, candidatesOf, work}), {kind: 'abandoned'})
    assert.ok(work.left <= 0)
  })

  it('solve: finds out with enough work that nothing fits', () => {
    assert.equal(solve({roots, candidatesOf, work: {left: 1_000_000}}).kind, 'unsolvable')
  })
})
