import {printable, type Screen} from '@apkg/command-kit'

import type {OutdatedPackage} from '../../project/outdated/outdated-packages.js'
import {table} from '@apkg/command-kit/table'

/** Outdated packages with their current, wanted and latest versions. */
export function outdatedTable(packages: readonly OutdatedPackage[], screen: Screen): string {
  const none = screen.isTerminal ? '—' : ''
  const rows = packages.map(({name, current, wanted, latest}) =>
    [name, ...[current, wanted, latest].map((version) => version ?? none)].map(printable),
  )
  return table(['PACKAGE', 'CURRENT', 'WANTED', 'LATEST'], rows, screen)
}
