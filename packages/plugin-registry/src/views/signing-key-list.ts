import {timesOn, type Screen} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {SigningKeySummary} from '../operator/signing-key-summary.js'

/** A row per key: id, status, when it was created, when it expires. */
export function signingKeyList(keys: readonly SigningKeySummary[], screen: Screen, now: Date): string {
  const shown = timesOn(screen, now)
  const rows = keys.map(({keyId, status, createdAt, expiresAt}) => [
    keyId,
    status,
    shown(createdAt),
    expiresAt === null ? '-' : shown(expiresAt),
  ])
  return table(['ID', 'STATUS', 'CREATED', 'EXPIRED'], rows, screen, ['CREATED'])
}
