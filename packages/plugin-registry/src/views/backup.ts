import type {BackupSummary, RestoreSummary} from '../operator/backups.js'
import {counted} from './counted.js'

/** The content of a backup, such as `2 users, 1 package with 3 versions, 0.5 MiB of tarballs`. */
export function backupContent({counts}: BackupSummary): string {
  const {users, packages, versions, bytes} = counts
  const size = `${(bytes / 1024 / 1024).toFixed(1)} MiB of tarballs`
  return `${counted(users, 'user')}, ${counted(packages, 'package')} with ${counted(versions, 'version')}, ${size}`
}

/** The result of a restore, and the next steps. */
export function restoreNote(summary: RestoreSummary): string {
  const {backup, createdAt, restored} = summary
  const content = `${createdAt} (${backupContent(summary)})`
  if (!restored) return `${backup} is a valid backup from ${content}`
  const {folder, database, sessionsEnded, tokensSuspended} = restored
  return [
    `Restored ${folder ?? database} to ${content}`,
    `Revoked ${counted(sessionsEnded, 'session')} and suspended ${counted(tokensSuspended, 'token')}, because the backup does not record later revocations.`,
    ...(tokensSuspended > 0
      ? [
          'To list the tokens, run `apkg registry token list --suspended`. To resume those that were not revoked later, run `apkg registry token resume <id>`.',
        ]
      : []),
  ].join('\n')
}
