import {scopeOf} from '@apkg/package-format'

import {canChange} from '../package-rights.js'
import type {Credential, Denial, PackageAccess} from '../store.js'
import type {Connection} from './connection.js'

// This runs on every request for a package, so it is written by hand and prepared once. It does the same work whether or
// not the package exists.
const findAccess = `
  SELECT p.visibility, CASE WHEN u.id IS NOT NULL THEN 'owner' ELSE m.role END AS role
  FROM (SELECT 1)
  LEFT JOIN packages p ON p.name = ?1
  LEFT JOIN users u ON u.name = ?2 AND u.id = ?3
  LEFT JOIN organizations o ON o.name = ?2
  LEFT JOIN members m ON m.organization_id = o.id AND m.user_id = ?3`

const findLiveSession = `
  SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = ?1 AND s.revoked_at IS NULL AND s.expires_at > ?2 AND u.disabled_at IS NULL AND u.removed_at IS NULL`

const findLiveToken = `
  SELECT 1 FROM tokens t JOIN users u ON u.id = t.user_id
  WHERE t.id = ?1 AND t.revoked_at IS NULL AND t.suspended_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > ?2)
    AND u.disabled_at IS NULL AND u.removed_at IS NULL`

/** The name of the user or organization that a package's scope belongs to. */
export function scopeHolder(name: string): string {
  return scopeOf(name).slice(1)
}

export function readAccess(connection: Connection, name: string, userId: string | undefined): PackageAccess {
  const row = connection.prepare(findAccess).get(name, scopeHolder(name), userId ?? null) as {
    visibility: PackageAccess['visibility'] | null
    role: PackageAccess['role'] | null
  }
  return {visibility: row.visibility ?? undefined, role: row.role ?? undefined}
}

/** Whether a credential is still valid. It was when the request started. */
export function isValid(connection: Connection, {kind, id}: Pick<Credential, 'kind' | 'id'>, now: number): boolean {
  const find = connection.prepare(kind === 'session' ? findLiveSession : findLiveToken)
  return find.get(id, now) !== undefined
}

/** Why a credential no longer allows changing a package; undefined if it still does. */
export function denialOf(
  connection: Connection,
  credential: Credential,
  name: string,
  now: number,
): Denial | undefined {
  if (!isValid(connection, credential, now)) return 'credential-ended'
  return canChange(readAccess(connection, name, credential.owner.id), name, credential) ? undefined : 'forbidden'
}
