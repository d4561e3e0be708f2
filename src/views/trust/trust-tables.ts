import {printable, timesOn, type Screen} from '@apkg/command-kit'

import type {PinnedKey, Trust} from '../../trust/trust-store.js'
import {table} from '@apkg/command-kit/table'

/**
 * The routes of scopes, including those accepted for projects, the policies and the registries' keys.
 *
 * @param isSignaturePolicySet otherwise, unsigned packages are only counted.
 */
export function trustTable(
  {scopes, projects, registryKeys, ...policies}: Trust,
  isSignaturePolicySet: boolean,
  screen: Screen,
): string {
  const rows = [
    ...Object.entries(scopes).map(([scope, registry]) => [scope, registry]),
    ...Object.entries(projects).flatMap(([project, accepted]) =>
      Object.entries(accepted).map(([scope, registry]) => [`${scope} in ${project}`, registry]),
    ),
    ['signatures', isSignaturePolicySet ? policies.signatures : 'not set'],
    ['attestations', policies.attestations],
    ['takedowns', policies.takedowns],
    ['setupTransitive', String(policies.setupTransitive)],
    ...Object.entries(registryKeys).flatMap(([registry, keys]) => keys.map(({keyId}) => [registry, keyId])),
  ]
  return table(['NAME', 'VALUE'], printableRows(rows), screen)
}

/** Where packages come from if no scope is routed for all projects. */
export function routesNote({scopes, projects}: Trust): string | undefined {
  if (Object.keys(scopes).length > 0) return undefined
  const add = 'To add another for a scope, run `apkg trust add`.'
  return Object.keys(projects).length > 0
    ? `Outside these projects, all packages come from the selected registry. ${add}`
    : `All packages come from the selected registry. ${add}`
}

/** The pinned keys of a registry: id, status, expiry. */
export function pinnedKeyTable(keys: readonly PinnedKey[], screen: Screen, now: Date): string {
  const time = timesOn(screen, now)
  const rows = keys.map((key) => {
    const expiry = expiryOf(key)
    return [key.keyId, key.status, time(expiry)]
  })
  return table(['ID', 'STATUS', 'EXPIRES'], printableRows(rows), screen)
}

function printableRows(rows: readonly (readonly string[])[]): string[][] {
  return rows.map((row) => row.map(printable))
}

/** The original client requires an expiry, so registries use the year 9999 for keys that don't expire. */
function expiryOf({expiresAt}: PinnedKey): string {
  return expiresAt === undefined || expiresAt.startsWith('9999-') ? 'never' : expiresAt
}
