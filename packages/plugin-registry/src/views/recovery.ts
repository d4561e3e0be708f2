import type {RecoverySummary} from '../operator/recover-registry.js'
import {counted} from './counted.js'

/** What accepting an older database did, and what to do next. */
export function recoveryNote({recovered, sessionsEnded, tokensSuspended}: RecoverySummary): string {
  if (!recovered) return 'The database is up to date. There is nothing to recover'
  return [
    `Accepted the database. Revoked ${counted(sessionsEnded, 'session')} and suspended ${counted(tokensSuspended, 'token')}, because the database does not record later revocations.`,
    ...(tokensSuspended > 0
      ? [
          'To list the tokens, run `apkg registry token suspended`. To resume those that were not revoked later, run `apkg registry token resume <id>`.',
        ]
      : []),
  ].join('\n')
}
