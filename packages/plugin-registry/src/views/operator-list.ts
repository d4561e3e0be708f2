import {printable} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {OperatorSummary} from '../operator/operator-summary.js'

/** A row per operator: name, state, date of becoming one. */
export function operatorList(operators: readonly OperatorSummary[], screen: {isTerminal: boolean}): string {
  const rows = operators.map(({name, disabled, since}) => [name, disabled ? 'disabled' : 'enabled', since.slice(0, 10)])
  return table(
    ['NAME', 'STATE', 'SINCE'],
    rows.map((row) => row.map(printable)),
    screen,
  )
}
