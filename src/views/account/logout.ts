import {printableLines} from '@apkg/command-kit'

import type {LogoutReport} from '../../account/session/log-out.js'

/** What is said of a logout: nothing where there was nothing to do. */
export function logoutLines({registry, session, reason = ''}: LogoutReport): string[] {
  switch (session) {
    case 'nothing-stored':
      return []
    case 'ended':
      return [`Logged out of ${registry}. Session revoked.`]
    case 'not-offered':
      return [`Logged out of ${registry}. It cannot end sessions; this one expires by itself.`]
    case 'failed':
      return [
        `Logged out of ${registry}. The session there was not ended and expires by itself: ${printableLines(reason)}.`,
      ]
    case 'token-lives':
      return [`Logged out of ${registry}. The token was forgotten, not revoked: \`apkg token revoke\` does that.`]
  }
}
