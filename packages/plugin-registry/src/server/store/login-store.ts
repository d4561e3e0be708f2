import type {Actor} from './actor.js'
import type {FailureCount, FailureKey, LoginDelay} from './login-delay.js'
import type {SessionLifetimes} from './session-lifetimes.js'
import type {NewSession} from './session-store.js'

/** Evidence of the second factor. Each is accepted once. */
export type MfaProof = {kind: 'totp'; step: number} | {kind: 'recovery'; hash: Uint8Array}

export type CodeAttempt =
  | {outcome: 'allowed'; user: {id: string; name: string; disabledAt: number | null; totpSecret: string}}
  | {outcome: 'closed'}
  | {outcome: 'delayed'; until: number}

/** `changed`: since the password was verified, it was changed, or the session or its user became invalid. */
export type Confirmation =
  {outcome: 'confirmed' | 'changed' | 'code-missing' | 'code-wrong'} | {outcome: 'delayed'; until: number}

/** `changed`: the user was changed during the login. */
export type FailureReason = 'password' | 'code' | 'disabled' | 'changed'

export interface LoginStore {
  failures(key: string): Promise<FailureCount | undefined>
  /** Adds a failure to each key. */
  recordFailure(keys: FailureKey[], reason: FailureReason, by: Actor, now: number): Promise<void>
  /** `changed`: as for `completePassword`, or MFA is not enrolled. */
  openChallenge(
    challenge: {hash: Uint8Array; userId: string; passwordHash: string; expiresAt: number},
    now: number,
  ): Promise<'opened' | 'changed'>
  /**
   * Uses up one of a challenge's attempts. It counts as a failure before the code is checked, so that concurrent attempts
   * cannot outrun the count. `completeChallenge` clears it.
   */
  attemptCode(hash: Uint8Array, limits: {attempts: number; delay: LoginDelay}, now: number): Promise<CodeAttempt>
  /** `changed`: since the password was verified, it was changed, MFA was enrolled, or the user was disabled or removed. */
  completePassword(
    login: {
      userId: string
      passwordHash: string
      session: NewSession
      lifetimes: SessionLifetimes
      clearedKeys: string[]
    },
    by: Actor,
    now: number,
  ): Promise<'started' | 'changed'>
  /**
   * Marks a session as confirmed once its password was verified, and the second factor is accepted if the user has MFA. A
   * wrong code counts as a failed login.
   */
  confirm(
    confirmation: {
      sessionId: string
      userId: string
      passwordHash: string
      /** Undefined: no code was sent. */
      proofOf: ((totpSecret: string) => MfaProof | undefined) | undefined
      codeDelay: LoginDelay
      addressKey: FailureKey
      clearedKeys: string[]
    },
    by: Actor,
    now: number,
  ): Promise<Confirmation>
  /** `used`: the proof was accepted before, or no longer belongs to the user. */
  completeChallenge(
    login: {
      hash: Uint8Array
      userId: string
      proof: MfaProof
      session: NewSession
      lifetimes: SessionLifetimes
      clearedKeys: string[]
    },
    by: Actor,
    now: number,
  ): Promise<'started' | 'used' | 'changed'>
}
