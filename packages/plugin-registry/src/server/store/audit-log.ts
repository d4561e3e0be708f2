import type {Actor} from './actor.js'
import type {TokenHolder} from './token-holder.js'

export interface AuditRow extends Actor {
  at: number
  action: string
  /** What was changed: the ID of a user, organization, session family or token, or a package (`@acme/tool@1.0.0`). */
  target: string | null
  detail: Record<string, unknown>
}

/** Filters for the audit log. Rows must match all of them. */
export interface AuditFilter {
  /** The user who made the change. */
  actor?: string | undefined
  /** A prefix of the action, such as `token.` or `login`. */
  action?: string | undefined
  /** The target's ID or name (of a user, organization or token). A package name also matches its versions. */
  target?: string | undefined
  /** The IDs of a credential. Matches what it did and what happened to it. */
  credential?: readonly string[] | undefined
  /** The start of the period, inclusive. */
  since?: number | undefined
  /** The end of the period, exclusive. */
  before?: number | undefined
}

/** The uses of a credential that is no longer valid, from one network within a minute. */
export interface DeadUse {
  kind: 'session' | 'token'
  /** The ID of the credential. */
  id: string
  /** The name of its owner. */
  owner: string
  /** Why it was refused: `revoked`, `expired`, `suspended`, `disabled`, or `rotated` for a value that was replaced. */
  reason: string
  /** The time of the last use. */
  at: number
  address: string
  agent: string | null
  count: number
}

/** A row about a token, or about a use of it. */
export interface TokenLogRow extends AuditRow {
  id: number
  tokenId: string
  label: string
}

/** The position of a page: it starts after the row with this time and ID. */
export interface LogPosition {
  at: number
  id: number
}

export interface TokenLogPage {
  /** The ID of a token. Undefined means all tokens. */
  token?: string | undefined
  /** The start of the period, inclusive. */
  since?: number | undefined
  after?: LogPosition | undefined
  limit: number
}

/** A session or token that appears in the audit log. */
export interface AuditedCredential {
  kind: 'session' | 'token'
  /** The ID of the token, or of the session's first generation. */
  id: string
  /** Every ID that rows can contain for it. */
  ids: string[]
}

export interface AuditLog {
  /**
   * Adds a `registry.recovered` row.
   *
   * @param positions the positions of the known head and of the end of the chain in the database
   */
  recordRecovery(positions: {known: number | null; found: number | null}, by: Actor, now: number): Promise<void>
  /** Adds a `token.dead-use` or `session.dead-use` row, or `token.retired-use` if the reason is `rotated`. */
  recordDeadUse(use: DeadUse): Promise<void>
  /** Lists the rows about tokens, newest first. @returns undefined if the holder doesn't have the token */
  ofTokens(holder: TokenHolder, page: TokenLogPage): Promise<TokenLogRow[] | undefined>
  /**
   * Finds tokens and sessions by an ID or the start of one. It can be the ID of a token, of one of its values, of a
   * session, or of one of its generations. Deleted sessions are found if the audit log contains the ID.
   */
  credentials(start: string): Promise<AuditedCredential[]>
  /** Lists rows, newest first, with the current names of their targets. */
  latest(limit: number, filter?: AuditFilter): Promise<(AuditRow & {targetName: string | null})[]>
}
