import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {logoutLines} from '../../src/views/logout.js'

describe('what is said of a logout', () => {
  for (const [session, lines] of [
    ['nothing-stored', []],
    ['ended', ['Logged out of R. The session was ended there.']],
    ['not-offered', ['Logged out of R. It cannot end sessions; this one expires by itself.']],
    ['failed', ['Logged out of R. It could not be reached, so the session there expires by itself.']],
    ['token-lives', ['Logged out of R. The token was forgotten, not revoked: `apkg token revoke` does that.']],
  ] as const) {
    it(`is ${lines.length === 0 ? 'nothing' : 'a line'} when it is ${session}`, () => {
      assert.deepEqual(logoutLines({registry: 'R', username: null, session}), lines)
    })
  }
})
