import type {Actor} from './actor.js'
import type {SessionLifetimes} from './session-lifetimes.js'
import type {NewSession} from './session-store.js'

/** Where a client on the machine with the browser listens, and what proves later that it is the same client. */
export interface Loopback {
  redirectUri: string
  /** The S256 challenge of PKCE. */
  codeChallenge: string
  state: string
}

export interface NewBrowserRequest {
  id: string
  /** How the client gets the result: it polls, or listens on a loopback address. */
  delivery: {deviceHash: Uint8Array; userCode: string} | Loopback
  /** The session to confirm. Undefined for a login. */
  confirms: {sessionId: string; userId: string} | undefined
  expiresAt: number
  /** In seconds. */
  interval: number
}

/** A request that a browser can decide. */
export interface BrowserRequest {
  id: string
  isConfirmation: boolean
  /** The client that sent it. */
  address: string | null
  agent: string | null
  createdAt: number
  expiresAt: number
  loopback: Loopback | undefined
}

/** What the client proves the request with. */
export type BrowserProof = {deviceHash: Uint8Array} | {codeHash: Uint8Array; codeChallenge: string}

export interface PolledRequest {
  id: string
  state: 'pending' | 'approved' | 'denied' | 'expired'
  /** In seconds. */
  interval: number
}

export interface BrowserRequestStore {
  /** @returns `taken` if another request has the same user code */
  open(request: NewBrowserRequest, by: Actor, now: number): Promise<'opened' | 'taken'>
  /**
   * Finds a request that can be decided by a user.
   *
   * @param selector the user code, or the ID of a request with a loopback address
   */
  find(selector: {userCode: string} | {id: string}, userId: string, now: number): Promise<BrowserRequest | undefined>
  /**
   * Approves or denies a request. A confirmation can only be decided by the user whose session asked for it.
   *
   * @param decision `sessionId` is the browser's session; `codeHash` that of an authorization code, which ends at
   *   `codeEndsAt`
   * @returns `closed` if it is unknown, expired or already decided, or if the session ended
   */
  decide(
    decision: {
      id: string
      userId: string
      sessionId: string
      isApproved: boolean
      code: {hash: Uint8Array; endsAt: number} | undefined
    },
    by: Actor,
    now: number,
  ): Promise<'decided' | 'closed'>
  /** @returns undefined if it is unknown */
  poll(deviceHash: Uint8Array, now: number): Promise<PolledRequest | undefined>
  /** @param interval how long the client must wait between two polls, in seconds */
  slowDown(id: string, interval: number): Promise<void>
  /**
   * Starts a session for the user who approved a login. It works once.
   *
   * @returns undefined if the request isn't approved, or no longer
   */
  completeLogin(
    login: {proof: BrowserProof; session: NewSession; lifetimes: SessionLifetimes},
    by: Actor,
    now: number,
  ): Promise<{userId: string; username: string; accessExpiresAt: number} | 'disabled' | undefined>
  /**
   * Confirms the session that asked, as of when the browser authenticated the user. It works once.
   *
   * @returns whether the session was confirmed
   */
  completeConfirmation(confirmation: {proof: BrowserProof; sessionId: string}, by: Actor, now: number): Promise<boolean>
}
