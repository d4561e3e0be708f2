import {printable} from '@apkg/command-kit'

import {revokeCommand} from '../../account/token/revoke-command.js'
import type {Token} from '../../account/token/token.js'

/** Everything about a new token except its value, which goes to stdout. */
export function createdTokenNotes({id, label, scopes, packages, expiresAt}: Token, registry: string): string {
  return [
    `Created API token: ${printable(label)}`,
    `  id        ${printable(id)}`,
    `  registry  ${registry}`,
    `  scopes    ${printable(scopes.join(', '))}`,
    `  packages  ${packages.length > 0 ? printable(packages.join(', ')) : 'all'}`,
    `  expires   ${printable(expiresAt ?? `never (to revoke it: \`${revokeCommand(id, registry)}\`)`)}`,
    "Copy the token now. It won't be shown again:",
  ].join('\n')
}
