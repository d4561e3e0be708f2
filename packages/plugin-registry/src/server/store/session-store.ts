import type {Actor} from './actor.js'
import type {UseDetails} from './credential.js'
import type {SessionLifetimes} from './session-lifetimes.js'

export interface NewSession {
  id: string
  accessHash: Uint8Array
  refreshHash: Uint8Array
}

export type Rotation =
  | {outcome: 'rotated'; username: string; accessExpiresAt: number}
  | {outcome: 'unknown'}
  | {outcome: 'revoked' | 'expired' | 'reused' | 'disabled'; session: {id: string; username: string}}

/** A login, with all generations of its session. */
export interface LoginSession {
  /** The session's ID, which is the same for every generation. */
  id: string
  startedAt: number
  /** The client that logged in; null if it is unknown. */
  login: {address: string; agent: string | null} | null
  lastUsedAt: number | null
  /** Null if the session was never used, or its last use is unknown. */
  lastUse: UseDetails | null
  /** When the session expires unless it is refreshed or, in a browser, used. */
  expiresAt: number
  revokedAt: number | null
  isCurrent: boolean
}

export interface SessionStore {
  /**
   * Lists the sessions of a user, oldest first. Expired and revoked ones are kept for some days.
   *
   * @param caller `sessionId` is the generation that sent the request
   */
  list(caller: {userId: string; sessionId: string}, filter: {ended?: boolean}, now: number): Promise<LoginSession[]>
  /** Revokes a session of a user. @returns `revoked` even if the session had already ended */
  revoke(own: {userId: string; id: string}, by: Actor, now: number): Promise<'revoked' | 'unknown'>
  /**
   * Exchanges a refresh token for the session's next generation.
   *
   * @returns `reused` if the session was revoked because of a reuse
   */
  rotate(
    rotation: {refreshHash: Uint8Array; session: NewSession; lifetimes: SessionLifetimes},
    by: Actor,
    now: number,
  ): Promise<Rotation>
  /** Revokes the sessions that the hashes belong to. Ignores unknown and ended sessions. */
  end(
    session: {accessHash: Uint8Array | undefined; refreshHash: Uint8Array | undefined},
    by: Actor,
    now: number,
  ): Promise<void>
  /** Revokes the sessions of all users. @returns how many were active */
  endAll(by: Actor, now: number): Promise<number>
}
