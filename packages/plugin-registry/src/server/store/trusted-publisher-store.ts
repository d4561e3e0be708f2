import type {ProblemDetail, Scope} from '@apkg/wire'

import type {Actor} from './actor.js'
import type {ExchangedToken, SessionCredential} from './credential.js'
import type {PublisherRequirement} from './publisher-match.js'
import type {Claims} from './publisher-project.js'

/** A trusted publisher to add: its requirements, and the issuer of its ID tokens. */
export interface PublisherDraft extends PublisherRequirement {
  id: string
  issuer: string
}

/** A project whose jobs can publish. Times are in milliseconds since 1970. */
export interface TrustedPublisher extends PublisherDraft {
  createdAt: number
  /** Username. */
  createdBy: string
  /** When the IDs of its project were recorded. Null if there are none, or if the request contained them. */
  pinnedAt: number | null
  /** When it expires unless a job uses it. Null if it doesn't expire. */
  pendingUntil: number | null
  /** When an ID token was last exchanged. */
  lastUsedAt: number | null
  /** When a restore suspended it. */
  suspendedAt: number | null
}

/** An ID token whose signature, issuer, audience and times are valid. */
export interface VerifiedIdToken {
  issuer: string
  /** The claims that are strings, numbers or booleans, as text. */
  claims: Claims
  /** SHA-256 of the issuer and the `jti`. */
  jtiHash: Uint8Array
  /** SHA-256 of the ID token. */
  hash: Uint8Array
}

export interface TokenForExchange {
  id: string
  hash: Uint8Array
  prefix: string
}

export interface NewExchangedToken {
  id: string
  /** The name of the publisher. */
  label: string
  prefix: string
  scopes: Scope[]
  patterns: string[]
  createdAt: number
  expiresAt: number
}

export type Exchange =
  | {outcome: 'exchanged'; token: NewExchangedToken}
  /** The project has no publisher, or none that covers the package. */
  | {outcome: 'unknown'}
  | {outcome: 'ambiguous'; packages: string[]}
  | {outcome: 'mismatch' | 'event-refused'; details: ProblemDetail[]}
  | {outcome: 'replayed'}

export interface TrustedPublisherStore {
  /**
   * Adds a publisher to a scope that the session's user owns or administers.
   *
   * @returns `changed` if the session ended in the meantime
   */
  add(
    publisher: PublisherDraft,
    session: SessionCredential,
    by: Actor,
    now: number,
  ): Promise<TrustedPublisher | 'forbidden' | 'exists' | 'limit-reached' | 'changed'>
  /**
   * Lists the publishers of all scopes that a user owns or administers, oldest first, and the scopes that require them.
   */
  list(userId: string): Promise<{publishers: TrustedPublisher[]; required: string[]}>
  /** Removes a publisher. Its tokens stop working. */
  remove(id: string, session: SessionCredential, by: Actor, now: number): Promise<'removed' | 'unknown' | 'changed'>
  /** Sets whether only trusted publishers can change the packages of a scope. Idempotent. */
  require(
    requirement: {scope: string; required: boolean},
    session: SessionCredential,
    by: Actor,
    now: number,
  ): Promise<'done' | 'forbidden' | 'changed'>
  /**
   * Exchanges an ID token for a token. This works once, or again within a minute if the token wasn't used. The new
   * token then replaces the first one.
   *
   * @param wanted the package to publish, or `@acme/*`
   */
  exchange(
    idToken: VerifiedIdToken,
    wanted: string | undefined,
    token: TokenForExchange,
    client: {address: string; agent: string | null},
    now: number,
  ): Promise<Exchange>
  /** Revokes an exchanged token before it expires. */
  endExchanged(token: ExchangedToken, by: Actor, now: number): Promise<void>
}
