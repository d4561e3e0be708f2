import {printable, type Screen} from '@apkg/command-kit'

import type {PinnedKey, Trust} from '../../trust/trust.js'
import {tableOrBlocks} from '@apkg/command-kit/table'

/** The scopes, the policies, the keys of registries. */
export function trustList({scopes, signatures, setupTransitive, registryKeys}: Trust, screen: Screen): string {
  const rows = [
    ...Object.entries(scopes).map(([scope, registry]) => [scope, registry]),
    ['signatures', signatures],
    ['setupTransitive', String(setupTransitive)],
    ...Object.entries(registryKeys).flatMap(([registry, keys]) => keys.map(({keyId}) => [registry, keyId])),
  ]
  return tableOrBlocks(['NAME', 'VALUE'], printableRows(rows), screen)
}

/** The keys of a registry: id, status, when it ends or ended. */
export function pinnedKeyList(keys: readonly PinnedKey[], screen: Screen): string {
  const rows = keys.map((key) => [key.keyId, key.status, screen.isTerminal ? endOf(key).slice(0, 10) : endOf(key)])
  return tableOrBlocks(['ID', 'STATUS', 'END'], printableRows(rows), screen)
}

function printableRows(rows: readonly (readonly string[])[]): string[][] {
  return rows.map((row) => row.map(printable))
}

/** Registries give a key without an end the last year that a date can have, since the original client needs one. */
function endOf({expiresAt = ''}: PinnedKey): string {
  return expiresAt.startsWith('9999-') ? 'never' : expiresAt
}
