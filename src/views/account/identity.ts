import {printable, timesOn, type Screen} from '@apkg/command-kit'

import type {Identity} from '../../account/session/identity.js'
import type {JobSource} from '../../account/trusted-publishing/job-source.js'
import {factLines} from '../facts.js'
import {jobFacts, jobName} from './job-name.js'
import {ownerName} from './owner-name.js'
import {counted} from '../counted.js'
import {shownPackages} from './token-packages.js'

/** The user you are logged in as and the credential in use, one fact per line. */
export function identityLines(
  {username, organization, email, mfaEnabled, scopes, organizations, credential, ...rest}: Identity,
  screen: Screen,
  now: Date,
): string {
  const memberships = organizations.map(({name, role}) => `${name} (${role})`).join(', ')
  const facts: [string, string][] = [
    ...ownerFacts({username, organization, email, mfaEnabled, credential}),
    ['Scopes', scopes.join(', ') || 'none'],
    // A token of an organization has no rights in others.
    ...(memberships && organization === null ? [['Organizations', memberships] as [string, string]] : []),
    ...(rest.operator ? [['Role', 'operator'] as [string, string]] : []),
    ['Registry', rest.registry],
    ['Credential', credentialLine(credential, organization, timesOn(screen, now))],
    ...tokenVariableFacts(rest.tokenVariable, [credential.source, ...rest.shadowed]),
    ...rest.shadowed.map((source): [string, string] => ['Unused credential', source]),
  ]
  const printed = facts.map(([name, value]) => [name, printable(value)] as const)
  return factLines(printed, screen)
    .map((line) => `${line}\n`)
    .join('')
}

/** A shadowed source can be followed by its problem, in parentheses. */
function tokenVariableFacts(name: string | null, sources: readonly string[]): [string, string][] {
  if (name === null) return []
  const isSet = sources.some((source) => source === name || source.startsWith(`${name} (`))
  return [['Token variable', isSet ? name : `${name} (not set)`]]
}

type Owner = Pick<Identity, 'username' | 'organization' | 'email' | 'mfaEnabled' | 'credential'>

function ownerFacts({organization, credential, ...person}: Owner): [string, string][] {
  if (credential.job) return publisherFacts(credential.job)
  if (organization === null) return personFacts(person)
  return [['Organization', ownerName({organization, createdBy: person.username})]]
}

function personFacts({username, email, mfaEnabled}: Pick<Identity, 'username' | 'email' | 'mfaEnabled'>) {
  const mfa: [string, string][] = mfaEnabled === null ? [] : [['MFA', mfaEnabled ? 'enabled' : 'disabled']]
  const facts: [string, string][] = [['Username', username], ['Email', email], ...mfa]
  return facts
}

function publisherFacts(job: JobSource): [string, string][] {
  return [['Trusted publisher', jobName(job)], ...jobFacts(job)]
}

function credentialLine(
  {source, kind, id, label, packages, release, addresses, uses, usesLeft, isOldValue, ...times}: Identity['credential'],
  organization: string | null,
  time: (text: string) => string,
): string {
  const expiresAt = times.sessionExpiresAt ?? times.expiresAt
  const details = [
    kind === 'token' ? `token${label === null ? '' : ` "${label}"`}` : kind,
    id && kind === 'token' ? `ID ${id}` : undefined,
    isOldValue ? 'old value of a rotated token' : undefined,
    packages && (packages.length > 0 || organization !== null)
      ? `limited to ${shownPackages({packages, release, organization})}`
      : undefined,
    addresses === null ? undefined : `only from ${addresses.join(', ')}`,
    uses === null ? undefined : `${usesLeft} of ${counted(uses, 'use')} left`,
    kind && endOf(expiresAt, isOldValue, time),
  ].filter(Boolean)
  return details.length > 0 ? `${source} (${details.join(', ')})` : source
}

function endOf(expiresAt: string | null, isOldValue: boolean | null, time: (text: string) => string): string {
  if (expiresAt !== null) return `expires ${time(expiresAt)}`
  return isOldValue ? 'works until the new value is used, and for the grace period after that' : 'does not expire'
}
