import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {
  drawBase62,
  formatTokenValue,
  inspectTokenValue,
  looksLikeTokenValue,
  redactTokenValues,
  shownPrefixLength,
  tokenEntropyLength,
  tokenKinds,
  type TokenKind,
} from '../src/index.js'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const zeros = '0'.repeat(32)
const ascending = '0123456789ABCDEFGHIJKLMNOPQRSTUV'
const descending = 'zyxwvutsrqponmlkjihgfedcbaZYXWVU'

/** Known values. Another implementation of CRC-32 confirmed them. Tokens like these are in use, so they can't change. */
const golden: [kind: TokenKind, random: string, value: string][] = [
  ['token', zeros, 'apkgt_000000000000000000000000000000002pAAls'],
  ['token', ascending, 'apkgt_0123456789ABCDEFGHIJKLMNOPQRSTUV1sPUSx'],
  ['token', descending, 'apkgt_zyxwvutsrqponmlkjihgfedcbaZYXWVU1isDNt'],
  ['session', zeros, 'apkgs_000000000000000000000000000000001rZOQU'],
  ['session', ascending, 'apkgs_0123456789ABCDEFGHIJKLMNOPQRSTUV2nktXt'],
  ['session', descending, 'apkgs_zyxwvutsrqponmlkjihgfedcbaZYXWVU2xZuHP'],
  ['refresh', zeros, 'apkgr_000000000000000000000000000000001C8an6'],
  ['refresh', ascending, 'apkgr_0123456789ABCDEFGHIJKLMNOPQRSTUV3TCxst'],
  ['refresh', descending, 'apkgr_zyxwvutsrqponmlkjihgfedcbaZYXWVU2RD2DZ'],
  // A CRC-32 of 199: four of the six digits are padding.
  ['token', '00000000000000000000000000009CcE', 'apkgt_00000000000000000000000000009CcE00003D'],
]

const sample = 'apkgt_0123456789ABCDEFGHIJKLMNOPQRSTUV1sPUSx'

describe('a token value', () => {
  for (const [kind, random, value] of golden) {
    it(`token value: is ${value} for a ${kind} with the random part ${random}, and is recognized`, () => {
      assert.equal(formatTokenValue(kind, random), value)
      assert.equal(value.length, 44)
      assert.match(value, /^apkg[tsrw]_[0-9A-Za-z]{38}$/)
      assert.deepEqual(inspectTokenValue(value), {state: 'intact', kind})
    })
  }

  it('token value: shows at most its prefix and 6 of its 32 random characters', () => {
    assert.equal(shownPrefixLength, tokenKinds.token.length + 6)
    assert.equal(tokenEntropyLength, 32)
  })

  for (const random of ['', '0'.repeat(31), '0'.repeat(33), `${'0'.repeat(31)}-`, `${'0'.repeat(31)}é`, `${zeros}\n`]) {
    it(`token value: cannot be built from ${JSON.stringify(random)}`, () => {
      assert.throws(
        () => formatTokenValue('token', random),
        new RangeError('the random part must be 32 base62 characters'),
      )
    })
  }

  it('token value: is damaged if any single character is replaced', () => {
    for (let position = tokenKinds.token.length; position < sample.length; position++) {
      const replacements = [...alphabet].filter((each) => each !== sample[position])
      assert.equal(replacements.length, 61)
      for (const replacement of replacements) {
        const damaged = sample.slice(0, position) + replacement + sample.slice(position + 1)
        assert.deepEqual(inspectTokenValue(damaged), {state: 'damaged', kind: 'token'}, damaged)
      }
    }
  })

  it('token value: is damaged if any two neighboring characters are swapped', () => {
    for (let position = tokenKinds.token.length; position < sample.length - 1; position++) {
      const [left, right] = [sample.charAt(position), sample.charAt(position + 1)]
      assert.notEqual(left, right)
      const damaged = sample.slice(0, position) + right + left + sample.slice(position + 2)
      assert.deepEqual(inspectTokenValue(damaged), {state: 'damaged', kind: 'token'}, damaged)
    }
  })

  it('token value: is damaged if its prefix is replaced with the prefix of another kind', () => {
    for (const [kind, , value] of golden) {
      for (const otherKind of Object.keys(tokenKinds) as TokenKind[]) {
        if (otherKind === kind) continue
        const swapped = tokenKinds[otherKind] + value.slice(tokenKinds[kind].length)
        assert.deepEqual(inspectTokenValue(swapped), {state: 'damaged', kind: otherKind}, swapped)
      }
    }
  })

  it('token value: is damaged if it is truncated anywhere after the prefix', () => {
    for (let length = tokenKinds.token.length; length < sample.length; length++) {
      assert.deepEqual(inspectTokenValue(sample.slice(0, length)), {state: 'damaged', kind: 'token'}, String(length))
    }
  })

  for (const [what, value] of [
    ['it has an extra character', `${sample}0`],
    ['it ends with a line break', `${sample}\n`],
    ['it ends with a space', `${sample} `],
    ['it was pasted twice', sample + sample],
    ['it has 33 random characters, despite a correct checksum', 'apkgt_0000000000000000000000000000000003P8FgJ'],
    ['it has 31 random characters, despite a correct checksum', 'apkgt_00000000000000000000000000000004WDI0t'],
    ['it contains a hyphen, despite a correct checksum', 'apkgt_0000000000000000000000000000000-4Z0D7Z'],
    ['a character is not base62', sample.replace('5', '-')],
  ] as const) {
    it(`token value: is damaged if ${what}`, () => {
      assert.deepEqual(inspectTokenValue(value), {state: 'damaged', kind: 'token'})
    })
  }

  for (const value of [
    '',
    'apkg_abc123',
    'apkg_0123456789ABCDEFGHIJKLMNOPQRSTUV1sPUSx',
    'apkgx_0123456789ABCDEFGHIJKLMNOPQRSTUV1sPUSx',
    'APKGT_0123456789ABCDEFGHIJKLMNOPQRSTUV1sPUSx',
    ` ${sample}`,
    'apkgt',
    'npm_0123456789abcdefghijklmnopqrstuvwxyz',
    'eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
    '__proto__',
  ]) {
    it(`in another format is opaque: ${JSON.stringify(value)}`, () => {
      assert.deepEqual(inspectTokenValue(value), {state: 'opaque'})
    })
  }
})

describe('drawBase62', () => {
  /** Returns the given bytes in order, and records how many each call asked for. */
  function sourceOf(bytes: readonly number[]) {
    const counts: number[] = []
    let position = 0
    const draw = (count: number) => {
      counts.push(count)
      position += count
      return Uint8Array.from(bytes.slice(position - count, position))
    }
    return {counts, draw}
  }

  it('drawBase62: maps exactly four of the 248 accepted bytes to each character', () => {
    const all = Array.from({length: 256}, (_, byte) => byte)
    const counts = new Map<string, number>()
    for (const character of drawBase62(248, () => Uint8Array.from(all))) {
      counts.set(character, (counts.get(character) ?? 0) + 1)
    }
    assert.deepEqual([...counts.keys()].sort().join(''), [...alphabet].sort().join(''))
    assert.deepEqual(new Set(counts.values()), new Set([4]))
  })

  it('drawBase62: maps 0 to 0, 61 to z, 62 to 0 again and 247 to z', () => {
    assert.equal(drawBase62(4, sourceOf([0, 61, 62, 247]).draw), '0z0z')
  })

  it('drawBase62: discards bytes of 248 and above and draws as many again', () => {
    const source = sourceOf([10, 248, 255, 36, 250, 11, 251, 37])
    assert.equal(drawBase62(4, source.draw), 'AaBb')
    assert.deepEqual(source.counts, [4, 2, 1, 1])
  })

  it('drawBase62: draws nothing for a length of zero', () => {
    const source = sourceOf([])
    assert.equal(drawBase62(0, source.draw), '')
    assert.deepEqual(source.counts, [])
  })
})

describe('looksLikeTokenValue', () => {
  for (const [text, expected] of [
    [sample, true],
    ['apkgs_0', true],
    ['apkgr_', true],
    ['apkg_abc123', true],
    ['ApkgT_0123', true],
    ['apkgx_later', true],
    ['eyJhbGciOiJIUzI1NiJ9.e30.c2ln', true],
    ['eyJhbGciOiJub25lIn0.e30.', true],
    ['', false],
    ['ci', false],
    ['apkg', false],
    ['apkg-ci', false],
    ['apkgtools_ci', false],
    ['my apkg_token', false],
    ['eyJustALabel', false],
    ['eyJ.', false],
    ['__proto__', false],
    ['01h455vb4pex5vsk', false],
  ] as const) {
    it(`looksLikeTokenValue: ${expected ? 'accepts' : 'rejects'} ${JSON.stringify(text)}`, () => {
      assert.equal(looksLikeTokenValue(text), expected)
    })
  }
})

describe('redactTokenValues', () => {
  for (const [what, text, expected] of [
    ['a token value', sample, 'apkgt_[redacted]'],
    ['a value in a sentence', `cannot use ${sample}.`, 'cannot use apkgt_[redacted].'],
    ['a truncated value', 'apkgs_0123', 'apkgs_[redacted]'],
    ['two values', `${sample},${sample}`, 'apkgt_[redacted],apkgt_[redacted]'],
    ['a value in a URL', `https://me:${sample}@example.com/a`, 'https://me:apkgt_[redacted]@example.com/a'],
    ['a value in a query', `/a?token=${sample}&b=1`, '/a?token=apkgt_[redacted]&b=1'],
    ['a value in JSON', `{"token":"${sample}"}`, '{"token":"apkgt_[redacted]"}'],
    ['a value glued to a word', `TOKEN_${sample}`, 'TOKEN_apkgt_[redacted]'],
    ['a value of the hosted registry', 'apkg_abc123', 'apkg_[redacted]'],
    ['a value with punctuation in it', 'apkg_ab_cd-ef.gh~ij+kl==', 'apkg_[redacted]'],
    ['a JSON Web Token', 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln-_x', 'Bearer [redacted]'],
    ['a JSON Web Token after other words', 'a.b-eyJhbGciOiJI.e30.c2ln', 'a.b-[redacted]'],
    ['a JSON Web Token without a signature', 'eyJhbGciOiJI.e30', '[redacted]'],
    ['a JSON Web Token before other words', 'eyJhbGciOiJI.e30.c2ln.eyJh.x', '[redacted].eyJh.x'],
    ['two JSON Web Tokens', 'eyJhbGciOiJI.e30.c2ln.eyJhbGciOiJI.e30.', '[redacted].[redacted]'],
    ['nothing in words that look like half a token', 'see eyJhbGciOiJI. Or eyJ.e30', 'see eyJhbGciOiJI. Or eyJ.e30'],
    ['nothing in ordinary text', 'unset APKG_TOKEN, then run `apkg login`', 'unset APKG_TOKEN, then run `apkg login`'],
    [
      'nothing if there are only prefixes',
      'values start with apkgt_, apkgs_ or apkgr_.',
      'values start with apkgt_, apkgs_ or apkgr_.',
    ],
    ['nothing in an empty text', '', ''],
  ] as const) {
    it(`redactTokenValues: redacts ${what}`, () => {
      assert.equal(redactTokenValues(text), expected)
    })
  }

  for (const unit of ['eyJhbGciOiJI-', 'eyJhbGciOiJI.', '-eyJ', 'apkg_.', 'apkg_', '.', 'e']) {
    it(`redactTokenValues: takes linear time for a long text of ${unit}`, () => {
      const began = performance.now()
      redactTokenValues(unit.repeat(1_000_000 / unit.length))
      assert.ok(performance.now() - began < 2000)
    })
  }
})
