import {all, type Step} from '../port.js'
import type {LoginSession} from '../store.js'
import {webExpiry} from '../session-lifetimes.js'
import {tables} from './tables.js'

type Generation = ReturnType<typeof findGenerations> extends Step<(infer Row)[]> ? Row : never

/** Finds all generations of a user's sessions with their last use, the oldest login first. */
export function findGenerations(userId: string) {
  return all(
    tables
      .selectFrom('sessions as s')
      .leftJoin('credential_uses as u', 'u.credential_id', 's.id')
      .select(['s.id', 's.family', 's.kind', 's.started_at', 's.confirmed_at', 's.login_address', 's.login_agent'])
      .select(['s.expires_at', 's.refresh_expires_at', 's.revoked_at'])
      .select(['u.last_used_at', 'u.address', 'u.agent', 'u.action', 'u.package', 'u.refused'])
      .where('s.user_id', '=', userId)
      .orderBy('s.started_at')
      .orderBy('s.family'),
  )
}

/** @param current the ID of a generation. */
export function toLoginSessions(rows: readonly Generation[], current: string): LoginSession[] {
  const families = new Map<string, Generation[]>()
  for (const row of rows) families.set(row.family, [...(families.get(row.family) ?? []), row])
  return [...families.values()].map((generations) => toLoginSession(generations, current))
}

function toLoginSession(generations: readonly Generation[], current: string): LoginSession {
  const [{family, started_at, login_address, login_agent}] = generations as [Generation, ...Generation[]]
  const used = generations.filter(({last_used_at}) => last_used_at !== null)
  const last = used.toSorted((a, b) => (b.last_used_at ?? 0) - (a.last_used_at ?? 0)).at(0)
  // In an active session, a generation can be revoked because its tokens were never received.
  const isRevoked = generations.every(({revoked_at}) => revoked_at !== null)
  return {
    id: family,
    startedAt: started_at,
    login: login_address === null ? null : {address: login_address, agent: login_agent},
    lastUsedAt: last?.last_used_at ?? null,
    lastUse: last === undefined ? null : toUse(last),
    expiresAt: Math.max(...generations.map(expiryOf)),
    revokedAt: isRevoked ? Math.max(...generations.map(({revoked_at}) => revoked_at ?? 0)) : null,
    isCurrent: generations.some(({id}) => id === current),
  }
}

function expiryOf({kind, started_at, confirmed_at, last_used_at, expires_at, refresh_expires_at}: Generation): number {
  if (kind !== 'web') return Math.max(expires_at, refresh_expires_at)
  return webExpiry(expires_at, last_used_at ?? confirmed_at ?? started_at)
}

function toUse({address, agent, action, package: name, refused}: Generation): LoginSession['lastUse'] {
  return address === null || action === null ? null : {address, agent, action, package: name, refused: refused === 1}
}
