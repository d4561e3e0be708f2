import {actorOf} from '../auth/actor.js'
import type {LoginSession as LoginSessionResponse} from '../http/openapi/index.js'
import {Refusal} from '../http/refusal.js'
import type {LoginSession} from '../store/store.js'
import type {Handler} from './handler.js'

export const listSessions: Handler<'listSessions'> = async ({query, credential, now}, {store}) => {
  const caller = {userId: credential.owner.id, sessionId: credential.id}
  const sessions = await store.sessions.list(caller, {ended: query.ended ?? false}, now.getTime())
  return {sessions: sessions.map(sessionSummary)}
}

export const revokeSession: Handler<'revokeSession'> = async ({params, credential, client, now}, {store}) => {
  const own = {userId: credential.owner.id, id: params.id}
  const outcome = await store.sessions.revoke(own, actorOf(credential, client), now.getTime())
  if (outcome === 'unknown') throw new Refusal('SESSION_UNKNOWN')
}

function sessionSummary(session: LoginSession): LoginSessionResponse {
  const {id, startedAt, login, lastUsedAt, lastUse, expiresAt, revokedAt, isCurrent} = session
  return {
    id,
    startedAt: timeOf(startedAt),
    login,
    lastUsed: lastUsedAt === null ? null : timeOf(lastUsedAt),
    lastUse,
    expires: timeOf(expiresAt),
    revokedAt: revokedAt === null ? null : timeOf(revokedAt),
    current: isCurrent,
  }
}

function timeOf(time: number): string {
  return new Date(time).toISOString()
}
