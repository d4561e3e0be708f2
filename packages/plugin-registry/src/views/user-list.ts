import {fromNow, printable, type Screen} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {UserSummary} from '../operator/user-summary.js'

/** A row per user: name, email, state, MFA, date of creation, role. */
export function userList(users: readonly UserSummary[], screen: Screen, now: Date): string {
  const time = (text: string) => (screen.isTerminal ? fromNow(text, now) : text.slice(0, 10))
  const rows = users.map((user) => fields(user, time).map(printable))
  return table(['NAME', 'EMAIL', 'STATE', 'MFA', 'CREATED', 'ROLE'], rows, screen, ['CREATED', 'EMAIL'])
}

function fields(
  {name, email, disabled, mfa, createdAt, operator}: UserSummary,
  time: (text: string) => string,
): string[] {
  const state = disabled ? 'disabled' : 'enabled'
  return [name, email, state, mfa ? 'mfa' : 'no mfa', time(createdAt), operator ? 'operator' : '-']
}
