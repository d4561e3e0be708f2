import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import stringWidth from 'fast-string-width'

import {tokenList} from '../../../src/views/account/token-list.js'
import {tokenWith} from '../../support/tokens.js'

const now = new Date('2027-01-31T12:00:00Z')

const ci = tokenWith({createdAt: '2027-01-30T23:59:59.999Z'})

const laptop = tokenWith({
  id: 'tok-2',
  label: '日本のノート',
  prefix: null,
  scopes: [],
  packages: ['@a/x', '@b/*'],
  createdAt: 'yesterday',
  rotatedAt: null,
  lastUsedAt: '2027-01-31T08:00:00Z',
  expiresAt: '2027-12-31T00:00:00+01:00',
})

const wide = {isTerminal: true, hasColors: false, columns: 200}

describe('the token list on a terminal', () => {
  it('token list: a table with titles, aligned also with wide characters', () => {
    const text = tokenList([ci, laptop], wide, now)
    assert.equal(
      text,
      `LABEL         ID                PREFIX        SCOPES        PACKAGES   CREATED       LAST USED    EXPIRES
ci            7k3f9q2m7k3f9q2m  apkgt_AbCdEf  read,publish  *          12 hours ago  never        never
日本のノート  tok-2             -                           @a/x,@b/*  yesterday     4 hours ago  in 11 months
`,
    )
    const lines = text.split('\n')
    const columns = [lines[1]!.indexOf('7k3f'), stringWidth(lines[2]!.slice(0, lines[2]!.indexOf('tok-2')))]
    assert.deepEqual(columns, [14, 14])
  })

  it('token list: leaves out prefixes, packages and creation times on a terminal of 80 columns', () => {
    const lines = tokenList([ci, laptop], {...wide, columns: 80}, now).split('\n')
    assert.equal(lines[0], 'LABEL         ID                SCOPES        LAST USED    EXPIRES')
    assert.ok(lines.every((line) => stringWidth(line) <= 80))
  })

  it('token list: prints nothing for no tokens on a terminal', () => {
    assert.equal(tokenList([], wide, now), '')
  })
})

describe('an expiry on a terminal', () => {
  for (const [expiresAt, text, color] of [
    ['2027-02-01T13:00:00Z', 'in 25 hours', 31],
    ['2027-02-03T11:59:59Z', 'in 3 days', 31],
    ['2027-02-03T12:00:00Z', 'in 3 days', 33],
    ['2027-02-14T11:59:59Z', 'in 14 days', 33],
    ['2027-02-14T12:00:00Z', 'in 14 days', undefined],
    ['2027-01-28T12:00:00Z', '3 days ago', 31],
  ] as const) {
    it(`token list: an expiry at ${expiresAt} is ${text}, in color ${color ?? 'none'}`, () => {
      const list = tokenList([tokenWith({expiresAt})], {...wide, hasColors: true}, now)
      const [, painted] = / {2}(\S*(?:in )?\d+ (?:hours|days)(?: ago)?\S*)\n$/.exec(list) ?? []
      assert.equal(painted, color === undefined ? text : `\u001B[${color}m${text}\u001B[39m`)
    })
  }

  it('token list: shows statuses and notes on a terminal only if there are any', () => {
    assert.doesNotMatch(tokenList([ci, laptop], wide, now), /STATUS|NOTE/)
    const text = tokenList([ci, tokenWith({status: 'suspended', note: 'for CI'})], wide, now)
    assert.match(text, /EXPIRES {2}STATUS {5}NOTE\n.* never {4}active {5}-\n.* never {4}suspended {2}for CI\n$/)
  })
})

describe('the token list off a terminal', () => {
  const pipe = {isTerminal: false, hasColors: false, columns: 80}

  it('token list: prints tab-separated fields without titles off a terminal', () => {
    assert.equal(
      tokenList([ci, laptop], pipe, now),
      'ci\t7k3f9q2m7k3f9q2m\tapkgt_AbCdEf\tread,publish\t*\t2027-01-30T23:59:59.999Z\tnever\tnever\tactive\t-\t-\t-\t-\t-\n' +
        '日本のノート\ttok-2\t-\t\t@a/x,@b/*\tyesterday\t2027-01-31T08:00:00Z\t2027-12-31T00:00:00+01:00\tactive\t-\t-\t-\t-\t-\n',
    )
  })

  it('token list: shows on a terminal when tokens were revoked, if any was', () => {
    const revoked = tokenWith({status: 'revoked', revokedAt: '2027-01-28T12:00:00Z'})
    assert.match(tokenList([revoked], {...wide, columns: 200}, now), /REVOKED\n.* 3 days ago\n$/)
  })

  it('token list: prints nothing for no tokens off a terminal', () => {
    assert.equal(tokenList([], pipe, now), '')
  })
})

describe('a hostile token', () => {
  const hostile = tokenWith({
    id: '1\u001B[31m',
    label: 'a\tb\nc\u202E',
    prefix: '\r',
    scopes: ['\u0007'],
    packages: ['\u009B'],
    createdAt: '2027-01-30T\u001B',
    rotatedAt: null,
    lastUsedAt: '\u0000',
    expiresAt: '\u2028',
    note: 'x\u0007',
  })

  it("token list: control characters can't break fields or lines", () => {
    assert.equal(
      tokenList([hostile], {...wide, isTerminal: false, columns: 80}, now),
      'a\\u{9}b\\u{a}c\\u{202e}\t1\\u{1b}[31m\t\\u{d}\t\\u{7}\t\\u{9b}\t2027-01-30T\\u{1b}\t\\u{0}\t\\u{2028}\tactive\tx\\u{7}\t-\t-\t-\t-\n',
    )
  })

  it("token list: control characters can't reach the terminal", () => {
    for (const columns of [40, 200]) {
      const text = tokenList([hostile], {...wide, columns}, now)
      assert.match(text, /a\\u\{9\}b\\u\{a\}c\\u\{202e\}/)
      assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Zl}\u202E]/u)
    }
  })
})
