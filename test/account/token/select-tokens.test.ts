import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {assertNoValues, selectTokens} from '../../../src/account/token/select-tokens.js'
import type {Token} from '../../../src/account/token/token.js'

const registry = 'https://r.example'

function token(id: string, label: string): Token {
  return {
    id,
    label,
    prefix: null,
    scopes: [],
    packages: [],
    createdAt: `2027-01-0${id.length % 9}T00:00:00Z`,
    lastUsedAt: null,
    expiresAt: null,
  }
}

const ci = token('7k3f9q2m', 'ci')
const laptop = token('7k3fzzzz', 'laptop')
const odd = token('1abc2def', '7k3f9q2m')
const shared1 = token('2aaaaaaa', 'shared')
const shared2 = token('3aaaaaaa', 'shared')
const short = token('9x', 'tiny')
const nested = token('4bcd', 'outer')
const longer = token('4bcdefgh', 'inner')
const proto = token('5fffffff', '__proto__')
const all = [ci, laptop, odd, shared1, shared2, short, nested, longer, proto]

describe('an argument', () => {
  for (const [what, selectors, found] of [
    ['is an id', ['1abc2def'], [odd]],
    ['is an id before it is a label', ['7k3f9q2m'], [ci]],
    ['is a label', ['laptop'], [laptop]],
    ['is a label like any other', ['__proto__'], [proto]],
    ['is the beginning of one id', ['7k3fz'], [laptop]],
    ['is the beginning of one id, of four characters', ['2aaa'], [shared1]],
    ['is a whole id before it is the beginning of another', ['4bcd'], [nested]],
    ['is an id shorter than four characters', ['9x'], [short]],
    ['names a token once though it is given twice', ['ci', '7k3f9q2m', 'ci'], [ci]],
    ['stands in its order', ['laptop', 'ci'], [laptop, ci]],
  ] as const) {
    it(`${what}: ${selectors.join(' ')}`, () => {
      assert.deepEqual(selectTokens(selectors, all, registry), found)
    })
  }

  for (const [what, selectors, selector, candidates] of [
    ['the beginning of two ids', ['7k3f'], '7k3f', [ci, laptop]],
    ['the label of two tokens', ['shared'], 'shared', [shared1, shared2]],
    ['ambiguous beside an unknown one', ['nobody', '7k3f'], '7k3f', [ci, laptop]],
  ] as const) {
    it(`that is ${what} lists the candidates and revokes nothing`, () => {
      const lines = candidates.map(({id, label, createdAt}) => `  ${id}  ${label}  ${createdAt}\n`).join('')
      assert.throws(() => selectTokens(selectors, all, registry), {
        code: 'TOKEN_AMBIGUOUS',
        exitCode: 1,
        message: `\`${selector}\` matches more than one token:\n${lines}Nothing was revoked`,
        suggestions: ['use the full id'],
      })
    })
  }

  for (const [what, selectors, unknown] of [
    ['nothing', ['nobody'], '`nobody`'],
    ['three characters of an id', ['1ab'], '`1ab`'],
    ['a label in another case', ['CI'], '`CI`'],
    ['an id in another case', ['7K3F9Q2M'], '`7K3F9Q2M`'],
    ['the end of an id', ['9q2m'], '`9q2m`'],
    ['the beginning of a label', ['lapt'], '`lapt`'],
    ['an empty text', [''], '``'],
    ['nothing, beside one that stands for something', ['ci', 'x', 'laptop', 'y'], '`x`, `y`'],
  ] as const) {
    it(`that stands for ${what} is named, and nothing is revoked`, () => {
      assert.throws(() => selectTokens(selectors, all, registry), {
        code: 'TOKEN_NOT_FOUND',
        exitCode: 1,
        message: `Token not found at ${registry}: ${unknown}. Nothing was revoked`,
        suggestions: [`run \`apkg token list --registry ${registry}\``],
      })
    })
  }
})

describe('an argument that looks like the value of a token', () => {
  for (const value of ['apkgt_abcdefgh', 'apkg_abc', ' apkgs_x', 'APKGT_ABC', 'eyJhbGciOi.eyJzdWIi.c2ln']) {
    it(`is refused and not said: ${value.slice(0, 6)}…`, () => {
      assert.throws(
        () => {
          assertNoValues(['ci', value])
        },
        (error: Error & {exitCode: number}) => {
          assert.equal(error.exitCode, 2)
          assert.deepEqual(JSON.parse(JSON.stringify(error)), {
            code: 'TOKEN_VALUE_GIVEN',
            message:
              'An argument looks like the value of a token. Values on a command line end up in the shell history, so tokens are revoked by id or label. Nothing was sent',
            suggestions: [
              'run `apkg token list` to find the id or label',
              'to revoke the token in APKG_TOKEN, run `apkg token revoke --current`',
            ],
          })
          return true
        },
      )
    })
  }

  it('is not every argument', () => {
    assertNoValues(['ci', 'apkg', 'apkg-ci', '7k3f9q2m', 'eyJ', ''])
  })
})
