import type {Actor} from './actor.js'
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

export interface SessionStore {
  /** Exchanges a refresh token for the session's next generation. `reused`: the session's family was revoked. */
  rotate(
    rotation: {refreshHash: Uint8Array; session: NewSession; lifetimes: SessionLifetimes},
    by: Actor,
    now: number,
  ): Promise<Rotation>
  /** Revokes the families that the hashes belong to. Unknown and ended sessions are ignored. */
  end(
    session: {accessHash: Uint8Array | undefined; refreshHash: Uint8Array | undefined},
    by: Actor,
    now: number,
  ): Promise<void>
  /** Revokes the sessions of every user. @returns how many were active. */
  endAll(by: Actor, now: number): Promise<number>
}
