import type {Actor} from './actor.js'

export interface AuditRow extends Actor {
  at: number
  action: string
  /** What was changed: the id of a user, organization, session family or token, or a package (`@acme/tool@1.0.0`). */
  target: string | null
  detail: Record<string, unknown>
}

/** Rows have to match every filter that is given. */
export interface AuditFilter {
  /** Who made the change. */
  actor?: string | undefined
  /** A prefix of the action: `token.`, `login`. */
  action?: string | undefined
  /** The target's id or name (of a user, organization or token). A package name also matches its versions. */
  target?: string | undefined
  /** Inclusive. */
  since?: number | undefined
  /** Exclusive. */
  before?: number | undefined
}

/** The uses of a credential that is no longer valid, from one network within a minute. */
export interface DeadUse {
  kind: 'session' | 'token'
  /** Of the credential. */
  id: string
  /** The name of its owner. */
  owner: string
  /** Why it was refused: `revoked`, `expired`, `suspended`, `disabled`, or `rotated` for a value that was replaced. */
  reason: string
  /** Of the last use. */
  at: number
  address: string
  agent: string | null
  count: number
}

export interface AuditLog {
  /** Adds the row `registry.recovered`. @param positions of the chain: of its known head, and where the database ends. */
  recordRecovery(positions: {known: number | null; found: number | null}, by: Actor, now: number): Promise<void>
  /** Adds a row: `token.dead-use`, `session.dead-use`, or `token.retired-use` if the reason is `rotated`. */
  recordDeadUse(use: DeadUse): Promise<void>
  /** Newest first, with the name that the target has now. */
  latest(limit: number, filter?: AuditFilter): Promise<(AuditRow & {targetName: string | null})[]>
}
