import {printable, timesOn, type Screen} from '@apkg/command-kit'

import type {PinnedKey, Trust} from '../../trust/trust-store.js'
import {table} from '@apkg/command-kit/table'

/**
 * The routes of scopes, including those accepted for projects, the policies and the registries' keys. A terminal shows a table
 * for each.
 *
 * @param isSignaturePolicySet otherwise, unsigned packages are only counted.
 */
export function trustTable(trust: Trust, isSignaturePolicySet: boolean, screen: Screen): string {
  const signatures = isSignaturePolicySet ? trust.signatures : 'not set'
  const {attestations, takedowns, setupTransitive} = trust
  const policies: [name: keyof typeof meanings, value: string][] = [
    ['signatures', signatures],
    ['attestations', attestations],
    ['takedowns', takedowns],
    ['setupTransitive', String(setupTransitive)],
  ]
  const routes = [
    ...Object.entries(trust.scopes).map(([scope, registry]) => [scope, registry]),
    ...Object.entries(trust.projects).flatMap(([project, accepted]) =>
      Object.entries(accepted).map(([scope, registry]) => [`${scope} in ${project}`, registry]),
    ),
  ]
  const keys = Object.entries(trust.registryKeys).flatMap(([registry, pinned]) =>
    pinned.map(({keyId}) => [registry, keyId]),
  )
  if (!screen.isTerminal) return table([], printableRows([...routes, ...policies, ...keys]), screen)
  const explained = policies.map(([name, value]) => [name, value, meanings[name][value] ?? ''])
  return [
    table(['SCOPE', 'REGISTRY'], printableRows(routes), screen),
    table(['POLICY', 'VALUE', 'MEANING'], printableRows(explained), screen),
    table(['REGISTRY', 'PINNED KEY'], printableRows(keys), screen, ['PINNED KEY']),
  ]
    .filter((text) => text !== '')
    .join('\n')
}

/** What the values of policies mean, in a phrase. */
const meanings = {
  signatures: {
    'not set': 'unsigned packages are counted',
    off: 'signatures are not verified',
    warn: 'unsigned packages cause a warning',
    require: 'unsigned packages are refused',
  },
  attestations: {
    off: 'unattested versions are installed as unsigned',
    require: 'unattested versions are refused once keys are pinned',
  },
  takedowns: {
    check: 'installs continue if the check fails',
    require: 'installs fail if the check fails',
  },
  setupTransitive: {
    true: 'transitive dependencies are set up too',
    false: 'only direct dependencies are set up',
  },
} as const satisfies Record<string, Record<string, string>> as Record<
  'signatures' | 'attestations' | 'takedowns' | 'setupTransitive',
  Readonly<Record<string, string>>
>

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
