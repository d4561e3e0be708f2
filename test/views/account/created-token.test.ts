import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {createdTokenNotes} from '../../../src/views/account/created-token.js'
import {tokenWith} from '../../support/tokens.js'

const registry = 'https://r.example'

const token = tokenWith({id: '7k3f'})

describe('the notes about a new token', () => {
  it('created token: a token without an expiry shows the command that revokes it', () => {
    assert.equal(
      createdTokenNotes(token, registry),
      `Created token ci
  id        7k3f
  registry  https://r.example
  scopes    read, publish
  packages  all
  expires   never
To revoke it, run \`apkg token revoke --registry https://r.example 7k3f\`.`,
    )
  })

  it('created token: shows packages and expiry, and escapes control characters', () => {
    const evil = 'a\u001B[2J\nb'
    const shown = 'a\\u{1b}[2J\\u{a}b'
    assert.equal(
      createdTokenNotes(
        {...token, id: evil, label: evil, scopes: [evil], packages: ['@a/x', evil], expiresAt: evil},
        registry,
      ),
      `Created token ${shown}
  id        ${shown}
  registry  https://r.example
  scopes    ${shown}
  packages  @a/x, ${shown}
  expires   ${shown}`,
    )
  })

  it('created token: escapes control characters in the revoke command', () => {
    const text = createdTokenNotes({...token, id: 'a\u001B[2J\nb'}, registry)
    assert.match(text, /never\nTo revoke it, run /)
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u)
    assert.equal(text.split('\n').length, 7)
  })
})
