import {inspectTokenValue} from '@apkg/wire'

import {readBearer} from '../auth/authenticate.js'
import {unauthenticatedActor} from '../auth/actor.js'
import type {DeadCredential} from '../auth/dead-uses.js'
import {Refusal} from '../http/refusal.js'
import {hashSecret} from '../auth/credential-values.js'
import {draftSession, sessionResponse} from '../auth/session-draft.js'
import type {Rotation} from '../store/store.js'
import type {Handler} from './handler.js'

export const login: Handler<'login'> = ({body, client}, ports) => ports.login.withPassword(body, client)

export const completeMfaChallenge: Handler<'completeMfaChallenge'> = ({body, client}, ports) =>
  ports.login.withCode(body, client)

export const stepUp: Handler<'stepUp'> = ({body, credential, client}, ports) =>
  ports.login.confirm(credential, body, client).then(() => undefined)

export const refresh: Handler<'refresh'> = async ({body, client, now}, {store, config, guard}) => {
  const session = draftSession()
  const refreshHash = hashSecret(body.refreshToken)
  const rotation = {refreshHash, session, lifetimes: config.sessionLifetimes}
  const result = await store.sessions.rotate(rotation, unauthenticatedActor(client), now.getTime())
  if (result.outcome !== 'rotated') {
    const refusal = new Refusal(result.outcome === 'disabled' ? 'USER_DISABLED' : 'REFRESH_INVALID')
    throw await guard.refuse(refusal, deadSession(result), client, now.getTime())
  }
  return sessionResponse(session, result.username, result.accessExpiresAt, now.getTime())
}

/** The session that can't be refreshed. A reuse was already recorded when the session was revoked. */
function deadSession(refused: Exclude<Rotation, {outcome: 'rotated'}>): DeadCredential | undefined {
  if (refused.outcome === 'unknown' || refused.outcome === 'reused') return undefined
  const {id, username} = refused.session
  return {kind: 'session', id, holder: username, reason: refused.outcome}
}

/** Accepts any token of a session. Revoking a session that has already ended succeeds. */
export const logout: Handler<'logout'> = async ({body, headers: {authorization}, client, now}, {store}) => {
  const accessToken = authorization === undefined ? undefined : readBearer(authorization)
  if (body.refreshToken === undefined && !isSessionToken(accessToken)) {
    throw new Refusal('AUTH_MISSING', {message: 'An access token or a refresh token of the session is required'})
  }
  const accessHash = accessToken === undefined ? undefined : hashSecret(accessToken)
  const refreshHash = body.refreshToken === undefined ? undefined : hashSecret(body.refreshToken)
  await store.sessions.end({accessHash, refreshHash}, unauthenticatedActor(client), now.getTime())
}

function isSessionToken(value = ''): boolean {
  const inspected = inspectTokenValue(value)
  return inspected.state === 'intact' && inspected.kind === 'session'
}
