import type {Scope} from '@apkg/wire'

import type {Actor} from './actor.js'
import type {Credential, ExpiringToken, ExpiryPeriod, UseDetails} from './credential.js'
import type {Validity} from './renewed-lifetime.js'

export interface TokenRecord {
  id: string
  label: string
  prefix: string
  scopes: Scope[]
  /** Empty: every package. */
  patterns: string[]
  /** As requested, such as `30d`. */
  lifetime: string
  note: string | null
  createdAt: number
  /** When its current value was created; null if that is the first one. */
  rotatedAt: number | null
  /** Of its current value: 1, and 1 more with each rotation. */
  generation: number
  /** Null: never. */
  expiresAt: number | null
  lastUsedAt: number | null
  /** Null before the first use, or if it was not recorded by an earlier version. */
  lastUse: UseDetails | null
  /** Null: not suspended. */
  suspendedAt: number | null
  revokedAt: number | null
  /** The name of the actor. Null if it is unknown, or the token is not revoked. */
  revokedBy: string | null
}

export type TokenDraft = Pick<
  TokenRecord,
  'id' | 'label' | 'prefix' | 'scopes' | 'patterns' | 'lifetime' | 'note' | 'expiresAt'
>

/** A page of tokens starts after the token created at this time with this id. */
export interface TokenPosition {
  createdAt: number
  id: string
}

export interface SuspendedToken {
  id: string
  label: string
  /** The owner's name. */
  username: string
  suspendedAt: number
}

/** A new value for a token. */
export interface TokenRotationRequest {
  /** Of the token. */
  id: string
  value: {id: string; hash: Uint8Array; prefix: string}
  /** How long the replaced value works after the first use of the new one, in milliseconds. 0: it ends at once. */
  grace: number
  /** Undefined: the same lifetime again. */
  validity: Validity | undefined
}

/**
 * `changed`: the credential became invalid in the meantime. `in-progress`: the value was replaced and ends at a time, or
 * someone else's rotation isn't finished. `too-long`: a token can't give itself more time than it had.
 * `over-limit`: the requested lifetime is longer than the policy allows.
 */
export type TokenRotation =
  | {outcome: 'rotated'; token: TokenRecord}
  | {outcome: 'changed' | 'unknown'}
  | {outcome: 'inactive'; state: 'revoked' | 'expired' | 'suspended'; label: string}
  | {outcome: 'in-progress'; endsAt: number | null}
  | {outcome: 'too-long'; lifetime: string}
  | {outcome: 'over-limit'; limit: string}

/** `used`: the new value was used. `not-yours`: someone else began the rotation. */
export type RotationDrop = 'dropped' | 'changed' | 'unknown' | 'used' | 'not-yours'

export interface TokenRotations {
  /**
   * Creates a new value of a token, for a session of its owner or for the current value of the token itself. Until it is
   * used, who began the rotation can repeat it, and the unused value is replaced.
   */
  rotate(request: TokenRotationRequest, credential: Credential, by: Actor, now: number): Promise<TokenRotation>
  /** Drops a new value that nobody used, as if it had never been created. Dropping it again returns `dropped`, too. */
  dropRotation(
    value: {id: string; prefix: string},
    credential: Credential,
    by: Actor,
    now: number,
  ): Promise<RotationDrop>
}

export interface TokenStore extends TokenRotations {
  /**
   * Creates a token that the policy allows.
   *
   * @returns `changed`: the session ended, or its user was disabled or removed, in the meantime.
   */
  create(
    token: TokenDraft & {userId: string; hash: Uint8Array; sessionId: string},
    by: Actor,
    now: number,
  ): Promise<'created' | 'label-taken' | 'limit-reached' | 'lifetime-too-long' | 'changed'>
  /** A user's tokens, oldest first. @param page.ended also those that expired or were revoked. */
  list(
    userId: string,
    page: {after?: TokenPosition | undefined; limit?: number | undefined; ended?: boolean | undefined},
    now: number,
  ): Promise<TokenRecord[]>
  /** A token of a user, also if it expired or was revoked. */
  find(token: {userId: string; id: string}): Promise<TokenRecord | undefined>
  /** The tokens of a user that expire in a period, the soonest first; at most 100. */
  expiring(userId: string, period: ExpiryPeriod): Promise<ExpiringToken[]>
  /**
   * Revokes the token with this id, or the only one that is not revoked and whose id starts with it. Revoking a revoked
   * token changes nothing and also returns `revoked`.
   *
   * @returns the tokens that it could be, if there are several.
   */
  revoke(
    token: {userId: string; id: string},
    by: Actor,
    now: number,
  ): Promise<'revoked' | 'unknown' | Pick<TokenRecord, 'id' | 'label'>[]>
  /** Ends one value of a token, such as one that was replaced. The others go on working. */
  endValue(value: {id: string; valueId: string}, by: Actor, now: number): Promise<void>
  /** Suspends every token that is neither revoked nor suspended. @returns how many. */
  suspendAll(by: Actor, now: number): Promise<number>
  /** Suspended tokens that were not revoked, by owner and label. */
  suspended(): Promise<SuspendedToken[]>
  /** Ids of tokens that are not suspended are ignored. @returns the tokens that were resumed. */
  resume(ids: readonly string[], by: Actor, now: number): Promise<SuspendedToken[]>
}
