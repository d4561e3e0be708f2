import {sessionScopes} from '@apkg/wire'

import {expiringTokenResponse} from '../auth/expiring-tokens.js'
import {releaseResponse} from '../auth/release-response.js'
import type {Credential as CredentialInUse} from '../http/openapi/index.js'
import {organizationRole} from '../store/package-rights.js'
import type {ApiToken, Credential, ExchangedToken, UserCredential} from '../store/store.js'
import type {Handler} from './handler.js'

export const whoami: Handler<'whoami'> = async ({credential}) => ({
  ...(credential.kind === 'exchanged' ? describePublisher(credential) : describeUser(credential)),
  scopes: credential.kind === 'session' ? [...sessionScopes] : credential.scopes,
  credential: describeCredential(credential),
  ...(credential.kind === 'session' && {
    expiringTokens: (credential.expiringTokens ?? []).map(expiringTokenResponse),
  }),
})

function describeUser(credential: UserCredential) {
  const {kind, name: username, email, mfaEnabled, organizations} = credential.owner
  if (credential.kind === 'token' && kind === 'organization') return describeOrganization(credential)
  const orgs = organizations.map(({name, role}) => ({name, role}))
  const isOperator = credential.kind === 'session' && credential.owner.isOperator
  return {username, email, mfaEnabled, orgs, ...(isOperator && {operator: true})}
}

/** Clients require a username, so the response has that of the user who created the token. */
function describeOrganization({creator, owner}: ApiToken) {
  const orgs = [{name: owner.name, role: organizationRole}]
  return {username: creator.name, email: '', mfaEnabled: false, orgs, organization: owner.name}
}

/** A trusted publisher isn't a user, but clients require a username and an email address in the response. */
function describePublisher({publisher}: ExchangedToken) {
  return {username: publisher.name, email: '', mfaEnabled: false, orgs: []}
}

function describeCredential(credential: Credential): CredentialInUse {
  const {kind, id, expiresAt} = credential
  const expires = expiresAt === null ? null : new Date(expiresAt).toISOString()
  if (kind === 'session') {
    const sessionExpires = new Date(credential.sessionExpiresAt).toISOString()
    return {kind, id, scopes: [...sessionScopes], packagePatterns: [], expires, sessionExpires}
  }
  const {prefix, scopes, patterns: packagePatterns} = credential
  const token = {kind: 'token' as const, id, prefix, scopes, packagePatterns, expires}
  if (kind === 'token') {
    const {label, isReplaced: isOldValue} = credential
    return {...token, label, isOldValue, ...describeRestrictions(credential)}
  }
  const {publisher, origin} = credential
  const unrestricted = {addresses: null, uses: null, usesLeft: null, release: null}
  return {...token, label: publisher.name, ...unrestricted, trustedPublisher: {id: publisher.id, origin}}
}

function describeRestrictions({addresses, uses, release}: ApiToken) {
  const [total = null, left = null] = [uses?.total, uses?.left]
  return {addresses, uses: total, usesLeft: left, release: releaseResponse(release)}
}
