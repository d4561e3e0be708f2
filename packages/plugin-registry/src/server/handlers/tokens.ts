import {shownPrefixLength} from '@apkg/wire'

import {actorOf} from '../auth/actor.js'
import {formatCursor, parseCursor} from '../http/cursor.js'
import {Refusal} from '../http/refusal.js'
import {createId, createValue, hashSecret} from '../auth/credential-values.js'
import {lifetimeTooLong} from '../auth/lifetime-refusal.js'
import {newTokenState, tokenResponse} from '../auth/token-response.js'
import {ambiguousToken} from '../auth/ambiguous-token.js'
import {readTokenRequest} from '../auth/token-request.js'
import {organizationForbidden, tokenHolderFor, tokenReachOf} from '../auth/token-reach.js'
import type {RegistryPolicy, TokenCreation, TokenDraft} from '../store/store.js'
import type {Handler} from './handler.js'

export const createToken: Handler<'createToken'> = async (call, {store, addresses}) => {
  const {body, credential, idempotency, client, now} = call
  if (body.addresses && !addresses.areVisible) throw addressesInvisible()
  const holder = tokenHolderFor(credential, body.organization)
  const organization =
    body.organization && holder.kind === 'organization' ? {id: holder.id, name: body.organization} : null
  const value = createValue('token')
  const token = {
    organization,
    id: createId(),
    prefix: value.slice(0, shownPrefixLength),
    ...readTokenRequest(body, credential.policy, now),
  }
  const {owner, id: sessionId} = credential
  const owned = {...token, userId: owner.id, sessionId, hash: hashSecret(value), idempotency}
  const outcome = await store.tokens.create(owned, actorOf(credential, client), now.getTime())
  if (typeof outcome === 'string' && outcome !== 'created') {
    throw creationRefusal(outcome, {...token, user: owner.name}, await store.policy.read())
  }
  const id = outcome === 'created' ? token.id : outcome.repeated
  const created = {...newTokenState, id, createdAt: now.getTime(), user: owner.name, createdBy: owner.name}
  return {token: value, ...tokenResponse({...token, ...created}, now)}
}

export const listTokens: Handler<'listTokens'> = async ({query, credential, now}, {store}) => {
  const {limit, cursor, ended, organization} = query
  const after = cursor === undefined ? undefined : parseCursor(cursor)
  // One more than requested, to find out whether there is another page.
  const page = {after, limit: limit === undefined ? undefined : limit + 1, ended}
  const found = await store.tokens.list(tokenHolderFor(credential, organization), page, now.getTime())
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return {
    tokens: shown.map((token) => tokenResponse(token, now)),
    ...(ended !== undefined && {includesEnded: ended}),
    ...(organization !== undefined && {organization}),
    ...(last && found.length > shown.length ? {nextCursor: formatCursor(last)} : {}),
  }
}

export const revokeToken: Handler<'revokeToken'> = async ({params, credential, client, now}, {store}) => {
  const token = {id: params.id, within: tokenReachOf(credential)}
  const outcome = await store.tokens.revoke(token, actorOf(credential, client), now.getTime())
  if (outcome === 'unknown') throw new Refusal('TOKEN_NOT_FOUND')
  if (outcome === 'revoked') return
  throw ambiguousToken(outcome)
}

export const revokeCurrentToken: Handler<'revokeCurrentToken'> = async ({credential, client, now}, {store}) => {
  if (credential.kind === 'session') throw new Refusal('NO_CURRENT_TOKEN')
  if (credential.kind === 'exchanged') {
    await store.trustedPublishers.endExchanged(credential, actorOf(credential, client), now.getTime())
    return
  }
  if (credential.retiresAt !== null) {
    await store.tokens.endValue(credential, actorOf(credential, client), now.getTime())
    return
  }
  const {id} = credential
  const itself = {id, within: {kind: 'itself', tokenId: id}} as const
  await store.tokens.revoke(itself, actorOf(credential, client), now.getTime())
}

function addressesInvisible(): Refusal {
  const reason =
    'the registry cannot see the addresses of its clients, because it does not trust the proxy in front of it'
  return new Refusal('UNSUPPORTED_RESTRICTION', {
    message: `The token cannot be limited to addresses: ${reason}`,
    details: [{field: 'addresses', message: `cannot be enforced: ${reason}`}],
  })
}

function creationRefusal(
  outcome: Exclude<TokenCreation, 'created' | object>,
  {label, organization, user}: Pick<TokenDraft, 'label' | 'organization'> & {user: string},
  {maxTokens, maxTokenLifetime}: RegistryPolicy,
): Refusal {
  switch (outcome) {
    case 'label-taken':
      return new Refusal('LABEL_TAKEN', {
        message: `${organization ? `${organization.name} already has` : 'You already have'} a token with the label "${label}"`,
      })
    case 'limit-reached':
      return new Refusal('TOKEN_LIMIT', {
        message: `${organization?.name ?? 'The account'} has reached its limit of ${maxTokens} token${maxTokens === 1 ? '' : 's'}`,
      })
    case 'lifetime-too-long':
      return lifetimeTooLong(maxTokenLifetime ?? 'never')
    case 'forbidden':
      return organizationForbidden(organization?.name ?? '', user)
    case 'key-reused':
      return new Refusal('IDEMPOTENCY_KEY_REUSED')
    case 'already-done':
      return new Refusal('ALREADY_DONE')
    case 'changed':
      return new Refusal('CREDENTIAL_REVOKED', {message: 'The session became invalid during the request'})
  }
}
