import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {logoutLines} from '../../../src/views/account/logout.js'

describe('what is said of a logout', () => {
  const reason = 'Cannot end the session at R: Bad\u001B\n  - x: no'
  for (const [session, lines] of [
    ['nothing-stored', []],
    ['ended', ['Logged out of R. Session revoked.']],
    ['not-offered', ['Logged out of R. It cannot end sessions; this one expires by itself.']],
    [
      'failed',
      [
        'Logged out of R. The session there was not ended and expires by itself: Cannot end the session at R: Bad\\u{1b}\n  - x: no.',
      ],
    ],
    ['token-lives', ['Logged out of R. The token was forgotten, not revoked: `apkg token revoke` does that.']],
  ] as const) {
    it(`is ${lines.length === 0 ? 'nothing' : 'a line'} when it is ${session}`, () => {
      assert.deepEqual(
        logoutLines({registry: 'R', username: null, session, ...(session === 'failed' && {reason})}),
        lines,
      )
    })
  }
})
