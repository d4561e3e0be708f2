import {printable} from '@apkg/command-kit'

import type {UserSummary} from '../operator/user-summary.js'

/** A line a user, its fields separated by tabs: name, email, state, MFA, day of creation. */
export function userList(users: readonly UserSummary[]): string {
  return users.map((user) => `${fields(user).map(printable).join('\t')}\n`).join('')
}

function fields({name, email, disabled, mfa, createdAt}: UserSummary): string[] {
  return [name, email, disabled ? 'disabled' : 'enabled', mfa ? 'mfa' : 'no mfa', createdAt.slice(0, 10)]
}
