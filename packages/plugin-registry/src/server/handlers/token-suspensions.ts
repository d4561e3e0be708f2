import {actorOf} from '../auth/actor.js'
import {notYours} from '../auth/suspension-refusals.js'
import {tokenNotActive} from '../auth/token-not-active.js'
import {tokenReachOf} from '../auth/token-reach.js'
import {tokenResponse} from '../auth/token-response.js'
import {Refusal} from '../http/refusal.js'
import type {ResumptionResult, SuspensionResult} from '../store/store.js'
import type {Handler} from './handler.js'

export const suspendToken: Handler<'suspendToken'> = async ({params, body, credential, client, now}, {store}) => {
  const token = {id: params.id, within: tokenReachOf(credential)}
  const suspension = {by: 'owner', reason: body.reason ?? null} as const
  const result = await store.tokens.suspend(token, suspension, actorOf(credential, client), now.getTime())
  return tokenResponse(tokenOf(result), now)
}

export const resumeToken: Handler<'resumeToken'> = async ({params, credential, client, now}, {store}) => {
  const token = {id: params.id, within: tokenReachOf(credential)}
  const lifting = {makers: ['owner'], sessionId: credential.id} as const
  const result = await store.tokens.resume(token, lifting, actorOf(credential, client), now.getTime())
  if (result.outcome === 'not-yours') throw notYours(result.token)
  return tokenResponse(tokenOf(result), now)
}

function tokenOf(result: SuspensionResult | ResumptionResult) {
  switch (result.outcome) {
    case 'unknown':
      throw new Refusal('TOKEN_NOT_FOUND')
    case 'over':
      throw tokenNotActive(result.label, result.state)
    case 'changed':
      throw new Refusal('CREDENTIAL_REVOKED', {message: 'The session became invalid during the request'})
    default:
      return result.token
  }
}
