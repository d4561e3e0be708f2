import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import type {Token} from '../../../src/account/token/token.js'
import {createdTokenNotes} from '../../../src/views/account/created-token.js'

const registry = 'https://r.example'

const token: Token = {
  id: '7k3f',
  label: 'ci',
  prefix: null,
  scopes: ['read', 'publish'],
  packages: [],
  createdAt: '2027-01-30T00:00:00Z',
  lastUsedAt: null,
  expiresAt: null,
}

describe('what is said of a new token', () => {
  it('names the command that revokes it where it does not expire', () => {
    assert.equal(
      createdTokenNotes(token, registry),
      `Created API token: ci
  id        7k3f
  registry  https://r.example
  may       read, publish
  for       every package
  expires   never; revoke it with \`apkg token revoke --registry https://r.example 7k3f\`
The token is shown once and cannot be fetched again:`,
    )
  })

  it('names its packages and its last moment, and keeps hostile texts on their lines', () => {
    const evil = 'a\u001B[2J\nb'
    const shown = 'a\\u{1b}[2J\\u{a}b'
    assert.equal(
      createdTokenNotes(
        {...token, id: evil, label: evil, scopes: [evil], packages: ['@a/x', evil], expiresAt: evil},
        registry,
      ),
      `Created API token: ${shown}
  id        ${shown}
  registry  https://r.example
  may       ${shown}
  for       @a/x, ${shown}
  expires   ${shown}
The token is shown once and cannot be fetched again:`,
    )
  })

  it('keeps a hostile id on its line in the command too', () => {
    const text = createdTokenNotes({...token, id: 'a\u001B[2J\nb'}, registry)
    assert.match(text, /never; revoke it with/)
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u)
    assert.equal(text.split('\n').length, 7)
  })
})
