import {fromNow, printable} from '@apkg/command-kit'
import {isTokenScope, type Scope} from '@apkg/wire'

import type {PlannedToken} from '../../account/token/planned-token.js'
import {tokenCommand} from '../../account/token/token-command.js'
import type {Token} from '../../account/token/token.js'
import {counted} from '../counted.js'
import {ownerName} from './owner-name.js'
import {shownPackages, tokenPackages} from './token-packages.js'

/** Everything about a new token except its value, which goes to stdout. */
export function createdTokenNotes(
  token: Token,
  registry: string,
  lifetimeNote?: string,
  time = (text: string) => text,
): string {
  const {id, label, note, scopes, organization, release, addresses, uses, expiresAt} = token
  const revoke = tokenCommand('revoke', id, {registry, organization})
  return [
    `Created token ${printable(label)}`,
    `  id        ${printable(id)}`,
    `  registry  ${registry}`,
    ...ownerLine(token),
    `  scopes    ${printable(scopes.join(', '))}`,
    `  packages  ${printable(shownPackages(token))}`,
    ...releaseLines(release),
    ...(addresses === null ? [] : [`  ip        ${printable(addresses.join(', '))}`]),
    ...(uses === null ? [] : [`  uses      ${uses}`]),
    `  expires   ${printable(expiresAt === null ? 'never' : time(expiresAt))}`,
    ...(note === null ? [] : [`  note      ${printable(note)}`]),
    ...(lifetimeNote === undefined ? [] : [lifetimeNote]),
    ...(expiresAt === null ? [`To revoke it, run \`${printable(revoke)}\`.`] : []),
  ].join('\n')
}

function ownerLine({organization, createdBy}: Pick<Token, 'organization' | 'createdBy'>): string[] {
  if (organization === null) return []
  return [`  owner     ${printable(ownerName({organization, createdBy}))}`]
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
  admin: 'do what `publish` allows, manage signing keys, and list, revoke and suspend your tokens',
}

function scopeLine(scope: string): string {
  return `  ${scope.padEnd(8)}  ${isTokenScope(scope) ? allows[scope] : ''}`.trimEnd()
}

function releaseLines(release: Token['release']): string[] {
  if (release === null) return []
  return [`  tarball   ${printable(release.integrity)}`, `  dist-tag  ${printable(release.tag)}`]
}

function allPackages(organization: string | null): string {
  return organization === null ? 'all that you can access' : `all of @${organization}`
}

/** What a token would allow, in words. */
export function plannedTokenNotes(token: PlannedToken, now: Date, lifetimeNote?: string): string {
  const {registry, label, note, scopes, packages, organization, release, addresses, uses, expiresAt} = token
  return [
    `Would create token ${printable(label)}`,
    `  registry  ${registry}`,
    ...ownerLine({organization, createdBy: null}),
    ...(release === null ? scopes.map(scopeLine) : [`  scopes    ${scopes.join(', ')}`]),
    `  packages  ${packages.length > 0 ? `only ${printable(tokenPackages(token).join(', '))}` : allPackages(organization)}`,
    ...releaseLines(release),
    ...(addresses === null ? [] : [`  ip        only ${printable(addresses.join(', '))}`]),
    ...(uses === null ? [] : [`  uses      ${counted(uses, 'change')} to packages`]),
    `  expires   ${expiresAt === null ? 'never' : `${fromNow(expiresAt, now)}, at ${expiresAt}`}`,
    ...(note === null ? [] : [`  note      ${printable(note)}`]),
    ...(lifetimeNote === undefined ? [] : [lifetimeNote]),
    'Dry run: no token was created.',
  ].join('\n')
}
