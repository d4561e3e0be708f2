import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {assertSameRegistry, assertLockfileCurrent} from '../../../src/project/lockfile/assert-lockfile.js'
import type {LockedPackage, Lockfile} from '../../../src/catalog/lockfile/lockfile.js'
import {locked, lockOf} from '../resolution/packages.js'

const registry = 'https://r.example/base'

describe('a frozen lockfile', () => {
  const lockfileOf = (...all: LockedPackage[]): Lockfile => ({registry, packages: lockOf(...all), leftOver: []})
  const x = locked('@a/x', '1.0.0', {'@a/y': '^1'})
  const y = locked('@a/y', '1.2.0', {'@a/x': '*'})

  it('that is exactly the graph passes, cycles included', () => {
    assertLockfileCurrent(lockfileOf(x, y), {'@a/x': '^1'})
    assertLockfileCurrent(lockfileOf(), {})
  })

  for (const [what, lockfile, roots, problems] of [
    ['lacks a package of the manifest', lockfileOf(), {'@a/x': '^1'}, ['apkg.json needs @a/x ^1, which is not locked']],
    [
      'has another version than the manifest needs',
      lockfileOf(x, y),
      {'@a/x': '^2'},
      ['apkg.json needs @a/x ^2, and 1.0.0 is locked'],
    ],
    ['lacks what a package needs', lockfileOf(x), {'@a/x': '*'}, ['@a/x 1.0.0 needs @a/y ^1, which is not locked']],
    [
      'has another version than a package needs',
      lockfileOf(x, {...y, version: '2.0.0'}),
      {'@a/x': '*'},
      ['@a/x 1.0.0 needs @a/y ^1, and 2.0.0 is locked'],
    ],
    [
      'has what nothing needs',
      lockfileOf(x, y),
      {},
      ['@a/x@1.0.0 is locked, and nothing needs it', '@a/y@1.2.0 is locked, and nothing needs it'],
    ],
    [
      'has a former version',
      {...lockfileOf(x, y), leftOver: ['@a/y@1.0.0']},
      {'@a/x': '*'},
      ['@a/y@1.0.0 is locked, and nothing needs it'],
    ],
  ] as const) {
    it(`that ${what} is refused`, () => {
      assert.throws(() => assertLockfileCurrent(lockfile, roots), {
        code: 'LOCKFILE_STALE',
        exitCode: 1,
        message: ['Lockfile is out of date: apkg-lock.json does not match apkg.json', ...problems].join('\n  '),
      })
    })
  }

  it('that is wrong in many ways names ten of them', () => {
    const roots = Object.fromEntries(Array.from({length: 13}, (_, index) => [`@a/p${index}`, '*']))
    assert.throws(
      () => assertLockfileCurrent(lockfileOf(), roots),
      ({message}: Error) => message.split('\n').length === 12 && message.endsWith('and 3 more'),
    )
  })

  it('is not asked about a manifest that holds no ranges', () => {
    assert.throws(() => assertLockfileCurrent(lockfileOf(x, y), {'@a/x': 'latest'}), {code: 'RANGE_INVALID'})
  })
})

describe('the registry of a lockfile', () => {
  const lockfile = {packages: lockOf(), leftOver: []}

  it('is the one of the run, or is not named', () => {
    assertSameRegistry({...lockfile, registry}, registry)
    assertSameRegistry({...lockfile, registry: undefined}, registry)
  })

  it('is compared and never followed', () => {
    assert.throws(() => assertSameRegistry({...lockfile, registry: 'https://evil.example\u001b[2J'}, registry), {
      code: 'LOCKFILE_OTHER_REGISTRY',
      exitCode: 3,
      message: `apkg-lock.json was made with https://evil.example\\u{1b}[2J, and the registry of this run is ${registry}`,
    })
  })
})
