import type {AuditLog} from '../server/store/store.js'

type Row = Awaited<ReturnType<AuditLog['latest']>>[number]

/** An entry of the audit log. */
export interface AuditEntry {
  /** @format date-time */
  at: string
  /** The user who acted. Null if the given name does not belong to a user. */
  actor: string | null
  /** What was done, such as `token.create`. */
  action: string
  /** ID of the user, organization, session or token, or name of the package, that the action concerns. */
  target: string | null
  /** The name of the target, if `target` is an ID. */
  targetName: string | null
  /** More facts, which depend on the action. */
  detail: Record<string, unknown>
  /** ID of the session or token that authenticated the request. */
  credential: string | null
  /** IP address that the request came from. */
  address: string | null
  /** User agent of the request. */
  agent: string | null
}

export function auditEntry({
  at,
  name,
  action,
  target,
  targetName,
  detail,
  credentialId,
  address,
  agent,
}: Row): AuditEntry {
  return {
    at: new Date(at).toISOString(),
    actor: name,
    action,
    target,
    targetName,
    detail,
    credential: credentialId,
    address,
    agent,
  }
}
