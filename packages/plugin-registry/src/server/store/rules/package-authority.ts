import type {Right} from '@apkg/wire'

import {isNotSuspended} from './suspensions.js'
import {canChange, needsTrustedPublisher, organizationRole, publisherRole, scopeHolder} from '../package-rights.js'
import {first, type Rule, statement, type Step, together} from '../port.js'
import type {Credential, Denial, PackageAccess, PackageGate} from '../store.js'

// These run on every change of a package, so they are handwritten and prepared once. They take the same time whether or
// not the package exists.
// ?3 is the ID of a user or, for a token of an organization, of the organization.
const findAccess = statement<AccessRow>(
  `
  SELECT p.visibility, n.trusted_publishing_since AS since, CASE
    WHEN u.id IS NOT NULL THEN 'owner' WHEN o.id = ?3 THEN '${organizationRole}' ELSE m.role END AS role
  FROM (SELECT 1) AS always
  LEFT JOIN packages p ON p.name = ?1
  LEFT JOIN names n ON n.name = ?2
  LEFT JOIN users u ON u.name = ?2 AND u.id = ?3
  LEFT JOIN organizations o ON o.name = ?2
  LEFT JOIN members m ON m.organization_id = o.id AND m.user_id = ?3`,
  {isCacheable: true},
)

const findGate = statement<GateRow>(
  `
  SELECT p.visibility, n.trusted_publishing_since AS since
  FROM (SELECT 1) AS always
  LEFT JOIN packages p ON p.name = ?1
  LEFT JOIN names n ON n.name = ?2`,
  {isCacheable: true},
)

const findLiveSession = statement(`
  SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = ?1 AND s.revoked_at IS NULL AND s.expires_at > ?2 AND u.disabled_at IS NULL AND u.removed_at IS NULL`)

const findLiveToken = statement(`
  SELECT 1 FROM token_values v JOIN tokens t ON t.id = v.token_id JOIN users u ON u.id = t.user_id
  WHERE v.id = ?1 AND t.revoked_at IS NULL AND ${isNotSuspended} AND (v.expires_at IS NULL OR v.expires_at > ?2)
    AND (v.ends_at IS NULL OR v.ends_at > ?2) AND v.displaced_by IS NULL
    AND (t.organization_id IS NOT NULL OR (u.disabled_at IS NULL AND u.removed_at IS NULL))`)

const findLiveExchanged = statement(`
  SELECT 1 FROM exchanged_tokens e JOIN trusted_publishers p ON p.id = e.publisher_id
    LEFT JOIN users u ON u.name = p.scope
  WHERE e.id = ?1 AND e.ended_at IS NULL AND e.expires_at > ?2 AND p.removed_at IS NULL AND p.suspended_at IS NULL
    AND u.disabled_at IS NULL AND u.removed_at IS NULL`)

interface GateRow {
  visibility: PackageAccess['visibility'] | null
  /** When trusted publishing became required in the scope. */
  since: number | null
}

interface AccessRow extends GateRow {
  role: PackageAccess['role'] | null
}

/** @param ownerId the ID of a user or an organization */
export function findAccessOf(name: string, ownerId: string | undefined): Step<AccessRow | undefined> {
  return first(findAccess(name, scopeHolder(name), ownerId ?? null))
}

export function findGateOf(name: string): Step<GateRow | undefined> {
  return first(findGate(name, scopeHolder(name)))
}

export function toGate(row: GateRow | undefined): PackageGate {
  const since = row?.since ?? null
  return {visibility: row?.visibility ?? undefined, requiresTrustedPublisher: since !== null}
}

export function toAccess(row: AccessRow | undefined): PackageAccess {
  return {...toGate(row), role: row?.role ?? undefined}
}

/** The credential of a request: a session, a value of a token, or an exchanged token. */
export type Acting = {kind: 'session' | 'exchanged'; id: string} | {kind: 'token'; valueId: string}

/** Finds a row if a credential is still valid, as it was when the request started. */
export function findLive(acting: Acting, now: number): Step<unknown> {
  if (acting.kind === 'token') return first(findLiveToken(acting.valueId, now))
  return first(acting.kind === 'session' ? findLiveSession(acting.id, now) : findLiveExchanged(acting.id, now))
}

export function* isValid(credential: Acting, now: number): Rule<boolean> {
  return (yield* findLive(credential, now)) !== undefined
}

/**
 * Returns why a credential doesn't or no longer allows a change of a package, or undefined if it does.
 *
 * @param rights the rights that allow the change; one is enough
 */
export function* denialOf(
  credential: Credential,
  name: string,
  rights: readonly Right[],
  now: number,
): Rule<Denial | undefined> {
  const [live, row] = yield* together([findLive(credential, now), findAccessOf(name, ownerIdOf(credential))])
  if (live === undefined) return 'credential-ended'
  const access = toAccess(row)
  const role = credential.kind === 'exchanged' ? publisherRole(credential, scopeHolder(name)) : access.role
  if (!canChange({...access, role}, name, credential, rights)) return 'forbidden'
  return needsTrustedPublisher(access, credential) ? 'publisher-required' : undefined
}

function ownerIdOf(credential: Credential): string | undefined {
  return credential.kind === 'exchanged' ? undefined : credential.owner.id
}
