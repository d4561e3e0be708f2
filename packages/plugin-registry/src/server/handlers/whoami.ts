import {sessionScopes} from '@apkg/wire'

import {mayOperate} from '../auth/may-operate.js'
import type {Credential as CredentialInUse} from '../http/openapi/index.js'
import type {Credential} from '../store/store.js'
import {expiringTokenResponse} from '../auth/expiring-tokens.js'
import type {Handler} from './handler.js'

export const whoami: Handler<'whoami'> = async ({credential}) => ({
  username: credential.owner.name,
  email: credential.owner.email,
  mfaEnabled: credential.owner.mfaEnabled,
  scopes: credential.kind === 'token' ? credential.scopes : [...sessionScopes],
  orgs: credential.owner.organizations,
  ...(mayOperate(credential) && {operator: true}),
  credential: describeCredential(credential),
  ...(credential.kind === 'session' && {
    expiringTokens: (credential.expiringTokens ?? []).map(expiringTokenResponse),
  }),
})

function describeCredential(credential: Credential): CredentialInUse {
  const {kind, id, expiresAt} = credential
  const expires = expiresAt === null ? null : new Date(expiresAt).toISOString()
  if (kind === 'session') return {kind, id, scopes: [...sessionScopes], packagePatterns: [], expires}
  const {label, prefix, scopes, patterns} = credential
  return {kind, id, label, prefix, scopes, packagePatterns: patterns, expires}
}
