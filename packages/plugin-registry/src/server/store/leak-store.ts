import type {Actor} from './actor.js'

/** A report of values that someone found. */
export interface LeakReport {
  /** The SHA-256 of each value, without duplicates. */
  hashes: readonly Uint8Array[]
  note: string | null
  /** How long a replaced refresh token works if its successor was never used, in milliseconds. */
  refreshGrace: number
}

export interface LeakStore {
  /**
   * Revokes the tokens and sessions that the values belong to. If a token's value was replaced, only that value ends.
   * Unknown and invalid values are only recorded in the audit log.
   */
  revoke(report: LeakReport, by: Actor, now: number): Promise<void>
}
