import type {Selectable} from 'kysely'

import {first, type Port, type Rule, run, type Step, together} from '../port.js'
import type {Schema} from '../schema.js'
import type {Rotation, SessionStore} from '../store.js'
import {recordChange} from './audit.js'
import {findGenerations, toLoginSessions} from './login-sessions.js'
import {endFamily, insertSession} from './session-rows.js'
import {tables} from './tables.js'

type SessionRow = Selectable<Schema['sessions']>

function findSession(column: 'access_hash' | 'refresh_hash', hash: Uint8Array): Step<SessionRow | undefined> {
  return first(tables.selectFrom('sessions').selectAll().where(column, '=', hash))
}

/** Whether a used refresh token can be used again, because the response to it seems to have been lost. */
export function* wasResponseLost(row: SessionRow, grace: number, now: number): Rule<boolean> {
  if (row.replaced_by === null || row.replaced_at === null || now - row.replaced_at > grace) return false
  const unused = tables
    .selectFrom('sessions')
    .leftJoin('credential_uses', 'credential_uses.credential_id', 'sessions.id')
    .select('sessions.id')
    .where('sessions.id', '=', row.replaced_by)
    .where('credential_uses.credential_id', 'is', null)
    .where('sessions.replaced_by', 'is', null)
    .where('sessions.revoked_at', 'is', null)
  return (yield* first(unused)) !== undefined
}

export function createSessionStore(port: Port): SessionStore {
  return {
    rotate: ({refreshHash, session, lifetimes}, by, now) =>
      port.write(function* (): Rule<Rotation> {
        const row = yield* findSession('refresh_hash', refreshHash)
        if (!row || row.kind === 'web') return {outcome: 'unknown'}
        const user = yield* first(tables.selectFrom('users').selectAll().where('id', '=', row.user_id))
        const actor = {...by, name: user?.name ?? null, credentialId: row.id}
        const refused = {session: {id: row.id, username: user?.name ?? ''}}
        const reuse = row.replaced_by !== null || row.revoked_at !== null
        if (reuse && (row.revoked_at !== null || !(yield* wasResponseLost(row, lifetimes.grace, now)))) {
          if ((yield* endFamily(row.family, now)) === 0) return {outcome: 'revoked', ...refused}
          yield* recordChange({at: now, action: 'session.reuse', by: actor, target: row.family})
          return {outcome: 'reused', ...refused}
        }
        if (row.refresh_expires_at <= now) return {outcome: 'expired', ...refused}
        if (!user || user.disabled_at !== null) return {outcome: 'disabled', ...refused}
        if (row.replaced_by !== null) {
          yield* run(tables.updateTable('sessions').set({revoked_at: now}).where('id', '=', row.replaced_by))
        }
        const login = {address: row.login_address, agent: row.login_agent}
        const {family, user_id: userId, started_at: startedAt, authenticated_at: authenticatedAt} = row
        const next = {session, family, userId, startedAt, authenticatedAt, login}
        const {accessExpiresAt} = yield* insertSession(next, lifetimes, now)
        // The grace period starts at the first exchange. Otherwise, repeated exchanges would extend it.
        const replaced = {replaced_by: session.id, replaced_at: row.replaced_at ?? now}
        yield* run(tables.updateTable('sessions').set(replaced).where('id', '=', row.id))
        yield* recordChange({at: now, action: 'session.refresh', by: actor, target: row.family})
        return {outcome: 'rotated', username: user.name, accessExpiresAt}
      }),

    end: ({accessHash, refreshHash}, by, now) =>
      port.write(function* () {
        const rows = [
          accessHash && (yield* findSession('access_hash', accessHash)),
          refreshHash && (yield* findSession('refresh_hash', refreshHash)),
        ]
        for (const row of rows) {
          if (!row || (yield* endFamily(row.family, now)) === 0) continue
          const user = yield* first(tables.selectFrom('users').select('name').where('id', '=', row.user_id))
          const actor = {...by, name: user?.name ?? null, credentialId: row.id}
          yield* recordChange({at: now, action: 'session.end', by: actor, target: row.family})
        }
      }),

    async list({userId, sessionId}, {ended = false}, now) {
      const rows = await port.ask(findGenerations(userId))
      const sessions = toLoginSessions(rows, sessionId)
      return ended ? sessions : sessions.filter(({revokedAt, expiresAt}) => revokedAt === null && expiresAt > now)
    },

    revoke: ({userId, id}, by, now) =>
      port.write(function* () {
        const own = tables.selectFrom('sessions').select('id').where('family', '=', id).where('user_id', '=', userId)
        if (!(yield* first(own))) return 'unknown'
        if ((yield* endFamily(id, now)) > 0) yield* recordChange({at: now, action: 'session.end', by, target: id})
        return 'revoked'
      }),

    endAll: (by, now) =>
      port.write(function* () {
        const sessions = yield* run(
          tables.updateTable('sessions').set({revoked_at: now}).where('revoked_at', 'is', null),
        )
        yield* together([
          run(tables.updateTable('challenges').set({closed_at: now}).where('closed_at', 'is', null)),
          run(tables.updateTable('browser_requests').set({closed_at: now}).where('closed_at', 'is', null)),
          run(tables.updateTable('invitations').set({closed_at: now}).where('closed_at', 'is', null)),
        ])
        yield* recordChange({at: now, action: 'session.end-all', by, detail: {sessions}})
        return sessions
      }),
  }
}
