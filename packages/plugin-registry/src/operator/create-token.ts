import {failure as usage, printable} from '@apkg/command-kit'
import {shownPrefixLength} from '@apkg/wire'
import type {CreateTokenRequest} from '@apkg/wire/protocol'

import {createId, createValue, hashSecret} from '../server/auth/credential-values.js'
import {readTokenRequest} from '../server/auth/token-request.js'
import {Refusal} from '../server/http/refusal.js'
import {operator, type RegistryStore} from '../server/store/store.js'
import {isLive} from './change-tokens.js'
import {failure} from './failures.js'
import type {OwnedTokenSummary} from './owned-token.js'
import {selectTokens} from './select-tokens.js'
import {findUser} from './with-store.js'

const reasons: Record<string, string> = {
  'limit-reached': 'the user has reached the limit of tokens',
  changed: 'the user is disabled',
}

/**
 * Creates a token for a user, as the operator.
 *
 * @throws {ApkgError} `USER_NOT_FOUND`, `USAGE` for an invalid label, scope, pattern or lifetime, `LIFETIME_TOO_LONG`,
 *   `LABEL_TAKEN`, `OWNED_TOKEN_REFUSED`
 */
export async function createToken(
  store: RegistryStore,
  user: string,
  request: CreateTokenRequest,
  now: Date,
): Promise<{token: OwnedTokenSummary; value: string}> {
  const {id: userId} = await findUser(store, user)
  const policy = await store.policy.read()
  const spec = readRequest(request, policy, now)
  const value = createValue('token')
  const token = {...spec, id: createId(), prefix: value.slice(0, shownPrefixLength)}
  const owned = {...token, organization: null, userId, sessionId: null, hash: hashSecret(value)}
  const outcome = await store.tokens.create(owned, operator, now.getTime())
  if (outcome === 'lifetime-too-long') throw failure('LIFETIME_TOO_LONG', {limit: policy.maxTokenLifetime ?? 'never'})
  if (outcome === 'label-taken') throw await labelTaken(store, {id: userId, name: user}, spec.label, now)
  if (outcome !== 'created') {
    throw failure('OWNED_TOKEN_REFUSED', {
      reason: typeof outcome === 'string' ? (reasons[outcome] ?? outcome) : 'it exists',
    })
  }
  const [created] = await selectTokens(store, {kind: 'user', id: userId}, now, ({id}) => id === token.id)
  if (!created) throw failure('OWNED_TOKEN_REFUSED', {reason: 'it was removed in the meantime'})
  return {token: created.summary, value}
}

async function labelTaken(store: RegistryStore, {id, name}: {id: string; name: string}, label: string, now: Date) {
  const isNamesake = (token: OwnedTokenSummary) => token.label === label && isLive(token)
  const [namesake] = await selectTokens(store, {kind: 'user', id}, now, isNamesake)
  if (!namesake) return failure('OWNED_TOKEN_REFUSED', {reason: 'the label was in use. Run the command again'})
  return failure('LABEL_TAKEN', {user: printable(name), label: printable(label), id: namesake.token.id})
}

function readRequest(request: CreateTokenRequest, policy: Parameters<typeof readTokenRequest>[1], now: Date) {
  try {
    return readTokenRequest(request, policy, now)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const [detail] = error.details
    throw usage('USAGE', {message: detail ? `${subjectOf(detail.field)} ${detail.message}` : error.message})
  }
}

/** A field of the protocol as the user set it. */
function subjectOf(field: string | undefined): string {
  const subjects: Record<string, string> = {
    name: 'The label',
    note: 'The note',
    expiresIn: '--expires',
    packageScope: '--package',
    scopes: '--scopes',
  }
  return subjects[field ?? ''] ?? 'The token'
}
