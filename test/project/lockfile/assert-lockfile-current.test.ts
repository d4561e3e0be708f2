import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {assertLockfileCurrent} from '../../../src/project/lockfile/assert-lockfile-current.js'
import type {LockedPackage, Lockfile} from '../../../src/catalog/lockfile/lockfile.js'
import {locked, lockOf} from '../resolution/packages.js'

const registry = 'https://r.example/base'

describe('assertLockfileCurrent', () => {
  const lockfileOf = (...all: LockedPackage[]): Lockfile => ({
    registry,
    registries: {},
    packages: lockOf(...all),
    leftOver: [],
  })
  const x = locked('@a/x', '1.0.0', {'@a/y': '^1'})
  const y = locked('@a/y', '1.2.0', {'@a/x': '*'})

  it('assertLockfileCurrent: accepts a lockfile that is exactly the graph, including cycles', () => {
    assertLockfileCurrent(lockfileOf(x, y), {'@a/x': '^1'})
    assertLockfileCurrent(lockfileOf(), {})
  })

  for (const [what, lockfile, roots, problems] of [
    ['a missing direct dependency', lockfileOf(), {'@a/x': '^1'}, ['apkg.json requires @a/x ^1, but it is not locked']],
    [
      'a direct dependency locked out of range',
      lockfileOf(x, y),
      {'@a/x': '^2'},
      ['apkg.json requires @a/x ^2, but 1.0.0 is locked'],
    ],
    [
      'a missing transitive dependency',
      lockfileOf(x),
      {'@a/x': '*'},
      ['@a/x 1.0.0 requires @a/y ^1, but it is not locked'],
    ],
    [
      'a transitive dependency locked out of range',
      lockfileOf(x, {...y, version: '2.0.0'}),
      {'@a/x': '*'},
      ['@a/x 1.0.0 requires @a/y ^1, but 2.0.0 is locked'],
    ],
    [
      'packages that nothing requires',
      lockfileOf(x, y),
      {},
      ['@a/x@1.0.0 is locked, but nothing requires it', '@a/y@1.2.0 is locked, but nothing requires it'],
    ],
    [
      'a second version of a package',
      {...lockfileOf(x, y), leftOver: ['@a/y@1.0.0']},
      {'@a/x': '*'},
      ['@a/y@1.0.0 is locked, but nothing requires it'],
    ],
  ] as const) {
    it(`assertLockfileCurrent: rejects a lockfile with ${what}`, () => {
      assert.throws(() => assertLockfileCurrent(lockfile, roots), {
        code: 'LOCKFILE_STALE',
        exitCode: 1,
        message: ['Lockfile is out of date: apkg-lock.json does not match apkg.json', ...problems].join('\n  '),
      })
    })
  }

  it('assertLockfileCurrent: lists at most ten problems', () => {
    const roots = Object.fromEntries(Array.from({length: 13}, (_, index) => [`@a/p${index}`, '*']))
    assert.throws(
      () => assertLockfileCurrent(lockfileOf(), roots),
      ({message}: Error) => message.split('\n').length === 12 && message.endsWith('and 3 more'),
    )
  })

  it('assertLockfileCurrent: rejects a manifest with an invalid range', () => {
    assert.throws(() => assertLockfileCurrent(lockfileOf(x, y), {'@a/x': 'latest'}), {code: 'RANGE_INVALID'})
  })
})
