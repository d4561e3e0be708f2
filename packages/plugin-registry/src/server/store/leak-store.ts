import type {Actor} from './actor.js'

/** Values that someone found. */
export interface LeakReport {
  /** Of the values, each once. */
  hashes: readonly Uint8Array[]
  note: string | null
  /** How long a replaced refresh token works if its successor was never used, in milliseconds. */
  refreshGrace: number
}

export interface LeakStore {
  /**
   * Revokes the tokens and sessions that the values belong to; of a token's value that was replaced, the value alone.
   * Values that are unknown or not valid change nothing but the audit log.
   */
  revoke(report: LeakReport, by: Actor, now: number): Promise<void>
}
