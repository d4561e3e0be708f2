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
const rising = '0123456789ABCDEFGHIJKLMNOPQRSTUV'
const falling = 'zyxwvutsrqponmlkjihgfedcbaZYXWVU'

/** Values that are out in the world: they never change. Computed once, and once more by another program's CRC-32. */
const golden: [kind: TokenKind, random: string, value: string][] = [
  ['token', zeros, 'apkgt_000000000000000000000000000000002pAAls'],
  ['token', rising, 'apkgt_0123456789ABCDEFGHIJKLMNOPQRSTUV1sPUSx'],
  ['token', falling, 'apkgt_zyxwvutsrqponmlkjihgfedcbaZYXWVU1isDNt'],
  ['session', zeros, 'apkgs_000000000000000000000000000000001rZOQU'],
  ['session', rising, 'apkgs_0123456789ABCDEFGHIJKLMNOPQRSTUV2nktXt'],
  ['session', falling, 'apkgs_zyxwvutsrqponmlkjihgfedcbaZYXWVU2xZuHP'],
  ['refresh', zeros, 'apkgr_000000000000000000000000000000001C8an6'],
  ['refresh', rising, 'apkgr_0123456789ABCDEFGHIJKLMNOPQRSTUV3TCxst'],
  ['refresh', falling, 'apkgr_zyxwvutsrqponmlkjihgfedcbaZYXWVU2RD2DZ'],
  // A CRC-32 of 199: four of the six digits are padding.
  ['token', '00000000000000000000000000009CcE', 'apkgt_00000000000000000000000000009CcE00003D'],
]

const sample = 'apkgt_0123456789ABCDEFGHIJKLMNOPQRSTUV1sPUSx'

describe('the value of a token', () => {
  for (const [kind, random, value] of golden) {
    it(`is ${value} for the ${kind} with these random characters, and is recognized`, () => {
      assert.equal(formatTokenValue(kind, random), value)
      assert.equal(value.length, 44)
      assert.match(value, /^apkg[tsr]_[0-9A-Za-z]{38}$/)
      assert.deepEqual(inspectTokenValue(value), {state: 'whole', kind})
    })
  }

  it('shows its prefix and six random characters at most', () => {
    assert.equal(shownPrefixLength, tokenKinds.token.length + 6)
    assert.equal(tokenEntropyLength, 32)
  })

  for (const random of ['', '0'.repeat(31), '0'.repeat(33), `${'0'.repeat(31)}-`, `${'0'.repeat(31)}é`, `${zeros}\n`]) {
    it(`is not built from ${JSON.stringify(random)}`, () => {
      assert.throws(
        () => formatTokenValue('token', random),
        new RangeError('the random part must be 32 base62 characters'),
      )
    })
  }

  it('is noticed as damaged whichever single character is another one', () => {
    for (let position = tokenKinds.token.length; position < sample.length; position++) {
      const others = [...alphabet].filter((each) => each !== sample[position])
      assert.equal(others.length, 61)
      for (const other of others) {
        const damaged = sample.slice(0, position) + other + sample.slice(position + 1)
        assert.deepEqual(inspectTokenValue(damaged), {state: 'damaged', kind: 'token'}, damaged)
      }
    }
  })

  it('is noticed as damaged when two neighboring characters change places', () => {
    for (let position = tokenKinds.token.length; position < sample.length - 1; position++) {
      const [left, right] = [sample.charAt(position), sample.charAt(position + 1)]
      assert.notEqual(left, right)
      const damaged = sample.slice(0, position) + right + left + sample.slice(position + 2)
      assert.deepEqual(inspectTokenValue(damaged), {state: 'damaged', kind: 'token'}, damaged)
    }
  })

  it('is noticed as damaged under the prefix of another kind', () => {
    for (const [kind, , value] of golden) {
      for (const other of Object.keys(tokenKinds) as TokenKind[]) {
        if (other === kind) continue
        const swapped = tokenKinds[other] + value.slice(tokenKinds[kind].length)
        assert.deepEqual(inspectTokenValue(swapped), {state: 'damaged', kind: other}, swapped)
      }
    }
  })

  it('is noticed as damaged wherever a paste was cut off after the prefix', () => {
    for (let length = tokenKinds.token.length; length < sample.length; length++) {
      assert.deepEqual(inspectTokenValue(sample.slice(0, length)), {state: 'damaged', kind: 'token'}, String(length))
    }
  })

  for (const [what, value] of [
    ['a character more', `${sample}0`],
    ['a line break at the end', `${sample}\n`],
    ['a space at the end', `${sample} `],
    ['itself once more behind it', sample + sample],
    ['a random character too many under a right checksum', 'apkgt_0000000000000000000000000000000003P8FgJ'],
    ['a random character too few under a right checksum', 'apkgt_00000000000000000000000000000004WDI0t'],
    ['a dash under a right checksum', 'apkgt_0000000000000000000000000000000-4Z0D7Z'],
    ['a character that base62 lacks', sample.replace('5', '-')],
  ] as const) {
    it(`is noticed as damaged with ${what}`, () => {
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
    it(`of another make is opaque: ${JSON.stringify(value)}`, () => {
      assert.deepEqual(inspectTokenValue(value), {state: 'opaque'})
    })
  }
})

describe('drawing base62', () => {
  /** Hands out the given bytes in order, as many as asked for, and keeps what was asked for. */
  function feedOf(bytes: readonly number[]) {
    const asked: number[] = []
    let position = 0
    const draw = (count: number) => {
      asked.push(count)
      position += count
      return Uint8Array.from(bytes.slice(position - count, position))
    }
    return {asked, draw}
  }

  it('gives every character for exactly four of the 248 bytes that it takes', () => {
    const all = Array.from({length: 256}, (_, byte) => byte)
    const counts = new Map<string, number>()
    for (const character of drawBase62(248, () => Uint8Array.from(all))) {
      counts.set(character, (counts.get(character) ?? 0) + 1)
    }
    assert.deepEqual([...counts.keys()].sort().join(''), [...alphabet].sort().join(''))
    assert.deepEqual(new Set(counts.values()), new Set([4]))
  })

  it('maps 0 to 0, 61 to z, 62 to 0 again and 247 to z', () => {
    assert.equal(drawBase62(4, feedOf([0, 61, 62, 247]).draw), '0z0z')
  })

  it('throws bytes of 248 and above away and draws as many again', () => {
    const feed = feedOf([10, 248, 255, 36, 250, 11, 251, 37])
    assert.equal(drawBase62(4, feed.draw), 'AaBb')
    assert.deepEqual(feed.asked, [4, 2, 1, 1])
  })

  it('draws nothing for no characters', () => {
    const feed = feedOf([])
    assert.equal(drawBase62(0, feed.draw), '')
    assert.deepEqual(feed.asked, [])
  })
})

describe('telling a credential from a name', () => {
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
    it(`takes ${JSON.stringify(text)} for a ${expected ? 'credential' : 'name'}`, () => {
      assert.equal(looksLikeTokenValue(text), expected)
    })
  }
})

describe('redacting', () => {
  for (const [what, text, expected] of [
    ['a value', sample, 'apkgt_[redacted]'],
    ['a value in a sentence', `cannot use ${sample}.`, 'cannot use apkgt_[redacted].'],
    ['a truncated value', 'apkgs_0123', 'apkgs_[redacted]'],
    ['two values', `${sample},${sample}`, 'apkgt_[redacted],apkgt_[redacted]'],
    ['a value in a URL', `https://me:${sample}@example.com/a`, 'https://me:apkgt_[redacted]@example.com/a'],
    ['a value in a query', `/a?token=${sample}&b=1`, '/a?token=apkgt_[redacted]&b=1'],
    ['a value in JSON', `{"token":"${sample}"}`, '{"token":"apkgt_[redacted]"}'],
    ['a value glued to a word', `TOKEN_${sample}`, 'TOKEN_apkgt_[redacted]'],
    ['the hosted registry’s value', 'apkg_abc123', 'apkg_[redacted]'],
    ['a value with separators inside', 'apkg_ab_cd-ef.gh~ij+kl==', 'apkg_[redacted]'],
    ['a JSON Web Token', 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln-_x', 'Bearer [redacted]'],
    ['nothing in plain words', 'unset APKG_TOKEN, then run `apkg login`', 'unset APKG_TOKEN, then run `apkg login`'],
    [
      'nothing in a bare prefix',
      'values start with apkgt_, apkgs_ or apkgr_.',
      'values start with apkgt_, apkgs_ or apkgr_.',
    ],
    ['nothing in nothing', '', ''],
  ] as const) {
    it(`hides ${what}`, () => {
      assert.equal(redactTokenValues(text), expected)
    })
  }
})
