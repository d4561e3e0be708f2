import type {Right} from '@apkg/wire'

import {canChange, scopeHolder} from '../package-rights.js'
import {first, type Rule, statement, type Step, together} from '../port.js'
import type {Credential, Denial, PackageAccess, Visibility} from '../store.js'

// These run on every change of a package, so they are written by hand and prepared once. They do the same work whether or
// not the package exists.
const findAccess = statement<AccessRow>(`
  SELECT p.visibility, CASE WHEN u.id IS NOT NULL THEN 'owner' ELSE m.role END AS role
  FROM (SELECT 1) AS always
  LEFT JOIN packages p ON p.name = ?1
  LEFT JOIN users u ON u.name = ?2 AND u.id = ?3
  LEFT JOIN organizations o ON o.name = ?2
  LEFT JOIN members m ON m.organization_id = o.id AND m.user_id = ?3`)

const findVisibility = statement<{visibility: Visibility}>('SELECT visibility FROM packages WHERE name = ?1')

const findLiveSession = statement(`
  SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = ?1 AND s.revoked_at IS NULL AND s.expires_at > ?2 AND u.disabled_at IS NULL AND u.removed_at IS NULL`)

const findLiveToken = statement(`
  SELECT 1 FROM token_values v JOIN tokens t ON t.id = v.token_id JOIN users u ON u.id = t.user_id
  WHERE v.id = ?1 AND t.revoked_at IS NULL AND t.suspended_at IS NULL AND (v.expires_at IS NULL OR v.expires_at > ?2)
    AND (v.ends_at IS NULL OR v.ends_at > ?2) AND v.displaced_by IS NULL
    AND u.disabled_at IS NULL AND u.removed_at IS NULL`)

interface AccessRow {
  visibility: PackageAccess['visibility'] | null
  role: PackageAccess['role'] | null
}

export function findAccessOf(name: string, userId: string | undefined): Step<AccessRow | undefined> {
  return first(findAccess(name, scopeHolder(name), userId ?? null))
}

export function findVisibilityOf(name: string): Step<{visibility: Visibility} | undefined> {
  return first(findVisibility(name))
}

export function toAccess(row: AccessRow | undefined): PackageAccess {
  return {visibility: row?.visibility ?? undefined, role: row?.role ?? undefined}
}

/** What acts: a session, or a value of a token. */
export type Acting = {kind: 'session'; id: string} | {kind: 'token'; valueId: string}

/** Finds a row if a credential is still valid. It was when the request started. */
export function findLive(acting: Acting, now: number): Step<unknown> {
  return first(acting.kind === 'session' ? findLiveSession(acting.id, now) : findLiveToken(acting.valueId, now))
}

export function* isValid(credential: Acting, now: number): Rule<boolean> {
  return (yield* findLive(credential, now)) !== undefined
}

/**
 * Why a credential does not allow a change of a package, or no longer; undefined if it does.
 *
 * @param rights one of which is needed.
 */
export function* denialOf(
  credential: Credential,
  name: string,
  rights: readonly Right[],
  now: number,
): Rule<Denial | undefined> {
  const [live, access] = yield* together([findLive(credential, now), findAccessOf(name, credential.owner.id)])
  if (live === undefined) return 'credential-ended'
  return canChange(toAccess(access), name, credential, rights) ? undefined : 'forbidden'
}
