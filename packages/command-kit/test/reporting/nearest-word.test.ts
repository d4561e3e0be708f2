import assert from 'node:assert/strict'
import {it} from 'node:test'

import {nearestOf} from '../../src/reporting/nearest-word.js'

it('nearestOf: returns the word with the fewest edits, or undefined if none is close enough', async () => {
  const known = ['login', 'logout', 'list', 'ls', 'token', 'info', '--label', '--json', '--frozen-lockfile']
  for (const [typed, expected] of [
    ['lgoin', 'login'],
    ['LOGIN', 'login'],
    ['logot', 'logout'],
    ['ifno', 'info'],
    ['lt', 'ls'],
    ['--lable', '--label', '--json', '--frozen-lockfile'],
    ['tkoens', 'token'],
    ['tok', 'token'],
    ['--frozn', '--frozen-lockfile'],
    ['--jsn', '--json'],
    ['--foo', undefined],
    ['frobnicate', undefined],
    ['x', undefined],
    ['', undefined],
    ['token-list-all', undefined],
  ] as const) {
    assert.equal(await nearestOf(typed, known), expected, typed)
  }
  assert.equal(await nearestOf('token', []), undefined)
})
