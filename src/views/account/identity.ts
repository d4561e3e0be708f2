import {printable} from '@apkg/command-kit'

import type {Identity} from '../../account/session/identity.js'

/** The user you are logged in as and the credential in use, one fact per line. */
export function identityLines({
  username,
  email,
  mfaEnabled,
  scopes,
  organizations,
  credential,
  ...rest
}: Identity): string {
  const organization = organizations.map(({name, role}) => `${name} (${role})`).join(', ')
  const facts: [string, string][] = [
    ['Username', username],
    ['Email', email],
    ...(mfaEnabled === null ? [] : [['MFA', mfaEnabled ? 'enabled' : 'disabled'] as [string, string]]),
    ['Scopes', scopes.join(', ') || 'none'],
    ...(organization ? [['Organizations', organization] as [string, string]] : []),
    ...(rest.operator ? [['Role', 'operator'] as [string, string]] : []),
    ['Registry', rest.registry],
    ['Credential', credentialLine(credential)],
    ...rest.shadowed.map((source): [string, string] => ['Unused credential', source]),
  ]
  return facts.map(([name, value]) => `${name}: ${printable(value)}\n`).join('')
}

function credentialLine({source, kind, id, label, packages, expiresAt}: Identity['credential']): string {
  const details = [
    kind === 'token' ? `token${label === null ? '' : ` "${label}"`}` : kind,
    id && kind === 'token' ? `ID ${id}` : undefined,
    packages && packages.length > 0 ? `limited to ${packages.join(', ')}` : undefined,
    kind && (expiresAt ? `expires ${expiresAt}` : 'does not expire'),
  ].filter(Boolean)
  return details.length > 0 ? `${source} (${details.join(', ')})` : source
}
