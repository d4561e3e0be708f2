import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import type {Revocation} from '../../../src/account/token/revoke-tokens.js'
import {revocationLines, tokenChoices} from '../../../src/views/account/revocations.js'
import {tokenWith} from '../../support/tokens.js'

describe('the outcome of revocations', () => {
  it('revocations: one line per token, with control characters escaped', () => {
    assert.equal(
      revocationLines([
        {id: '1', label: 'ci', status: 'revoked'},
        {id: '2', label: 'lap\ttop', status: 'failed', reason: 'Cannot\u001B[2J\n  - x', exitCode: 5},
        {id: '3\r', label: 'old', status: 'unknown', reason: 'no answer', exitCode: 5},
        {id: '4', label: 'new', status: 'failed'},
      ]),
      'Revoked API token: ci (1)\nNot revoked: lap\\u{9}top (2): Cannot\\u{1b}[2J\\u{a}  - x\nMay not have been revoked: old (3\\u{d}): no answer\nNot revoked: new (4)',
    )
  })

  it('revocations: an empty list says that nothing was revoked', () => {
    assert.equal(revocationLines([]), 'Nothing was revoked.')
  })
})

describe('an argument that matches no token', () => {
  it('revocations: is shown with control characters escaped', () => {
    const missing: Revocation = {id: null, label: null, argument: 'a\u001Bb', status: 'not-found', exitCode: 1}
    assert.equal(revocationLines([missing]), 'Token not found: a\\u{1b}b')
  })
})

describe('the prompt for tokens to revoke', () => {
  it('token choices: one line per token, with control characters escaped', () => {
    const token = tokenWith({id: '7k3f', label: 'c\u001Bi\n', createdAt: '2027-01-30T10:00:00Z'})
    const bare = {...token, prefix: null}
    assert.deepEqual(tokenChoices([token, bare]), [
      {name: 'c\\u{1b}i\\u{a}  7k3f  apkgt_AbCdEf  created 2027-01-30', value: token},
      {name: 'c\\u{1b}i\\u{a}  7k3f    created 2027-01-30', value: bare},
    ])
  })
})
