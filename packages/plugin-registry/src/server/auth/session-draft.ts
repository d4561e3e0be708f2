import {createId, createValue, hashSecret} from './credential-values.js'
import type {Session} from '../http/openapi/index.js'
import type {NewSession} from '../store/store.js'

/** A session that is not stored yet, with the values for the client. */
export interface SessionDraft extends NewSession {
  accessToken: string
  refreshToken: string
}

/** @param kind `web` for a browser session. Its access token is the cookie, and its refresh token is never used. */
export function draftSession(kind: 'session' | 'web' = 'session'): SessionDraft {
  const accessToken = createValue(kind)
  const refreshToken = createValue('refresh')
  return {
    id: createId(),
    accessToken,
    refreshToken,
    accessHash: hashSecret(accessToken),
    refreshHash: hashSecret(refreshToken),
  }
}

export function sessionResponse(draft: SessionDraft, username: string, accessExpiresAt: number, now: number): Session {
  return {
    accessToken: draft.accessToken,
    refreshToken: draft.refreshToken,
    expiresIn: Math.floor((accessExpiresAt - now) / 1000),
    tokenType: 'Bearer',
    username,
  }
}
