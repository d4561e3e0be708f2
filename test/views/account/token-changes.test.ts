import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {success} from '@apkg/command-kit'

import type {TokenOutcome} from '../../../src/account/token/change-tokens.js'
import {
  outcomeLines,
  tokenChoices,
  tokenQuestions,
  unrecognizedValues,
} from '../../../src/views/account/token-changes.js'
import {momentsOn} from '../../../src/views/moment.js'
import {tokenWith} from '../../support/tokens.js'

const at = momentsOn({isTerminal: false}, new Date(0))

describe('the outcome of revocations', () => {
  it('revocations: one line per token, with control characters escaped', () => {
    assert.equal(
      outcomeLines(
        [
          {id: '1', label: 'ci', status: 'revoked'},
          {id: '2', label: 'lap\ttop', status: 'failed', reason: 'Cannot\u001B[2J\n  - x', exitCode: 5},
          {id: '3\r', label: 'old', status: 'unknown', reason: 'no answer', exitCode: 5},
          {id: '4', label: 'new', status: 'failed'},
          {id: '5', label: 'gone', status: 'already', since: '2027-01-30T10:00:00Z'},
          {id: '6', label: 'lost', status: 'already', since: null},
        ],
        'revoke',
        at,
      ),
      `${success('Revoked token ci (1)')}\nNot revoked: lap\\u{9}top (2): Cannot\\u{1b}[2J\\u{a}  - x\nMay not have been revoked: old (3\\u{d}): no answer\nNot revoked: new (4)\nAlready revoked at 2027-01-30T10:00:00Z: gone (5)\nAlready revoked: lost (6)`,
    )
  })

  it('revocations: a terminal shows when a token was revoked before, from now', () => {
    const now = new Date('2027-02-02T10:00:00Z')
    const gone: TokenOutcome = {id: '5', label: 'gone', status: 'already', since: '2027-01-30T10:00:00Z'}
    const text = outcomeLines([gone], 'revoke', momentsOn({isTerminal: true}, now))
    assert.equal(text, 'Already revoked 3 days ago: gone (5)')
  })

  it('revocations: an empty list says that there was nothing to revoke', () => {
    assert.equal(outcomeLines([], 'revoke', at), 'Nothing to revoke: no API tokens selected.')
  })
})

describe('an argument that matches no token', () => {
  it('revocations: is shown with control characters escaped', () => {
    const missing: TokenOutcome = {id: null, label: null, argument: 'a\u001Bb', status: 'not-found', exitCode: 1}
    assert.equal(outcomeLines([missing], 'revoke', at), 'Token not found: "a\\u{1b}b"')
  })
})

describe('a plan', () => {
  it('plan: says what would be done, and that nothing was', () => {
    assert.equal(
      outcomeLines([{id: '1', label: 'ci', status: 'planned'}], 'revoke', at),
      'Would revoke token ci (1)\nDry run: nothing was changed.',
    )
  })

  it('question: lists the tokens, with control characters escaped', () => {
    const token = tokenWith({id: '7k3f', label: 'c\u001Bi\n'})
    const {confirmation} = tokenQuestions('revoke')
    assert.equal(
      confirmation([token, token], 'https://r.example'),
      'Revoke these 2 tokens on https://r.example?\n  c\\u{1b}i\\u{a} (7k3f)\n  c\\u{1b}i\\u{a} (7k3f)',
    )
    assert.match(confirmation([token], 'https://r.example'), /^Revoke this token on/)
  })
})

describe('the prompt for tokens to revoke', () => {
  it('token choices: one line per token, with control characters escaped', () => {
    const token = tokenWith({id: '7k3f', label: 'c\u001Bi\n', createdAt: '2027-01-30T10:00:00Z'})
    const bare = {...token, prefix: null}
    assert.deepEqual(tokenChoices([token, bare]), [
      {name: 'c\\u{1b}i\\u{a}  7k3f  apkgt_AbCdEf  2027-01-30', value: token},
      {name: 'c\\u{1b}i\\u{a}  7k3f  -             2027-01-30', value: bare},
    ])
  })

  it('token choices: are in columns that fit 80 characters, however long a label is', () => {
    const token = tokenWith({id: '0123456789abcdef', label: 'ci', createdAt: '2027-01-30T10:00:00Z'})
    const names = tokenChoices([token, {...token, label: 'x'.repeat(100)}]).map(({name}) => name)
    assert.deepEqual(
      names.map((name) => name.indexOf('0123456789abcdef')),
      [32, 32],
    )
    assert.ok(names.every((name) => name.length <= 74))
  })

  it('revocations: the time of an earlier one is relative on a terminal', () => {
    const outcome = {id: '5', label: 'gone', status: 'already' as const, since: '2027-01-30T10:00:00Z'}
    assert.equal(
      outcomeLines([outcome], 'revoke', () => '3 days ago'),
      'Already revoked 3 days ago: gone (5)',
    )
  })

  it('unrecognized lines: are named by their numbers, and runs of them are joined', () => {
    assert.deepEqual(unrecognizedValues([]), [])
    assert.match(unrecognizedValues([2]).join(), /^Line 2 of standard input: .* Nothing from it was sent\.$/)
    assert.match(unrecognizedValues([1, 3, 4, 5, 9]).join(), /^Lines 1, 3-5, 9 of standard input/)
  })
})
