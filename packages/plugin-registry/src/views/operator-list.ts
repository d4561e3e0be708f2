import {fromNow, printable, type Screen} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {OperatorSummary} from '../operator/operator-summary.js'

/** A row per operator: name, state, and when the user became an operator. */
export function operatorList(operators: readonly OperatorSummary[], screen: Screen, now: Date): string {
  const rows = operators.map(({name, disabled, since}) => [
    name,
    disabled ? 'disabled' : 'enabled',
    screen.isTerminal ? fromNow(since, now) : since.slice(0, 10),
  ])
  return table(
    ['NAME', 'STATE', 'SINCE'],
    rows.map((row) => row.map(printable)),
    screen,
  )
}
