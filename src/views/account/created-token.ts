import {printable} from '@apkg/command-kit'

import {revokeCommand} from '../../account/token/revoke-command.js'
import type {Token} from '../../account/token/token.js'

/** What is said of a new token beside its value, which goes to stdout alone. */
export function createdTokenNotes({id, label, scopes, packages, expiresAt}: Token, registry: string): string {
  return [
    `Created API token: ${printable(label)}`,
    `  id        ${printable(id)}`,
    `  registry  ${registry}`,
    `  may       ${printable(scopes.join(', '))}`,
    `  for       ${packages.length > 0 ? printable(packages.join(', ')) : 'every package'}`,
    `  expires   ${printable(expiresAt ?? `never; revoke it with \`${revokeCommand(id, registry)}\``)}`,
    'The token is shown once and cannot be fetched again:',
  ].join('\n')
}
