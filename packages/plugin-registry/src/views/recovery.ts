import {success} from '@apkg/command-kit'

import type {RecoverySummary} from '../operator/recover-registry.js'
import {counted} from './counted.js'

/** The result of accepting an older database, and the next steps. */
export function recoveryNote({recovered, sessionsEnded, tokensSuspended}: RecoverySummary): string {
  if (!recovered) return 'The database is up to date. Nothing to recover'
  return [
    success(
      `Accepted the database. Revoked ${counted(sessionsEnded, 'session')} and suspended ${counted(tokensSuspended, 'token')}, because the database does not record later revocations.`,
    ),
    ...(tokensSuspended > 0
      ? [
          'To list the tokens, run `apkg registry token list --suspended`. To resume those that were not revoked later, run `apkg registry token resume <id>`.',
        ]
      : []),
  ].join('\n')
}
