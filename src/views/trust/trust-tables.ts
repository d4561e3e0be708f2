import {printable, type Screen} from '@apkg/command-kit'

import type {PinnedKey, Trust} from '../../trust/trust-store.js'
import {tableOrBlocks} from '@apkg/command-kit/table'

/** The pinned scopes, the policies and the registries' keys. */
export function trustTable({scopes, registryKeys, ...policies}: Trust, screen: Screen): string {
  const rows = [
    ...Object.entries(scopes).map(([scope, registry]) => [scope, registry]),
    ['signatures', policies.signatures],
    ['attestations', policies.attestations],
    ['takedowns', policies.takedowns],
    ['setupTransitive', String(policies.setupTransitive)],
    ...Object.entries(registryKeys).flatMap(([registry, keys]) => keys.map(({keyId}) => [registry, keyId])),
  ]
  return tableOrBlocks(['NAME', 'VALUE'], printableRows(rows), screen)
}

/** The pinned keys of a registry: id, status, expiry. */
export function pinnedKeyTable(keys: readonly PinnedKey[], screen: Screen): string {
  const rows = keys.map((key) => {
    const expiry = expiryOf(key)
    return [key.keyId, key.status, screen.isTerminal ? expiry.slice(0, 10) : expiry]
  })
  return tableOrBlocks(['ID', 'STATUS', 'EXPIRES'], printableRows(rows), screen)
}

function printableRows(rows: readonly (readonly string[])[]): string[][] {
  return rows.map((row) => row.map(printable))
}

/** The original client requires an expiry, so registries use the year 9999 for keys that don't expire. */
function expiryOf({expiresAt}: PinnedKey): string {
  return expiresAt === undefined || expiresAt.startsWith('9999-') ? 'never' : expiresAt
}
