import {sessionExpiry, type SessionLifetimes} from '../session-lifetimes.js'
import type {NewSession} from '../store.js'
import type {Connection} from './connection.js'

/** Expired sessions are kept this long to explain why a session ended. */
const retention = 7 * 24 * 3_600_000

/** Adds a generation of a session, in the open transaction. */
export function insertSession(
  connection: Connection,
  {session, family, userId, startedAt}: {session: NewSession; family: string; userId: string; startedAt: number},
  lifetimes: SessionLifetimes,
  now: number,
): {accessExpiresAt: number} {
  const expiry = sessionExpiry(startedAt, lifetimes, now)
  const {build} = connection
  connection.run(build.deleteFrom('sessions').where('refresh_expires_at', '<', now - retention))
  connection.run(
    build.insertInto('sessions').values({
      id: session.id,
      family,
      user_id: userId,
      access_hash: session.accessHash,
      refresh_hash: session.refreshHash,
      started_at: startedAt,
      expires_at: expiry.access,
      refresh_expires_at: expiry.refresh,
    }),
  )
  return {accessExpiresAt: expiry.access}
}

/** Revokes every generation of a session. @returns how many were active. */
export function endFamily(connection: Connection, family: string, now: number): number {
  return connection.run(
    connection.build
      .updateTable('sessions')
      .set({revoked_at: now})
      .where('family', '=', family)
      .where('revoked_at', 'is', null),
  )
}
