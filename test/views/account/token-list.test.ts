import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import stringWidth from 'fast-string-width'

import type {Token} from '../../../src/account/token/token.js'
import {tokenList} from '../../../src/views/account/token-list.js'

const ci: Token = {
  id: '7k3f9q2m7k3f9q2m',
  label: 'ci',
  prefix: 'apkgt_AbCdEf',
  scopes: ['read', 'publish'],
  packages: [],
  createdAt: '2027-01-30T23:59:59.999Z',
  rotatedAt: null,
  lastUsedAt: null,
  expiresAt: null,
}

const laptop: Token = {
  id: 'tok-2',
  label: '日本のノート',
  prefix: null,
  scopes: [],
  packages: ['@a/x', '@b/*'],
  createdAt: 'yesterday',
  rotatedAt: null,
  lastUsedAt: '2027-01-31T08:00:00Z',
  expiresAt: '2027-12-31T00:00:00+01:00',
}

const wide = {isTerminal: true, columns: 200}

describe('the token list on a terminal', () => {
  it('token list: a table with titles, aligned also with wide characters', () => {
    const text = tokenList([ci, laptop], wide)
    assert.equal(
      text,
      `LABEL         ID                PREFIX        SCOPES        PACKAGES   CREATED     LAST USED   EXPIRES
ci            7k3f9q2m7k3f9q2m  apkgt_AbCdEf  read,publish  *          2027-01-30  never       never
日本のノート  tok-2             -                           @a/x,@b/*  yesterday   2027-01-31  2027-12-31
`,
    )
    const lines = text.split('\n')
    const columns = [lines[1]!.indexOf('7k3f'), stringWidth(lines[2]!.slice(0, lines[2]!.indexOf('tok-2')))]
    assert.deepEqual(columns, [14, 14])
  })

  it('token list: stays a table as long as it fits', () => {
    const width = Math.max(
      ...tokenList([ci], wide)
        .split('\n')
        .map((line) => stringWidth(line)),
    )
    assert.match(tokenList([ci], {isTerminal: true, columns: width}), /^LABEL /)
    assert.match(tokenList([ci], {isTerminal: true, columns: width - 1}), /^ci\n/)
  })

  it("token list: switches to blocks if the table doesn't fit", () => {
    assert.equal(
      tokenList([ci, laptop], {isTerminal: true, columns: 60}),
      `ci
  id         7k3f9q2m7k3f9q2m
  prefix     apkgt_AbCdEf
  scopes     read,publish
  packages   *
  created    2027-01-30
  last used  never
  expires    never

日本のノート
  id         tok-2
  prefix     -
  scopes     
  packages   @a/x,@b/*
  created    yesterday
  last used  2027-01-31
  expires    2027-12-31
`,
    )
  })

  it('token list: prints nothing for no tokens on a terminal', () => {
    assert.equal(tokenList([], wide), '')
  })
})

describe('the token list off a terminal', () => {
  const pipe = {isTerminal: false, columns: 80}

  it('token list: prints tab-separated fields without titles off a terminal', () => {
    assert.equal(
      tokenList([ci, laptop], pipe),
      'ci\t7k3f9q2m7k3f9q2m\tapkgt_AbCdEf\tread,publish\t*\t2027-01-30T23:59:59.999Z\tnever\tnever\n' +
        '日本のノート\ttok-2\t-\t\t@a/x,@b/*\tyesterday\t2027-01-31T08:00:00Z\t2027-12-31T00:00:00+01:00\n',
    )
  })

  it('token list: prints nothing for no tokens off a terminal', () => {
    assert.equal(tokenList([], pipe), '')
  })
})

describe('a hostile token', () => {
  const hostile: Token = {
    id: '1\u001B[31m',
    label: 'a\tb\nc\u202E',
    prefix: '\r',
    scopes: ['\u0007'],
    packages: ['\u009B'],
    createdAt: '2027-01-30T\u001B',
    rotatedAt: null,
    lastUsedAt: '\u0000',
    expiresAt: '\u2028',
  }

  it("token list: control characters can't break fields or lines", () => {
    assert.equal(
      tokenList([hostile], {isTerminal: false, columns: 80}),
      'a\\u{9}b\\u{a}c\\u{202e}\t1\\u{1b}[31m\t\\u{d}\t\\u{7}\t\\u{9b}\t2027-01-30T\\u{1b}\t\\u{0}\t\\u{2028}\n',
    )
  })

  it("token list: control characters can't reach the terminal", () => {
    for (const columns of [40, 200]) {
      const text = tokenList([hostile], {isTerminal: true, columns})
      assert.match(text, /a\\u\{9\}b\\u\{a\}c\\u\{202e\}/)
      assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Zl}\u202E]/u)
    }
  })
})
