import type {BackupSummary, RestoreSummary} from '../operator/back-up.js'

/** What a backup holds, in half a sentence. */
export function backupContent({counts}: BackupSummary): string {
  const {users, packages, versions, bytes} = counts
  const size = `${(bytes / 1024 / 1024).toFixed(1)} MiB of tarballs`
  return `${counted(users, 'user')}, ${counted(packages, 'package')} with ${counted(versions, 'version')}, ${size}`
}

/** What a restore did, and what is left to do. */
export function restoreNote(summary: RestoreSummary): string {
  const {backup, createdAt, restored} = summary
  const content = `${createdAt}: ${backupContent(summary)}`
  if (!restored) return `${backup} is whole. It is of ${content}`
  const {folder, sessionsEnded, tokensSuspended} = restored
  return [
    `Restored ${folder} as of ${content}`,
    `Ended ${counted(sessionsEnded, 'session')} and suspended ${counted(tokensSuspended, 'token')}: the backup does not know which were revoked since.`,
    ...(tokensSuspended > 0
      ? ['`apkg registry token suspended` lists them; `apkg registry token resume --all` lets them work again.']
      : []),
  ].join('\n')
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}
