import type {Scope} from '@apkg/wire'

import type {SlowDown} from './login-delay.js'
import type {SessionLifetimes} from './session-lifetimes.js'
import type {AuthorKeyStore, SigningKeyStore} from './key-store.js'
import type {OrganizationStore} from './organization-store.js'
import type {PackageStore} from './package-store.js'

export type * from './key-store.js'
export * from './organization-store.js'
export type * from './package-store.js'

/**
 * What a registry keeps. Every time is milliseconds since 1970 and passed in; every secret arrives as its SHA-256.
 *
 * A write is durable when its promise is fulfilled, and its audit row is written in the same transaction. Outcomes that
 * a caller has to answer are returned as words; a thrown error means that the store itself failed.
 */
export interface RegistryStore {
  readonly users: UserStore
  readonly logins: LoginStore
  readonly sessions: SessionStore
  readonly tokens: TokenStore
  readonly credentials: CredentialStore
  readonly organizations: OrganizationStore
  readonly packages: PackageStore
  readonly authorKeys: AuthorKeyStore
  readonly signingKeys: SigningKeyStore
  readonly audit: AuditLog
  /** Finishes what is waiting to be written, then lets go of the data. */
  close(): Promise<void>
}

/** Who makes a change, as its audit row names them. */
export interface Actor {
  /** A user's name; null where nobody is known by the name that was given. */
  name: string | null
  credentialId: string | null
  address: string | null
  agent: string | null
}

/** Somebody with access to the data folder. The parentheses keep the name out of reach of users. */
export const operator: Actor = {name: '(operator)', credentialId: null, address: null, agent: null}

export interface User {
  id: string
  name: string
  email: string
  createdAt: number
  disabledAt: number | null
  mfaEnabledAt: number | null
}

export interface UserStore {
  /** `taken`: the name belongs to somebody, or did once. */
  add(
    user: {id: string; name: string; email: string; passwordHash: string},
    by: Actor,
    now: number,
  ): Promise<'added' | 'taken'>
  /** Everybody who was not removed, by name. */
  list(): Promise<User[]>
  find(name: string): Promise<(User & {passwordHash: string}) | undefined>
  /** Ends the user's sessions; tokens stay. */
  setPassword(id: string, passwordHash: string, by: Actor, now: number): Promise<void>
  setDisabled(id: string, disabled: boolean, by: Actor, now: number): Promise<void>
  /** Revokes every credential, ends every membership, forgets the person, keeps the name taken for ever. */
  remove(id: string, by: Actor, now: number): Promise<void>
  /** Replaces any earlier enrollment, its recovery codes included. */
  enrollMfa(
    id: string,
    enrollment: {totpSecret: string; recoveryHashes: Uint8Array[]},
    by: Actor,
    now: number,
  ): Promise<void>
  revokeAll(id: string, by: Actor, now: number): Promise<{sessions: number; tokens: number}>
}

/** How often failures were counted under a key, and when last. */
export interface FailureCount {
  failures: number
  lastAt: number
}

/** What failures are counted under: an account, an address, or one from the other. */
export interface CountedKey {
  key: string
  slowDown: SlowDown
}

export interface NewSession {
  id: string
  accessHash: Uint8Array
  refreshHash: Uint8Array
}

/** What shows that the person holds the second factor. Each is accepted once. */
export type MfaProof = {kind: 'totp'; step: number} | {kind: 'recovery'; hash: Uint8Array}

export type CodeAttempt =
  | {outcome: 'go'; user: {id: string; name: string; disabledAt: number | null; totpSecret: string}}
  | {outcome: 'closed'}
  | {outcome: 'wait'; until: number}

/** `changed`: the user was changed while the login was under way. */
export type FailureReason = 'password' | 'code' | 'disabled' | 'changed'

export interface LoginStore {
  failures(key: string): Promise<FailureCount | undefined>
  /** Counts one more failure on every key. */
  recordFailure(counts: CountedKey[], reason: FailureReason, by: Actor, now: number): Promise<void>
  /** `changed`: as for `completePassword`, or MFA is not enrolled. */
  openChallenge(
    challenge: {hash: Uint8Array; userId: string; passwordHash: string; expiresAt: number},
    now: number,
  ): Promise<'opened' | 'changed'>
  /**
   * Takes one of a challenge's attempts. It is counted as a failure before the code is looked at, so that codes sent at
   * the same time cannot outrun the count; `completeChallenge` takes that back.
   */
  attemptCode(hash: Uint8Array, limits: {attempts: number; slowDown: SlowDown}, now: number): Promise<CodeAttempt>
  /**
   * `changed`: the user was disabled or removed, the password is no longer the one that was verified, or MFA was
   * enrolled.
   */
  completePassword(
    login: {userId: string; passwordHash: string; session: NewSession; lifetimes: SessionLifetimes; clears: string[]},
    by: Actor,
    now: number,
  ): Promise<'started' | 'changed'>
  /** `used`: the proof was accepted before, or is no longer the user's. */
  completeChallenge(
    login: {
      hash: Uint8Array
      userId: string
      proof: MfaProof
      session: NewSession
      lifetimes: SessionLifetimes
      clears: string[]
    },
    by: Actor,
    now: number,
  ): Promise<'started' | 'used' | 'changed'>
}

export type Rotation =
  | {outcome: 'rotated'; username: string; accessExpiresAt: number}
  | {outcome: 'unknown' | 'ended' | 'reused' | 'disabled'}

export interface SessionStore {
  /** Exchanges a refresh token for the session's next generation; `reused` has revoked the whole family. */
  rotate(
    rotation: {refreshHash: Uint8Array; session: NewSession; lifetimes: SessionLifetimes},
    by: Actor,
    now: number,
  ): Promise<Rotation>
  /** Ends the families of whichever of these is known; unknown and ended ones are left alone. */
  end(
    session: {accessHash: Uint8Array | undefined; refreshHash: Uint8Array | undefined},
    by: Actor,
    now: number,
  ): Promise<void>
  /** Ends everybody's sessions. @returns how many were alive. */
  endAll(by: Actor, now: number): Promise<number>
}

export interface TokenRecord {
  id: string
  label: string
  prefix: string
  scopes: Scope[]
  /** Empty: every package. */
  patterns: string[]
  /** The lifetime as it was asked for. */
  lifetime: string
  createdAt: number
  /** Null: never. */
  expiresAt: number | null
  lastUsedAt: number | null
  /** Null: it is not suspended. */
  suspendedAt: number | null
}

/** Where a page of tokens begins: after the token created then with that id. */
export interface TokenPosition {
  createdAt: number
  id: string
}

export interface TokenStore {
  /** `changed`: the session or its user ended in the meantime. */
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
  /** Revoking a revoked token changes nothing and is `revoked` all the same. */
  revoke(token: {userId: string; id: string}, by: Actor, now: number): Promise<'revoked' | 'unknown'>
  /** Suspends every token that is neither revoked nor suspended, until it is resumed. @returns how many. */
  suspendAll(by: Actor, now: number): Promise<number>
  /** The suspended tokens that were not revoked, by owner and label. */
  suspended(): Promise<SuspendedToken[]>
  /** Lets suspended tokens work again; ids of others change nothing. @returns those that were resumed. */
  resume(ids: readonly string[], by: Actor, now: number): Promise<SuspendedToken[]>
}

export interface SuspendedToken {
  id: string
  label: string
  /** The owner's name. */
  username: string
  suspendedAt: number
}

interface HeldCredential {
  id: string
  owner: {id: string; name: string; email: string; mfaEnabled: boolean; disabledAt: number | null}
  expiresAt: number | null
  revokedAt: number | null
  /** Sessions note only the first use. */
  lastUsedAt: number | null
}

export type Credential =
  | (HeldCredential & {kind: 'session'})
  | (HeldCredential & {
      kind: 'token'
      label: string
      prefix: string
      scopes: Scope[]
      patterns: string[]
      suspendedAt: number | null
    })

export interface CredentialStore {
  find(kind: 'session' | 'token', hash: Uint8Array): Promise<Credential | undefined>
  /** Writes the use behind the request, for a token at most once a minute. Never throws. */
  noteUse(credential: Credential, now: number): void
}

export interface AuditRow extends Actor {
  at: number
  action: string
  /** What was changed: the id of a user, an organization, a session family or a token, or a package (`@acme/tool@1.0.0`). */
  target: string | null
  detail: Record<string, unknown>
}

/** Which rows are wanted; all of these have to hold. */
export interface AuditFilter {
  /** Who made the change. */
  actor?: string | undefined
  /** What the action begins with: `token.`, `login`. */
  action?: string | undefined
  /** The target, or a name that its id belongs to: a user's, an organization's or a token's. A package stands for its versions too. */
  target?: string | undefined
  /** The first moment that counts, and the first that does not. */
  since?: number | undefined
  before?: number | undefined
}

export interface AuditLog {
  /** The newest rows first, with the name that the target has today. */
  latest(limit: number, filter?: AuditFilter): Promise<(AuditRow & {targetName: string | null})[]>
}
