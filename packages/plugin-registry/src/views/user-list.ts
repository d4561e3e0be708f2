import {printable} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {UserSummary} from '../operator/user-summary.js'

/** A row per user: name, email, state, MFA, date of creation, role. */
export function userList(users: readonly UserSummary[], screen: {isTerminal: boolean}): string {
  const rows = users.map((user) => fields(user).map(printable))
  return table(['NAME', 'EMAIL', 'STATE', 'MFA', 'CREATED', 'ROLE'], rows, screen)
}

function fields({name, email, disabled, mfa, createdAt, operator}: UserSummary): string[] {
  const state = disabled ? 'disabled' : 'enabled'
  return [name, email, state, mfa ? 'mfa' : 'no mfa', createdAt.slice(0, 10), operator ? 'operator' : '-']
}
