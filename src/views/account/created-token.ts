import {fromNow, printable} from '@apkg/command-kit'
import {isTokenScope, type Scope} from '@apkg/wire'

import type {PlannedToken} from '../../account/token/planned-token.js'
import {revokeCommand} from '../../account/token/revoke-command.js'
import type {Delivery} from '../../account/token/token-destination.js'
import type {Token} from '../../account/token/token.js'

/** Everything about a new token except its value, which goes to stdout. */
export function createdTokenNotes(
  {id, label, note, scopes, packages, expiresAt}: Token,
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
    ...(note === null ? [] : [`  note      ${printable(note)}`]),
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

const allows: Record<Scope, string> = {
  read: 'read private packages',
  publish: 'read private packages, and publish, tag and deprecate packages',
  ci: 'read private packages, and publish, tag and deprecate packages',
  'publish:new': 'publish packages that do not exist yet',
  'publish:update': 'publish versions of packages that exist',
  tag: 'set and remove dist-tags',
  deprecate: 'deprecate packages and versions',
  'token:read': 'list your tokens',
  'token:rotate': 'rotate itself',
  admin: 'do what `publish` allows, manage signing keys, and list and revoke your tokens',
}

/** What a token would allow, in words. */
export function plannedTokenNotes(
  {registry, label, note, scopes, packages, expiresAt}: PlannedToken,
  now: Date,
  lifetimeNote?: string,
): string {
  return [
    `Would create API token: ${printable(label)}`,
    `  registry  ${registry}`,
    ...scopes.map((scope) => `  ${scope.padEnd(8)}  ${isTokenScope(scope) ? allows[scope] : ''}`.trimEnd()),
    `  packages  ${packages.length > 0 ? `only ${printable(packages.join(', '))}` : 'all that you can access'}`,
    `  expires   ${expiresAt === null ? 'never' : `${fromNow(expiresAt, now)}, at ${expiresAt}`}`,
    ...(note === null ? [] : [`  note      ${printable(note)}`]),
    ...(lifetimeNote === undefined ? [] : [lifetimeNote]),
    'Dry run: no token was created.',
  ].join('\n')
}
