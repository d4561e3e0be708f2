import {printable, timesOn, type Screen} from '@apkg/command-kit'

import type {Identity} from '../../account/session/identity.js'
import type {JobSource} from '../../account/trusted-publishing/job-source.js'
import {factLines} from '../facts.js'
import {jobFacts, jobName} from './job-name.js'
import {ownerName} from './owner-name.js'
import {tokenPackages} from './token-packages.js'

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
    ['Credential', credentialLine(credential, timesOn(screen, now))],
    ...(rest.tokenVariable === null ? [] : [['Token variable', rest.tokenVariable] as [string, string]]),
    ...rest.shadowed.map((source): [string, string] => ['Unused credential', source]),
  ]
  const printed = facts.map(([name, value]) => [name, printable(value)] as const)
  return factLines(printed, screen)
    .map((line) => `${line}\n`)
    .join('')
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
  {source, kind, id, label, packages, release, addresses, uses, usesLeft, ...times}: Identity['credential'],
  time: (text: string) => string,
): string {
  const expiresAt = times.sessionExpiresAt ?? times.expiresAt
  const details = [
    kind === 'token' ? `token${label === null ? '' : ` "${label}"`}` : kind,
    id && kind === 'token' ? `ID ${id}` : undefined,
    packages && packages.length > 0 ? `limited to ${tokenPackages({packages, release}).join(', ')}` : undefined,
    addresses === null ? undefined : `only from ${addresses.join(', ')}`,
    uses === null ? undefined : `${usesLeft} of ${uses} uses left`,
    kind && (expiresAt ? `expires ${time(expiresAt)}` : 'does not expire'),
  ].filter(Boolean)
  return details.length > 0 ? `${source} (${details.join(', ')})` : source
}
