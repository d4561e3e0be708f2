import {type Rule, run, together} from '../port.js'
import {sessionExpiry, type SessionLifetimes} from '../session-lifetimes.js'
import type {NewSession} from '../store.js'
import {tables} from './tables.js'

/** How long expired sessions are kept, in milliseconds, so that errors can say why a session ended. */
const retention = 7 * 24 * 3_600_000

interface NewGeneration {
  session: NewSession
  family: string
  userId: string
  startedAt: number
  /** The client that logged in. */
  login: {address: string | null; agent: string | null}
  /** Whether it is a browser session. */
  isWeb?: boolean | undefined
  /** When the user was authenticated, if that isn't `startedAt`. */
  authenticatedAt?: number | null
  confirmedAt?: number | null
}

/** Adds a generation of a session. */
export function* insertSession(
  {session, family, userId, startedAt, login, isWeb, authenticatedAt, confirmedAt}: NewGeneration,
  lifetimes: SessionLifetimes,
  now: number,
): Rule<{accessExpiresAt: number}> {
  const expiry = sessionExpiry(startedAt, lifetimes, now)
  const isOver = ['refresh_expires_at', '<', now - retention] as const
  const over = tables
    .selectFrom('sessions')
    .select('id')
    .where(...isOver)
  yield* together([
    run(tables.deleteFrom('credential_uses').where('credential_id', 'in', over)),
    run(tables.deleteFrom('sessions').where(...isOver)),
    run(
      tables.insertInto('sessions').values({
        id: session.id,
        family,
        user_id: userId,
        access_hash: session.accessHash,
        refresh_hash: session.refreshHash,
        started_at: startedAt,
        login_address: login.address,
        login_agent: login.agent,
        kind: isWeb ? 'web' : null,
        authenticated_at: authenticatedAt ?? null,
        confirmed_at: confirmedAt ?? null,
        expires_at: expiry.access,
        refresh_expires_at: expiry.refresh,
      }),
    ),
  ])
  return {accessExpiresAt: expiry.access}
}

/**
 * Revokes all generations of a session. If it is that of a browser, what its user approved in a browser and no client
 * has fetched yet becomes void, even if the session had already ended.
 *
 * @returns how many generations were active
 */
export function* endFamily(family: string, now: number): Rule<number> {
  const ofFamily = tables
    .selectFrom('sessions')
    .select('user_id')
    .where('family', '=', family)
    .where('kind', '=', 'web')
  const [ended] = yield* together([
    run(
      tables
        .updateTable('sessions')
        .set({revoked_at: now})
        .where('family', '=', family)
        .where('revoked_at', 'is', null),
    ),
    run(
      tables
        .updateTable('browser_requests')
        .set({closed_at: now})
        .where('approved_by', 'in', ofFamily)
        .where('closed_at', 'is', null),
    ),
  ])
  return ended
}
