import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {formatTokenValue} from '@apkg/wire'

import {assertWellFormed} from '../../src/credentials/resolve-credential.js'
import {Secret} from '../../src/credentials/secret.js'
import {tokenProblem} from '../../src/credentials/token-problem.js'

const token = formatTokenValue('token', 'a'.repeat(32))

describe('tokenProblem', () => {
  for (const [kind, ...values] of [
    ['quoted', `"${token}"`, `'${token}'`, `\`${token}\``, `\u201C${token}\u201D`, `"${token}`, `${token}'`, '""'],
    [
      'unexpanded',
      '${APKG_TOKEN}',
      '$APKG_TOKEN',
      '${{ secrets.APKG_TOKEN }}',
      '$(APKG_TOKEN)',
      '%APKG_TOKEN%',
      '{{ apkg_token }}',
      '${APKG_TOKEN:-\n}',
    ],
    ['placeholder', '***', '*', '\u2022\u2022\u2022\u2022', '[MASKED]', '[ redacted ]', '<token>', '<your token>'],
    ['literal', 'undefined', 'null', 'None', 'nil', 'FALSE', 'true'],
    ['scheme', `Bearer ${token}`, `bearer  ${token}`, `Authorization: Bearer ${token}`, `token ${token}`],
    ['assigned', `APKG_TOKEN=${token}`, `export APKG_TOKEN="${token}"`],
    ['line-break', `${token}\n${token}`, 's3cret\r', 's3cret\nX-Other: 1'],
    ['character', 's3cret s3cret', 's3crét', 's3cret\u200Bs3cret', ''],
  ] as const) {
    it(`tokenProblem: a value of the kind ${kind} is recognized, and is not part of the error`, () => {
      for (const value of values) {
        assert.equal(tokenProblem(value), kind, value)
        assert.throws(
          () => assertWellFormed({secret: new Secret(value), source: 'APKG_TOKEN'}),
          (error) => !JSON.stringify(error).includes(token),
        )
      }
    })
  }

  it('tokenProblem: accepts what could be a token of some registry', () => {
    for (const value of [token, 'opaque', 'a.b-c_d~e+f/g==', '1|abcdef', '!#$%~', 'nullable', 'token', 'a$b']) {
      assert.equal(tokenProblem(value), undefined, value)
    }
  })
})
