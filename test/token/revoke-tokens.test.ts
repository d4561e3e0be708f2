import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {exitCodeOf, type Revocation} from '../../src/token/revoke-tokens.js'

const revoked: Revocation = {id: '1', label: 'a', status: 'revoked'}
const refused: Revocation = {id: '2', label: 'b', status: 'failed', reason: 'no', exitCode: 3}
const unreachable: Revocation = {id: '3', label: 'c', status: 'failed', reason: 'down', exitCode: 5}
const unknown: Revocation = {id: '4', label: 'd', status: 'failed'}

describe('the exit code of revoking', () => {
  for (const [what, revocations, code] of [
    ['0 where there was nothing to do', [], 0],
    ['0 where all went', [revoked, revoked], 0],
    ['6 where some went', [revoked, refused], 6],
    ['6 where some went, in any order', [unreachable, revoked], 6],
    ['that of the failure where the only one failed', [refused], 3],
    ['that of the first failure where none went', [unreachable, refused], 5],
    ['1 where a failure says none', [unknown], 1],
  ] as const) {
    it(`is ${what}`, () => {
      assert.equal(exitCodeOf(revocations), code)
    })
  }
})
