import type {Actor} from './actor.js'
import type {TokenReach} from './token-holder.js'
import type {TokenRecord} from './token-store.js'

/** Who made a suspension, and can lift it. The operator lifts suspensions by a policy or a restore. */
export type SuspensionMaker = 'owner' | 'operator' | 'policy' | 'restore'

/** The suspensions that the operator can lift. */
export const operatorSuspensions: readonly SuspensionMaker[] = ['operator', 'policy', 'restore']

/** A suspension of a token, at most one by each maker. The token works once all of them are lifted. */
export interface Suspension {
  by: SuspensionMaker
  /** The name of the actor; null if it is unknown. */
  name: string | null
  at: number
  reason: string | null
}

/** Selects a token by ID. With `within`, only if it is one of these. */
export interface TokenKey {
  id: string
  within?: TokenReach
}

/** Why a token never works again. */
export type EndState = 'revoked' | 'expired' | 'spent'

/** Why a token can't be suspended or resumed. `over`: it never works again. */
type Unchangeable = {outcome: 'unknown'} | {outcome: 'over'; state: EndState; label: string}

/** The outcome of suspending a token. `unchanged`: it is already suspended by this maker. */
export type SuspensionResult = {outcome: 'suspended' | 'unchanged'; token: TokenRecord} | Unchangeable

/**
 * The outcome of resuming a token. `resumed`: suspensions were lifted, but others may be left. `unchanged`: the token
 * isn't suspended. `not-yours`: only others can lift its suspensions. `changed`: the session ended in the meantime.
 */
export type ResumptionResult =
  {outcome: 'resumed' | 'unchanged' | 'not-yours'; token: TokenRecord} | {outcome: 'changed'} | Unchangeable

export interface TokenSuspensions {
  suspend(
    token: TokenKey,
    suspension: Pick<Suspension, 'by' | 'reason'>,
    by: Actor,
    now: number,
  ): Promise<SuspensionResult>
  /**
   * Lifts suspensions.
   *
   * @param lifting.makers the makers whose suspensions are lifted
   * @param lifting.sessionId the session that sent the request, if any. It must still be valid.
   */
  resume(
    token: TokenKey,
    lifting: {makers: readonly SuspensionMaker[]; sessionId?: string},
    by: Actor,
    now: number,
  ): Promise<ResumptionResult>
  /**
   * Suspends all trusted publishers, and all tokens that weren't revoked, because of a restore. Of each token, only the
   * newest value can work again.
   *
   * @returns how many tokens were suspended
   */
  suspendAll(by: Actor, now: number): Promise<number>
}
