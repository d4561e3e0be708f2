import {printable} from '@apkg/command-kit'

import type {OutdatedPackage} from '../../project/outdated/outdated-packages.js'
import {table} from '@apkg/command-kit/table'

/** Packages with the versions that they are at and could be at. */
export function outdatedTable(packages: readonly OutdatedPackage[], screen: {isTerminal: boolean}): string {
  const none = screen.isTerminal ? '—' : ''
  const rows = packages.map(({name, current, wanted, latest}) =>
    [name, ...[current, wanted, latest].map((version) => version ?? none)].map(printable),
  )
  return table(['Package', 'Current', 'Wanted', 'Latest'], rows, screen)
}
