import type {Scope} from '@apkg/wire'

import type {Actor} from './actor.js'

export interface TokenRecord {
  id: string
  label: string
  prefix: string
  scopes: Scope[]
  /** Empty: every package. */
  patterns: string[]
  /** As requested, such as `30d`. */
  lifetime: string
  createdAt: number
  /** Null: never. */
  expiresAt: number | null
  lastUsedAt: number | null
  /** Null: not suspended. */
  suspendedAt: number | null
}

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

export interface TokenStore {
  /** `changed`: the session ended, or its user was disabled or removed, in the meantime. */
  create(
    token: Omit<TokenRecord, 'createdAt' | 'lastUsedAt' | 'suspendedAt'> & {
      userId: string
      hash: Uint8Array
      sessionId: string
    },
    limit: number,
    by: Actor,
    now: number,
  ): Promise<'created' | 'label-taken' | 'limit-reached' | 'changed'>
  /** A user's tokens that are neither revoked nor expired, oldest first. */
  list(
    userId: string,
    page: {after?: TokenPosition | undefined; limit?: number | undefined},
    now: number,
  ): Promise<TokenRecord[]>
  /** Revoking a revoked token changes nothing and also returns `revoked`. */
  revoke(token: {userId: string; id: string}, by: Actor, now: number): Promise<'revoked' | 'unknown'>
  /** Suspends every token that is neither revoked nor suspended. @returns how many. */
  suspendAll(by: Actor, now: number): Promise<number>
  /** Suspended tokens that were not revoked, by owner and label. */
  suspended(): Promise<SuspendedToken[]>
  /** Ids of tokens that are not suspended are ignored. @returns the tokens that were resumed. */
  resume(ids: readonly string[], by: Actor, now: number): Promise<SuspendedToken[]>
}
