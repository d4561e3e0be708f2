import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {formatTokenValue} from '@apkg/wire'

import {tokenProblem} from '../../src/credentials/token-problem.js'

const token = formatTokenValue('token', 'a'.repeat(32))

describe('tokenProblem', () => {
  for (const [problem, ...values] of [
    [
      'is in quotation marks',
      `"${token}"`,
      `'${token}'`,
      `\`${token}\``,
      `\u201C${token}\u201D`,
      `"${token}`,
      `${token}'`,
      '""',
    ],
    [
      'is a reference to a variable that was not expanded',
      '${APKG_TOKEN}',
      '$APKG_TOKEN',
      '${{ secrets.APKG_TOKEN }}',
      '$(APKG_TOKEN)',
      '%APKG_TOKEN%',
      '{{ apkg_token }}',
      '${APKG_TOKEN:-\n}',
    ],
    [
      'is a placeholder or a masked value',
      '***',
      '*',
      '\u2022\u2022\u2022\u2022',
      '[MASKED]',
      '[ redacted ]',
      '<token>',
      '<your token>',
    ],
    ['is a literal such as `undefined` or `null`, not a token', 'undefined', 'null', 'None', 'nil', 'FALSE', 'true'],
    [
      'starts with the name of an authentication scheme',
      `Bearer ${token}`,
      `bearer  ${token}`,
      `Authorization: Bearer ${token}`,
      `token ${token}`,
    ],
    ['contains the name of a variable', `APKG_TOKEN=${token}`, `export APKG_TOKEN="${token}"`],
    ['contains a line break', `${token}\n${token}`, 's3cret\r', 's3cret\nX-Other: 1'],
    ['contains whitespace or other invalid characters', 's3cret s3cret', 's3crét', 's3cret\u200Bs3cret', ''],
  ] as const) {
    it(`tokenProblem: a value that ${problem} is explained without being quoted`, () => {
      for (const value of values) {
        const found = tokenProblem(value)
        assert.equal(found?.problem, problem, value)
        assert.ok(!JSON.stringify(found).includes(token))
      }
    })
  }

  it('tokenProblem: accepts what could be a token of some registry', () => {
    for (const value of [token, 'opaque', 'a.b-c_d~e+f/g==', '1|abcdef', '!#$%~', 'nullable', 'token', 'a$b']) {
      assert.equal(tokenProblem(value), undefined, value)
    }
  })
})
