import {printable, printableLines, type StoredLogin, success} from '@apkg/command-kit'

import type {LogoutReport} from '../../account/session/logout.js'

/**
 * The outcome of a logout.
 *
 * @param others logins for other registries, if there was none for this one.
 */
export function logoutLines(
  {registry, session, reason = ''}: LogoutReport,
  others: readonly Pick<StoredLogin, 'registry' | 'username'>[] = [],
): string[] {
  switch (session) {
    case 'nothing-stored':
      return [
        `Not logged in to ${registry}`,
        ...others.map(
          (other) =>
            `Still logged in to ${printable(other.registry)} as ${printable(other.username)}. To log out there, run \`apkg logout --registry ${printable(other.registry)}\``,
        ),
      ]
    case 'revoked':
      return [success(`Logged out of ${registry}. Session revoked.`)]
    case 'not-offered':
      return [
        `Logged out of ${registry}. This registry can't revoke sessions, so the session stays valid until it expires.`,
      ]
    case 'failed':
      return [
        `Logged out of ${registry}, but the session could not be revoked: ${printableLines(reason)}. It stays valid until it expires.`,
      ]
    case 'token-still-valid':
      return [
        `Logged out of ${registry}. The token itself is still valid. To revoke it, pipe its value into \`apkg token revoke --values-stdin --registry ${registry}\`, or run \`apkg login\`, then \`apkg token list\` to find its ID and \`apkg token revoke <id>\`.`,
      ]
  }
}
