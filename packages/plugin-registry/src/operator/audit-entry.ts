import type {AuditLog} from '../server/store/store.js'

type Row = Awaited<ReturnType<AuditLog['latest']>>[number]

/** An entry of the audit log. */
export interface AuditEntry {
  /** @format date-time */
  at: string
  /** Who did it: a username, a trusted publisher, `(operator)` or `(registry)`; null if it is unknown. */
  actor: string | null
  /** The action, such as `token.create`. */
  action: string
  /** The target of the action: the ID of a user, organization, session or token, or the name of a package. */
  target: string | null
  /** Name of the target if `target` is an ID; otherwise null. */
  targetName: string | null
  /** Details that depend on the action. */
  detail: Record<string, unknown>
  /** ID of the session or token that authenticated the request. */
  credential: string | null
  /** IP address of the client. */
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
