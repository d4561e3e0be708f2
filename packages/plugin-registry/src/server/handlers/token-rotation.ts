import {shownPrefixLength} from '@apkg/wire'

import {actorOf} from '../auth/actor.js'
import {createId, createValue, hashSecret} from '../auth/credential-values.js'
import {readRotationRequest} from '../auth/rotation-request.js'
import {oldValueResponse, tokenResponse} from '../auth/token-response.js'
import {Refusal} from '../http/refusal.js'
import type {RotationDrop, TokenRotation} from '../store/store.js'
import {lifetimeTooLong} from '../auth/lifetime-refusal.js'
import {tokenNotActive} from '../auth/token-not-active.js'
import type {Handler} from './handler.js'

export const rotateToken: Handler<'rotateToken'> = async (
  {params, body, credential, idempotency, client, now},
  {store},
) => {
  const value = createValue('token')
  const created = {id: createId(), hash: hashSecret(value), prefix: value.slice(0, shownPrefixLength)}
  const request = {id: params.id, value: created, idempotency, ...readRotationRequest(body, now)}
  if (credential.kind === 'token' && request.grace === 0) throw noGraceForItself()
  const rotation = await store.tokens.rotate(request, credential, actorOf(credential, client), now.getTime())
  if (rotation.outcome !== 'rotated') throw rotationRefusal(rotation, params.id)
  const oldValue = oldValueResponse(rotation.oldValue, now)
  return {token: value, ...tokenResponse(rotation.token, now), oldValue}
}

export const dropRotation: Handler<'dropRotation'> = async ({params, query, credential, client, now}, {store}) => {
  const value = {id: params.id, prefix: query.prefix}
  const outcome = await store.tokens.dropRotation(value, credential, actorOf(credential, client), now.getTime())
  if (outcome !== 'dropped') throw dropRefusal(outcome)
}

/** Refuses a rotation that would leave the token without a working value if the response was lost. */
function noGraceForItself(): Refusal {
  const message = 'must not be 0, because the token rotates itself'
  return new Refusal('VALIDATION', {details: [{field: 'grace', message}]})
}

const changed = {message: 'The credential became invalid during the request'}

function rotationRefusal(rotation: Exclude<TokenRotation, {outcome: 'rotated'}>, id: string): Refusal {
  switch (rotation.outcome) {
    case 'changed':
      return new Refusal('CREDENTIAL_REVOKED', changed)
    case 'unknown':
      return new Refusal('TOKEN_NOT_FOUND')
    case 'inactive': {
      const {label, state} = rotation
      return tokenNotActive(label, state)
    }
    case 'key-reused':
      return new Refusal('IDEMPOTENCY_KEY_REUSED')
    case 'already-done':
      return new Refusal('ALREADY_DONE')
    case 'in-progress':
      return new Refusal('ROTATION_IN_PROGRESS', {
        message: whyInProgress(rotation.endsAt),
        details: stateOf(rotation, id),
      })
    case 'over-limit':
      return lifetimeTooLong(rotation.limit)
    case 'too-long': {
      const message = `must not be longer than its previous lifetime (${rotation.lifetime}), because the token rotates itself`
      return new Refusal('LIFETIME_TOO_LONG', {details: [{field: 'expiresIn', message}]})
    }
  }
}

/** From these, clients suggest what to do. The time is in the message, too. */
function stateOf({endsAt}: {endsAt: number | null}, id: string) {
  const state = endsAt === null ? 'unused' : 'used'
  return [
    {code: 'token', message: id},
    {code: `new-value-${state}`, message: endsAt === null ? 'it has not been used yet' : 'its new value was used'},
  ]
}

function whyInProgress(endsAt: number | null): string {
  if (endsAt === null) return 'Someone else requested a new value for the token, and it has not been used yet'
  const end = new Date(endsAt).toISOString()
  return `The token was rotated, and its new value was used. The value of this request works until ${end}`
}

function dropRefusal(outcome: Exclude<RotationDrop, 'dropped'>): Refusal {
  switch (outcome) {
    case 'changed':
      return new Refusal('CREDENTIAL_REVOKED', changed)
    case 'unknown':
      return new Refusal('TOKEN_NOT_FOUND')
    case 'used':
      return new Refusal('ROTATION_IN_PROGRESS', {message: 'The new value was already used'})
    case 'not-yours':
      return new Refusal('ROTATION_IN_PROGRESS', {message: 'Someone else requested the new value'})
  }
}
