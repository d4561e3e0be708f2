import type {Screen} from '@apkg/command-kit'
import {tableOrBlocks} from '@apkg/command-kit/table'

import type {SigningKeySummary} from '../operator/signing-key-summary.js'

/** A row per key: id, status, when it was created, when it expires. */
export function signingKeyList(keys: readonly SigningKeySummary[], screen: Screen): string {
  const shown = (time: string) => (screen.isTerminal ? time.slice(0, 10) : time)
  const rows = keys.map(({keyId, status, createdAt, expiresAt}) => [
    keyId,
    status,
    shown(createdAt),
    expiresAt === null ? '-' : shown(expiresAt),
  ])
  return tableOrBlocks(['ID', 'STATUS', 'CREATED', 'EXPIRED'], rows, screen)
}
