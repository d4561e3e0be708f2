import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {assertNoValues, selectTokens} from '../../../src/account/token/select-tokens.js'
import type {Token} from '../../../src/account/token/token.js'
import {tokenWith} from '../../support/tokens.js'

const registry = 'https://r.example'

function token(id: string, label: string): Token {
  return tokenWith({id, label, createdAt: `2027-01-0${id.length % 9}T00:00:00Z`})
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
const shown: Token = {...token('6ggggggg', 'shown'), prefix: 'apkgt_smdYpZ'}
const alike1: Token = {...token('8hhhhhhh', 'alike-1'), prefix: 'apkgt_twice0'}
const alike2: Token = {...token('8iiiiiii', 'alike-2'), prefix: 'apkgt_twice0'}
const all = [ci, laptop, odd, shared1, shared2, short, nested, longer, proto, shown, alike1, alike2]

describe('selecting tokens', () => {
  for (const [what, selectors, found] of [
    ['by id', ['1abc2def'], [odd]],
    ['an id wins over a label', ['7k3f9q2m'], [ci]],
    ['by label', ['laptop'], [laptop]],
    ['by a label named like a property', ['__proto__'], [proto]],
    ['by a unique prefix of an id', ['7k3fz'], [laptop]],
    ['by a prefix of four characters', ['2aaa'], [shared1]],
    ['a complete id wins over a prefix', ['4bcd'], [nested]],
    ['by an id shorter than four characters', ['9x'], [short]],
    ['by the part of the value that lists show', ['apkgt_smdYpZ'], [shown]],
    ['a token given twice is selected once', ['ci', '7k3f9q2m', 'ci'], [ci]],
    ['keeps the order of the arguments', ['laptop', 'ci'], [laptop, ci]],
  ] as const) {
    it(`select: ${what}: ${selectors.join(' ')}`, () => {
      assert.deepEqual(selectTokens(selectors, all, {registry}), {tokens: found, unmatched: []})
    })
  }

  it('select: expired and revoked tokens free their label and the prefix of their id', () => {
    const over = (id: string, status: 'revoked' | 'expired' | 'spent', createdAt: string): Token => ({
      ...token(id, 'ci'),
      status,
      createdAt,
    })
    const older = over('aaaa1111', 'revoked', '2026-01-01T00:00:00Z')
    const newer = over('aaaa2222', 'expired', '2026-02-01T00:00:00Z')
    const spent = over('bbbb2222', 'spent', '2026-01-15T00:00:00Z')
    const live = token('aaaa3333', 'ci')
    const found = (selector: string, tokens: Token[]) => selectTokens([selector], tokens, {registry}).tokens
    assert.deepEqual(found('ci', [older, newer, live]), [live])
    assert.deepEqual(found('aaaa', [older, newer, live]), [live])
    assert.deepEqual(found('aaaa1111', [older, newer, live]), [older], 'an id is exact')
    assert.deepEqual(found('ci', [older, newer, spent]), [newer], 'the newest of those that are over')
    assert.deepEqual(found('bbbb', [older, newer, spent]), [spent])
    assert.throws(() => found('aaaa', [older, newer]), {code: 'TOKEN_AMBIGUOUS'})
  })

  it('select: unknown arguments among known ones are each returned once', () => {
    const selection = selectTokens(['ci', 'x', 'laptop', 'y', 'x'], all, {registry})
    assert.deepEqual(selection, {tokens: [ci, laptop], unmatched: ['x', 'y']})
  })

  for (const [what, selectors, selector, candidates] of [
    ['a prefix of two ids', ['7k3f'], '7k3f', [ci, laptop]],
    ['the label of two tokens', ['shared'], 'shared', [shared1, shared2]],
    ['the shown part of two values', ['apkgt_twice0'], 'apkgt_twice0', [alike1, alike2]],
    ['an ambiguous argument next to an unknown one', ['unknown', '7k3f'], '7k3f', [ci, laptop]],
  ] as const) {
    it(`select: ${what} lists the candidates and revokes nothing`, () => {
      const lines = candidates.map(({id, label, createdAt}) => `  ${id}  ${label}  ${createdAt}\n`).join('')
      assert.throws(() => selectTokens(selectors, all, {registry}), {
        code: 'TOKEN_AMBIGUOUS',
        exitCode: 1,
        message: `"${selector}" matches several tokens:\n${lines}Nothing was changed`,
        suggestions: ['use the full ID'],
      })
    })
  }

  it('select: a command that only reads does not say that nothing was changed', () => {
    assert.throws(
      () => selectTokens(['shared'], all, {registry}, {isRead: true}),
      (error: Error) => error.message.startsWith('"shared" matches') && !error.message.includes('Nothing was changed'),
    )
  })

  for (const [what, selectors, unknown] of [
    ['an unknown label', ['unknown'], '"unknown"'],
    ['a prefix of three characters', ['1ab'], '"1ab"'],
    ['a label in another case', ['CI'], '"CI"'],
    ['an id in another case', ['7K3F9Q2M'], '"7K3F9Q2M"'],
    ['a suffix of an id', ['9q2m'], '"9q2m"'],
    ['a prefix of a label', ['lapt'], '"lapt"'],
    ['the shown part of an unknown value', ['apkgt_000000'], '"apkgt_000000"'],
    ['an empty argument', [''], '""'],
    ['several unknown arguments', ['x', 'y'], '"x", "y"'],
  ] as const) {
    it(`select: ${what} is reported, and nothing is revoked`, () => {
      assert.throws(() => selectTokens(selectors, all, {registry}), {
        code: 'TOKEN_NOT_FOUND',
        exitCode: 1,
        message: `Token not found on ${registry}: ${unknown}`,
        suggestions: [
          `run \`apkg token list --registry ${registry}\``,
          'if the token belongs to an organization, add --org',
        ],
      })
    })
  }
})

describe('an argument that looks like a token value', () => {
  for (const value of [
    'apkgt_abcdefgh',
    'apkgt_abcde',
    'apkgs_abcdef',
    'APKGT_abcdef',
    'apkg_abc',
    ' apkgs_x',
    'APKGT_ABC',
    'eyJhbGciOi.eyJzdWIi.c2ln',
  ]) {
    it(`select: an argument like ${value.slice(0, 6)}… is refused and not repeated`, () => {
      assert.throws(
        () => {
          assertNoValues(['ci', value])
        },
        (error: Error & {exitCode: number}) => {
          assert.equal(error.exitCode, 2)
          assert.deepEqual(JSON.parse(JSON.stringify(error)), {
            code: 'TOKEN_VALUE_GIVEN',
            message:
              'An argument looks like a token value. Command lines are saved in your shell history, so revoke tokens by ID or label instead. Nothing was sent',
            suggestions: [
              'run `apkg token list` to find the ID or label',
              'to revoke the token in APKG_TOKEN, run `apkg token revoke --current`',
              'to revoke tokens by their values, pipe them into `apkg token revoke --values-stdin --registry <URL>`',
            ],
          })
          return true
        },
      )
    })
  }

  it('select: labels and ids are not mistaken for token values', () => {
    assertNoValues(['ci', 'apkg', 'apkg-ci', '7k3f9q2m', 'eyJ', '', 'apkgt_smdYpZ'])
  })
})
