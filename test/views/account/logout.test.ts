import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {success} from '@apkg/command-kit'

import {logoutLines} from '../../../src/views/account/logout.js'

describe('the outcome of a logout', () => {
  const reason = 'Cannot revoke the session at R: Bad\u001B\n  - x: no'
  for (const [session, lines] of [
    ['nothing-stored', ['Not logged in to R']],
    ['revoked', [success('Logged out of R. Session revoked.')]],
    [
      'not-offered',
      ["Logged out of R. This registry can't revoke sessions, so the session stays valid until it expires."],
    ],
    [
      'failed',
      [
        'Logged out of R, but the session could not be revoked: Cannot revoke the session at R: Bad\\u{1b}\n  - x: no. It stays valid until it expires.',
      ],
    ],
    [
      'token-still-valid',
      [
        'Logged out of R. The token itself is still valid. To revoke it, pipe its value into `apkg token revoke --values-stdin --registry R`, or run `apkg login`, then `apkg token list` to find its ID and `apkg token revoke <id>`.',
      ],
    ],
  ] as const) {
    it(`logout: prints one line for ${session}`, () => {
      assert.deepEqual(
        logoutLines({registry: 'R', username: null, session, ...(session === 'failed' && {reason})}),
        lines,
      )
    })
  }
})
