import type {FastifyRequest} from 'fastify'

/** The user of a browser's session. */
export interface Visitor {
  username: string
  mfaEnabled: boolean
  /** Whether the last login is too old for changes that need a confirmation. */
  mustConfirm: boolean
}

/** A login or a confirmation that a command line requested, and that the visitor can approve or deny. */
export interface PendingRequest {
  id: string
  isConfirmation: boolean
  /** The client that sent it. */
  address: string | null
  agent: string | null
  createdAt: number
  /** Whether the client listens on a loopback address of this machine. */
  isLocal: boolean
}

/** The code that the visitor typed, or the ID of a request of a client on this machine. */
export type RequestSelector = {code: string} | {id: string}

/** The result of a password: a session, or a challenge for the second factor. */
export type PasswordResult = {cookie: string} | {mfaToken: string}

/**
 * Whether a cookie is accepted. `replaced`: a login or a confirmation gave the browser another value, less than a minute
 * ago, so the browser may have the new one already. `over`: it ended, or never existed.
 */
export type SessionState = 'valid' | 'replaced' | 'over'

/** What the pages about sessions do. Each cookie is the value of a browser's session. */
export interface BrowserSessions {
  /** Looks up a cookie, without counting as a use or as a refused credential. */
  state(cookie: string): Promise<SessionState>
  /**
   * @param earlier the cookie that the browser has. Its session ends with the login.
   * @throws {Refusal} LOGIN_FAILED, USER_DISABLED, TOO_MANY_ATTEMPTS, BUSY
   */
  logIn(
    credentials: {username: string; password: string},
    earlier: string | undefined,
    request: FastifyRequest,
  ): Promise<PasswordResult>
  /**
   * @param earlier as for `logIn`
   * @throws {Refusal} MFA_FAILED, MFA_CHALLENGE_EXPIRED, USER_DISABLED, TOO_MANY_ATTEMPTS
   */
  enterCode(
    proof: {mfaToken: string; code: string},
    earlier: string | undefined,
    request: FastifyRequest,
  ): Promise<{cookie: string}>
  /**
   * Confirms the password and, if the account has one, the second factor.
   *
   * @returns the new value of the session. The old one ends.
   * @throws {Refusal} LOGIN_FAILED, MFA_FAILED, TOO_MANY_ATTEMPTS, BUSY; those of an invalid session
   */
  confirm(cookie: string, proof: {password: string; code?: string}, request: FastifyRequest): Promise<string>
  logOut(cookie: string, request: FastifyRequest): Promise<void>
  /** @throws {Refusal} those of an invalid session */
  visitor(cookie: string, request: FastifyRequest): Promise<Visitor>
  /** @throws {Refusal} TOO_MANY_ATTEMPTS after wrong codes; those of an invalid session */
  find(cookie: string, selector: RequestSelector, request: FastifyRequest): Promise<PendingRequest | undefined>
  /**
   * Approves or denies a request.
   *
   * @returns `closed` if it can't be decided anymore, or where the browser continues
   */
  decide(
    cookie: string,
    selector: RequestSelector,
    isApproved: boolean,
    request: FastifyRequest,
  ): Promise<'closed' | {redirect: string | undefined}>
}
