import {printable} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {UserSummary} from '../operator/user-summary.js'

/** A row per user: name, email, state, MFA, date of creation. */
export function userList(users: readonly UserSummary[], screen: {isTerminal: boolean}): string {
  const rows = users.map((user) => fields(user).map(printable))
  return table(['NAME', 'EMAIL', 'STATE', 'MFA', 'CREATED'], rows, screen)
}

function fields({name, email, disabled, mfa, createdAt}: UserSummary): string[] {
  return [name, email, disabled ? 'disabled' : 'enabled', mfa ? 'mfa' : 'no mfa', createdAt.slice(0, 10)]
}
