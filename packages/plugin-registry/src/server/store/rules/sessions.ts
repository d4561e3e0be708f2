import type {Selectable} from 'kysely'

import type {Schema} from '../schema.js'
import type {Rotation, SessionStore} from '../store.js'
import {recordChange} from './audit.js'
import type {Connection} from './connection.js'
import {endFamily, insertSession} from './session-rows.js'

type SessionRow = Selectable<Schema['sessions']>

export function createSessionStore(connection: Connection): SessionStore {
  const {build} = connection

  /** Whether a used refresh token can be used again, because the response to it seems to have been lost. */
  function wasResponseLost(row: SessionRow, grace: number, now: number): boolean {
    if (row.replaced_by === null || row.replaced_at === null || now - row.replaced_at > grace) return false
    const successor = connection.first(build.selectFrom('sessions').selectAll().where('id', '=', row.replaced_by))
    return successor?.used_at === null && successor.replaced_by === null && successor.revoked_at === null
  }

  return {
    rotate: ({refreshHash, session, lifetimes}, by, now) =>
      connection.write((): Rotation => {
        const row = connection.first(build.selectFrom('sessions').selectAll().where('refresh_hash', '=', refreshHash))
        if (!row) return {outcome: 'unknown'}
        const user = connection.first(build.selectFrom('users').selectAll().where('id', '=', row.user_id))
        const actor = {...by, name: user?.name ?? null, credentialId: row.id}
        const reuse = row.replaced_by !== null || row.revoked_at !== null
        if (reuse && (row.revoked_at !== null || !wasResponseLost(row, lifetimes.grace, now))) {
          if (endFamily(connection, row.family, now) === 0) return {outcome: 'ended'}
          recordChange(connection, {at: now, action: 'session.reuse', by: actor, target: row.family})
          return {outcome: 'reused'}
        }
        if (row.refresh_expires_at <= now) return {outcome: 'ended'}
        if (!user || user.disabled_at !== null) return {outcome: 'disabled'}
        if (row.replaced_by !== null) {
          connection.run(build.updateTable('sessions').set({revoked_at: now}).where('id', '=', row.replaced_by))
        }
        const next = {session, family: row.family, userId: row.user_id, startedAt: row.started_at}
        const {accessExpiresAt} = insertSession(connection, next, lifetimes, now)
        // The grace period starts with the first exchange, or repeated ones would extend it.
        const replacedAt = row.replaced_at ?? now
        connection.run(
          build
            .updateTable('sessions')
            .set({replaced_by: session.id, replaced_at: replacedAt})
            .where('id', '=', row.id),
        )
        recordChange(connection, {at: now, action: 'session.refresh', by: actor, target: row.family})
        return {outcome: 'rotated', username: user.name, accessExpiresAt}
      }),

    end: ({accessHash, refreshHash}, by, now) =>
      connection.write(() => {
        const rows = [
          accessHash &&
            connection.first(build.selectFrom('sessions').selectAll().where('access_hash', '=', accessHash)),
          refreshHash &&
            connection.first(build.selectFrom('sessions').selectAll().where('refresh_hash', '=', refreshHash)),
        ]
        for (const row of rows) {
          if (!row || endFamily(connection, row.family, now) === 0) continue
          const user = connection.first(build.selectFrom('users').select('name').where('id', '=', row.user_id))
          const actor = {...by, name: user?.name ?? null, credentialId: row.id}
          recordChange(connection, {at: now, action: 'session.end', by: actor, target: row.family})
        }
      }),

    endAll: (by, now) =>
      connection.write(() => {
        const sessions = connection.run(
          build.updateTable('sessions').set({revoked_at: now}).where('revoked_at', 'is', null),
        )
        recordChange(connection, {at: now, action: 'session.end-all', by, detail: {sessions}})
        return sessions
      }),
  }
}
