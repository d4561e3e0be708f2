import type {AuditLog} from '../server/store/store.js'

type Row = Awaited<ReturnType<AuditLog['latest']>>[number]

/** A row of the audit log as `--json` shows it. */
export interface AuditEntry {
  at: string
  /** Null where nobody is known by the name that was given. */
  actor: string | null
  action: string
  /** The id of a user, an organization, a session or a token, or a package. */
  target: string | null
  /** The name that this id belongs to. */
  targetName: string | null
  detail: Record<string, unknown>
  /** The id of the session or token that was used. */
  credential: string | null
  address: string | null
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
