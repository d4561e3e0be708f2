import {printable} from '@apkg/command-kit'

import type {PinnedKey, Trust} from '../trust/trust.js'

/** A line each, its fields separated by tabs: the scopes, the policies, the keys of registries. */
export function trustText({scopes, signatures, setupTransitive, registryKeys}: Trust): string {
  const rows = [
    ...Object.entries(scopes).map(([scope, registry]) => [scope, registry]),
    ['signatures', signatures],
    ['setupTransitive', String(setupTransitive)],
    ...Object.entries(registryKeys).flatMap(([registry, keys]) => keys.map(({keyId}) => [registry, keyId])),
  ]
  return rows.map((fields) => `${fields.map(printable).join('\t')}\n`).join('')
}

/** A line a key: its id, its status, when it ends or ended. */
export function pinnedKeyLines(keys: readonly PinnedKey[]): string {
  return keys.map((key) => `${[key.keyId, key.status, endOf(key)].map(printable).join('\t')}\n`).join('')
}

/** Registries give a key without an end the last year that a date can have, since the original client needs one. */
function endOf({expiresAt = ''}: PinnedKey): string {
  return expiresAt.startsWith('9999-') ? 'never' : expiresAt
}
