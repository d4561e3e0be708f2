import type {Actor} from './actor.js'
import type {FailureCount, FailureKey, LoginDelay} from './login-delay.js'
import type {SessionLifetimes} from './session-lifetimes.js'
import type {NewSession} from './session-store.js'

/** Proof of the second factor. Each is accepted only once. */
export type MfaProof = {kind: 'totp'; step: number} | {kind: 'recovery'; hash: Uint8Array}

export type CodeAttempt =
  | {outcome: 'allowed'; user: {id: string; name: string; disabledAt: number | null; totpSecret: string}}
  | {outcome: 'closed'}
  | {outcome: 'delayed'; until: number}

/**
 * The outcome of a confirmation. `changed`: after the password was verified, it was changed, or the session or its user
 * became invalid.
 */
export type Confirmation =
  {outcome: 'confirmed' | 'changed' | 'code-missing' | 'code-wrong'} | {outcome: 'delayed'; until: number}

/** Why a login failed. `changed`: the user was changed during the login. `user-code`: the code of a device was unknown. */
export type FailureReason = 'password' | 'code' | 'user-code' | 'disabled' | 'changed'

export interface LoginStore {
  failures(key: string): Promise<FailureCount | undefined>
  /** Counts a failure for each key. */
  recordFailure(keys: FailureKey[], reason: FailureReason, by: Actor, now: number): Promise<void>
  /** @returns `changed` as for `completePassword`, or if MFA isn't set up */
  openChallenge(
    challenge: {hash: Uint8Array; userId: string; passwordHash: string; expiresAt: number},
    now: number,
  ): Promise<'opened' | 'changed'>
  /**
   * Uses up one attempt at a challenge. It counts as a failure before the code is checked, so that concurrent attempts
   * can't exceed the limit. `completeChallenge` clears the count.
   */
  attemptCode(hash: Uint8Array, limits: {attempts: number; delay: LoginDelay}, now: number): Promise<CodeAttempt>
  /**
   * @returns `changed` if, after the password was verified, it was changed, MFA was set up, or the user was disabled or
   *   removed
   */
  completePassword(
    login: {
      userId: string
      passwordHash: string
      session: NewSession
      /** The value of the session that the browser had until now, which ends. */
      earlier?: Uint8Array | undefined
      /** Whether it is a browser session. */
      isWeb?: boolean
      lifetimes: SessionLifetimes
      clearedKeys: string[]
    },
    by: Actor,
    now: number,
  ): Promise<'started' | 'changed'>
  /**
   * Marks a session as confirmed, after the password was verified. If the user has MFA, the second factor must be
   * accepted too. A wrong code counts as a failed login.
   */
  confirm(
    confirmation: {
      sessionId: string
      /** For a browser session, whose value changes with each confirmation. */
      next: NewSession | undefined
      userId: string
      passwordHash: string
      /** Undefined if no code was sent. */
      proofOf: ((totpSecret: string) => MfaProof | undefined) | undefined
      codeDelay: LoginDelay
      addressKey: FailureKey
      clearedKeys: string[]
    },
    by: Actor,
    now: number,
  ): Promise<Confirmation>
  /** @returns `used` if the proof was already accepted, or no longer belongs to the user */
  completeChallenge(
    login: {
      hash: Uint8Array
      userId: string
      proof: MfaProof
      session: NewSession
      /** The value of the session that the browser had until now, which ends. */
      earlier?: Uint8Array | undefined
      /** Whether it is a browser session. */
      isWeb?: boolean
      lifetimes: SessionLifetimes
      clearedKeys: string[]
    },
    by: Actor,
    now: number,
  ): Promise<'started' | 'used' | 'changed'>
}
