import type {Scope} from '@apkg/wire'

import type {Actor} from './actor.js'
import type {ExpiringToken, ExpiryPeriod, UseDetails, UserCredential} from './credential.js'
import type {IdempotentRequest} from './idempotency.js'
import type {TokenHolder, TokenReach} from './token-holder.js'
import type {TokenRestrictions} from './token-restrictions.js'
import type {Validity} from './renewed-lifetime.js'
import type {OwnedTokens} from './owned-token-store.js'
import type {Suspension, SuspensionMaker, TokenSuspensions} from './suspension-store.js'

export interface TokenRecord extends TokenRestrictions {
  id: string
  label: string
  prefix: string
  scopes: Scope[]
  /** Empty means every package. */
  patterns: string[]
  /** The requested lifetime, such as `30d`. */
  lifetime: string
  note: string | null
  /** The name of its user or, if it belongs to an organization, of the user who created it. */
  user: string
  /** The name of the user who created it, or of the operator. */
  createdBy: string
  createdAt: number
  /** When the current value was created. Null if it is the first one. */
  rotatedAt: number | null
  /** The number of the current value: 1 at first, and 1 more with each rotation. */
  generation: number
  /**
   * When the current value ended, because a rotation without a grace period was dropped. Until it is rotated again, the
   * token has no working value. Null otherwise.
   */
  valueEndsAt: number | null
  /** Null if it never expires. */
  expiresAt: number | null
  lastUsedAt: number | null
  /** Null before the first use, or if an earlier version didn't record it. */
  lastUse: UseDetails | null
  /** Oldest first. Empty if the token isn't suspended. */
  suspensions: Suspension[]
  revokedAt: number | null
  /** The name of the actor. Null if it is unknown, or the token is not revoked. */
  revokedBy: string | null
}

export type TokenDraft = TokenRestrictions &
  Pick<TokenRecord, 'id' | 'label' | 'prefix' | 'scopes' | 'patterns' | 'lifetime' | 'note' | 'expiresAt'>

/** The position of a page: it starts after the token with this creation time and ID. */
export interface TokenPosition {
  createdAt: number
  id: string
}

export interface SuspendedToken {
  id: string
  label: string
  /** The organization that it belongs to; null if it belongs to the user. */
  organization: string | null
  /** The name of the user who created it. */
  createdBy: string
  suspendedAt: number
}

/** A new value for a token. */
export interface TokenRotationRequest {
  /** The ID of the token. */
  id: string
  value: {id: string; hash: Uint8Array; prefix: string}
  /** How long the old value works after the first use of the new one, in milliseconds. With 0, it ends immediately. */
  grace: number
  /** Undefined renews the lifetime. */
  validity: Validity | undefined
  idempotency?: IdempotentRequest | undefined
}

/**
 * The outcome of a rotation. `changed`: the credential became invalid in the meantime. `key-reused`, `already-done`:
 * see `TokenCreation`. `in-progress`: the value was already replaced, or someone else's rotation isn't finished.
 * `too-long`: a token can't give itself more time than it had. `over-limit`: the requested lifetime is longer than the
 * policy allows.
 */
export type TokenRotation =
  | {outcome: 'rotated'; token: TokenRecord; oldValue: OldValue}
  | {outcome: 'changed' | 'unknown' | 'key-reused' | 'already-done'}
  | {outcome: 'inactive'; state: 'revoked' | 'expired' | 'spent' | 'suspended'; label: string}
  | {outcome: 'in-progress'; endsAt: number | null}
  | {outcome: 'too-long'; lifetime: string}
  | {outcome: 'over-limit'; limit: string}

/**
 * The outcome of creating a token. `changed`: the session ended in the meantime, or its user was disabled or removed.
 * `forbidden`: the user isn't an admin of the organization. `repeated`: the same request already created this token, whose
 * unused value was replaced with the new one. `key-reused`: the idempotency key was used for another request.
 * `already-done`: the same request already created a token, whose value was used or has ended.
 */
export type TokenCreation =
  | 'created'
  | 'label-taken'
  | 'limit-reached'
  | 'lifetime-too-long'
  | 'changed'
  | 'forbidden'
  | 'key-reused'
  | 'already-done'
  | {repeated: string}

/** The outcome of dropping a new value. `used`: it was already used. `not-yours`: someone else began the rotation. */
export type RotationDrop = 'dropped' | 'changed' | 'unknown' | 'used' | 'not-yours'

export interface TokenRotations {
  /**
   * Creates a new value for a token. The credential must be a session of its owner or of an admin of its organization, or
   * the token itself. Until the new value is used, the same credential can repeat the rotation, which replaces the unused
   * value.
   */
  rotate(request: TokenRotationRequest, credential: UserCredential, by: Actor, now: number): Promise<TokenRotation>
  /** Drops an unused new value, as if it had never been created. Dropping it again returns `dropped`, too. */
  dropRotation(
    value: {id: string; prefix: string},
    credential: UserCredential,
    by: Actor,
    now: number,
  ): Promise<RotationDrop>
}

/** The value that the last rotation of a token replaced. */
export interface OldValue {
  prefix: string
  /** When it stops working. Null until the new value is used. */
  retiresAt: number | null
  expiresAt: number | null
  lastUsedAt: number | null
  lastUse: UseDetails | null
}

/** A token with the value that its last rotation replaced. */
export interface TokenDetails extends TokenRecord {
  /** Null if the token was never rotated. */
  oldValue: OldValue | null
}

export interface TokenQueries {
  /** Finds a token, even if it expired or was revoked. */
  details(token: {id: string; within: TokenReach}): Promise<TokenDetails | undefined>
  /** Finds the tokens whose newest value, or the value that it replaced, starts with a prefix. */
  detailsByPrefix(value: {prefix: string; holder: TokenHolder}): Promise<TokenDetails[]>
}

export interface TokenStore extends TokenRotations, TokenQueries, TokenSuspensions, OwnedTokens {
  /** Creates a token if the policy allows it, or repeats an earlier request with the same idempotency key. */
  create(
    token: TokenDraft & {
      userId: string
      hash: Uint8Array
      sessionId: string | null
      idempotency?: IdempotentRequest | undefined
    },
    by: Actor,
    now: number,
  ): Promise<TokenCreation>
  /** Lists tokens, oldest first. @param page.ended whether to include expired and revoked tokens */
  list(
    holder: TokenHolder,
    page: {after?: TokenPosition | undefined; limit?: number | undefined; ended?: boolean | undefined},
    now: number,
  ): Promise<TokenRecord[]>
  /** Lists the tokens of a user that expire in a period, the soonest first. At most 100. */
  expiring(userId: string, period: ExpiryPeriod): Promise<ExpiringToken[]>
  /**
   * Revokes the token with this ID, or the user's only unrevoked one whose ID starts with it. Revoking a revoked token
   * changes nothing and also returns `revoked`.
   *
   * @returns the candidates if several tokens match
   */
  revoke(
    token: {id: string; within: TokenReach},
    by: Actor,
    now: number,
  ): Promise<'revoked' | 'unknown' | Pick<TokenRecord, 'id' | 'label'>[]>
  /** Ends one value of a token, such as one that was replaced. Its other values keep working. */
  endValue(value: {id: string; valueId: string}, by: Actor, now: number): Promise<void>
  /** Lists unrevoked tokens with a suspension by these makers, by owner and label. */
  suspended(makers: readonly SuspensionMaker[]): Promise<SuspendedToken[]>
}
