import {shownPrefixLength} from '@apkg/wire'

import {actorOf} from '../auth/actor.js'
import {formatCursor, parseCursor} from '../http/cursor.js'
import {Refusal} from '../http/refusal.js'
import {createId, createValue, hashSecret} from '../auth/credential-values.js'
import {lifetimeTooLong} from '../auth/lifetime-refusal.js'
import {tokenResponse} from '../auth/token-response.js'
import {readTokenRequest} from '../auth/token-request.js'
import type {RegistryPolicy} from '../store/store.js'
import type {Handler} from './handler.js'

export const createToken: Handler<'createToken'> = async ({body, credential, client, now}, {store}) => {
  const value = createValue('token')
  const token = {
    id: createId(),
    prefix: value.slice(0, shownPrefixLength),
    ...readTokenRequest(body, credential.policy, now),
  }
  const owned = {...token, userId: credential.owner.id, sessionId: credential.id, hash: hashSecret(value)}
  const outcome = await store.tokens.create(owned, actorOf(credential, client), now.getTime())
  if (outcome !== 'created') throw creationRefusal(outcome, token.label, await store.policy.read())
  const unused = {rotatedAt: null, lastUsedAt: null, lastUse: null, suspendedAt: null, revokedAt: null, revokedBy: null}
  return {token: value, ...tokenResponse({...token, ...unused, generation: 1, createdAt: now.getTime()}, now)}
}

export const listTokens: Handler<'listTokens'> = async ({query, credential, now}, {store}) => {
  const {limit, cursor, ended} = query
  const after = cursor === undefined ? undefined : parseCursor(cursor)
  // One more than requested, to find out whether there is another page.
  const page = {after, limit: limit === undefined ? undefined : limit + 1, ended}
  const found = await store.tokens.list(credential.owner.id, page, now.getTime())
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return {
    tokens: shown.map((token) => tokenResponse(token, now)),
    ...(ended !== undefined && {includesEnded: ended}),
    ...(last && found.length > shown.length ? {nextCursor: formatCursor(last)} : {}),
  }
}

export const revokeToken: Handler<'revokeToken'> = async ({params, credential, client, now}, {store}) => {
  const own = {userId: credential.owner.id, id: params.id}
  const outcome = await store.tokens.revoke(own, actorOf(credential, client), now.getTime())
  if (outcome === 'unknown') throw new Refusal('TOKEN_UNKNOWN')
  if (outcome === 'revoked') return
  throw new Refusal('TOKEN_AMBIGUOUS', {
    details: outcome.map(({id, label}) => ({field: 'id', message: `${id} is the token "${label}"`})),
  })
}

export const getCurrentToken: Handler<'getCurrentToken'> = async ({credential, now}, {store}) => {
  if (credential.kind !== 'token') throw new Refusal('NO_CURRENT_TOKEN')
  const token = await store.tokens.find({userId: credential.owner.id, id: credential.id})
  if (!token) throw new Refusal('TOKEN_UNKNOWN')
  return tokenResponse(token, now)
}

export const revokeCurrentToken: Handler<'revokeCurrentToken'> = async ({credential, client, now}, {store}) => {
  if (credential.kind !== 'token') throw new Refusal('NO_CURRENT_TOKEN')
  if (credential.retiresAt !== null) {
    await store.tokens.endValue(credential, actorOf(credential, client), now.getTime())
    return
  }
  const own = {userId: credential.owner.id, id: credential.id}
  await store.tokens.revoke(own, actorOf(credential, client), now.getTime())
}

function creationRefusal(
  outcome: 'label-taken' | 'limit-reached' | 'lifetime-too-long' | 'changed',
  label: string,
  {maxTokens, maxTokenLifetime}: RegistryPolicy,
): Refusal {
  switch (outcome) {
    case 'label-taken':
      return new Refusal('LABEL_TAKEN', {message: `You already have a token with the label "${label}"`})
    case 'limit-reached':
      return new Refusal('TOKEN_LIMIT', {message: `The account has reached its limit of ${maxTokens} tokens`})
    case 'lifetime-too-long':
      return lifetimeTooLong(maxTokenLifetime ?? 'never')
    case 'changed':
      return new Refusal('CREDENTIAL_REVOKED', {message: 'The session became invalid during the request'})
  }
}
