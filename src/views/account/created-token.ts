import {printable} from '@apkg/command-kit'

import {revokeCommand} from '../../account/token/revoke-command.js'
import type {Delivery} from '../../account/token/token-destination.js'
import type {Token} from '../../account/token/token.js'

/** Everything about a new token except its value, which goes to stdout. */
export function createdTokenNotes(
  {id, label, scopes, packages, expiresAt}: Token,
  registry: string,
  lifetimeNote?: string,
): string {
  return [
    `Created API token: ${printable(label)}`,
    `  id        ${printable(id)}`,
    `  registry  ${registry}`,
    `  scopes    ${printable(scopes.join(', '))}`,
    `  packages  ${packages.length > 0 ? printable(packages.join(', ')) : 'all'}`,
    `  expires   ${printable(expiresAt ?? `never (to revoke it: \`${revokeCommand(id, registry)}\`)`)}`,
    ...(lifetimeNote === undefined ? [] : [lifetimeNote]),
  ].join('\n')
}

/** Precedes a value on stdout. */
export const copyNow = "Copy the token now. It won't be shown again:"

/** Where a value that wasn't printed is now. */
export function deliveryNote({file, delivered}: Delivery): string {
  if (file !== undefined) return `Wrote the token to ${printable(file)}.`
  return `Passed the token to \`${printable(delivered?.command ?? '')}\`.`
}
