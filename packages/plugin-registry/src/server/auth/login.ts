import type {LoginRequest, MfaChallengeRequest, StepUpRequest} from '@apkg/wire/protocol'

import {Queue, type QueueLimits} from '../http/queue.js'
import {Refusal, retryAfter} from '../http/refusal.js'
import {sessionExpiry, type SessionLifetimes, webLifetimes} from '../store/session-lifetimes.js'
import type {Actor, MfaProof, RegistryStore, SessionCredential, User} from '../store/store.js'
import {actorOf, type Client, unauthenticatedActor} from './actor.js'
import {type LoginDelays, LoginThrottle} from './login-throttle.js'
import {PasswordVerifier} from './passwords.js'
import type {LoginResult, Session} from '../http/openapi/index.js'
import {expiringTokenResponse, expiryPeriod} from './expiring-tokens.js'
import {hashRecoveryCode} from './recovery-codes.js'
import {createChallengeValue, hashSecret} from './credential-values.js'
import {draftSession, type SessionDraft, sessionResponse} from './session-draft.js'
import {matchTotp} from './totp.js'

export interface LoginOptions {
  sessionLifetimes: SessionLifetimes
  /** How long a login can take between the password and the code, in milliseconds, and how many codes it can try. */
  mfaChallenge: {lifetime: number; attempts: number}
  loginDelays: LoginDelays
  /** How many passwords are verified at once, and how many can wait. */
  passwordQueue: QueueLimits
}

/** Turns a password, and a code if the account has MFA, into a session. */
export class Login {
  readonly #passwords = new PasswordVerifier()
  /** Verifying a password takes 19 MiB and keeps a core busy for some milliseconds. */
  readonly queue: Queue
  readonly #throttle: LoginThrottle

  /** @param kind the sessions that logins start: `web` for browser sessions */
  constructor(
    private readonly store: RegistryStore,
    private readonly clock: () => Date,
    private readonly options: LoginOptions,
    private readonly kind: 'session' | 'web' = 'session',
    queue?: Queue,
  ) {
    this.queue = queue ?? new Queue(options.passwordQueue)
    this.#throttle = new LoginThrottle(store.logins, options.loginDelays)
  }

  /** The same, but logins start browser sessions. */
  inBrowser(): Login {
    return new Login(this.store, this.clock, this.options, 'web', this.queue)
  }

  /**
   * @param earlier the value of the browser's current session, which a login ends
   * @throws {Refusal} LOGIN_FAILED, USER_DISABLED, TOO_MANY_ATTEMPTS, BUSY
   */
  async withPassword({username, password}: LoginRequest, client: Client, earlier?: string): Promise<LoginResult> {
    const user = await this.store.users.find(username)
    // Counted by the stored name, because different spellings of a name must share a count.
    const keys = this.#throttle.passwordKeys(user?.name ?? username, client)
    // An unknown name isn't recorded, because it may be a password in the wrong field.
    const matches = await this.#matches(user, password, keys, unauthenticatedActor(client, user?.name))
    if (!matches || !user) throw new Refusal('LOGIN_FAILED')
    if (user.disabledAt !== null) return this.#refuseDisabled(user, client)
    if (user.mfaEnabledAt !== null) return this.#openChallenge(user, client)
    return this.#startSession(user, client, earlier)
  }

  /**
   * @param earlier as for `withPassword`
   * @throws {Refusal} MFA_FAILED, MFA_CHALLENGE_EXPIRED, USER_DISABLED, TOO_MANY_ATTEMPTS
   */
  async withCode({mfaToken, code}: MfaChallengeRequest, client: Client, earlier?: string): Promise<Session> {
    const now = this.#now()
    const addressKey = this.#throttle.addressKey(client)
    await this.#throttle.assertAllowed([addressKey], now)
    const hash = hashSecret(mfaToken)
    const {mfaChallenge, loginDelays} = this.options
    const limits = {attempts: mfaChallenge.attempts, delay: loginDelays.code}
    const attempt = await this.store.logins.attemptCode(hash, limits, now)
    if (attempt.outcome === 'closed') throw new Refusal('MFA_CHALLENGE_EXPIRED')
    if (attempt.outcome === 'delayed') throw retryAfter(attempt.until - now, 'TOO_MANY_ATTEMPTS')
    const {user} = attempt
    if (user.disabledAt !== null) return this.#refuseDisabled(user, client)
    const proof = readProof(user.totpSecret, code, now)
    const session = draftSession(this.kind)
    const login = {
      hash,
      userId: user.id,
      session,
      earlier: hashOf(earlier),
      ...this.#sessionKind(),
      clearedKeys: this.#throttle.clearedKeys(user.name, client),
    }
    const by = unauthenticatedActor(client, user.name)
    const outcome = proof ? await this.store.logins.completeChallenge({...login, proof}, by, now) : 'used'
    if (outcome === 'changed') return this.#refuseChanged('MFA_CHALLENGE_EXPIRED', by)
    if (outcome === 'used') {
      await this.store.logins.recordFailure([addressKey], 'code', by, now)
      throw new Refusal('MFA_FAILED')
    }
    return this.#sessionOf(session, user, now)
  }

  /**
   * Confirms a session with the same factors as a login. Failures count as failed logins. The confirmation applies only
   * to the access token in use, and not to refreshed ones. A browser session gets a new value.
   *
   * @returns the new value of the cookie; undefined for other sessions
   * @throws {Refusal} LOGIN_FAILED, MFA_FAILED, TOO_MANY_ATTEMPTS, BUSY, CREDENTIAL_REVOKED
   */
  async confirm(
    credential: SessionCredential,
    {password, code}: StepUpRequest,
    client: Client,
  ): Promise<string | undefined> {
    const {owner, id: sessionId} = credential
    const by = actorOf(credential, client)
    const user = await this.store.users.find(owner.name)
    const matches = await this.#matches(user, password, this.#throttle.passwordKeys(owner.name, client), by)
    if (!matches || !user?.passwordHash) throw new Refusal('LOGIN_FAILED', {message: 'Wrong password'})
    const now = this.#now()
    const next = credential.isWeb ? draftSession('web') : undefined
    const confirmation = {
      next,
      ...{sessionId, userId: owner.id, passwordHash: user.passwordHash, codeDelay: this.options.loginDelays.code},
      proofOf: code === undefined ? undefined : (totpSecret: string) => readProof(totpSecret, code, now),
      addressKey: this.#throttle.addressKey(client),
      clearedKeys: this.#throttle.clearedKeys(owner.name, client),
    }
    const result = await this.store.logins.confirm(confirmation, by, now)
    switch (result.outcome) {
      case 'confirmed':
        return next?.accessToken
      case 'changed':
        throw new Refusal('CREDENTIAL_REVOKED', {message: 'The session became invalid during the request'})
      case 'delayed':
        throw retryAfter(result.until - now, 'TOO_MANY_ATTEMPTS')
      case 'code-missing':
        throw new Refusal('MFA_FAILED', {message: 'The authentication code is missing'})
      case 'code-wrong':
        throw new Refusal('MFA_FAILED')
    }
  }

  /** Whether a password is correct. A wrong one is counted and recorded. */
  async #matches(
    user: VerifiedUser | undefined,
    password: string,
    keys: ReturnType<LoginThrottle['passwordKeys']>,
    by: Actor,
  ): Promise<boolean> {
    await this.#throttle.assertAllowed(keys, this.#now())
    return this.queue.run(async () => {
      // Checked again, and counted before the next task runs, so that concurrent attempts can't exceed the limit.
      await this.#throttle.assertAllowed(keys, this.#now())
      if (await this.#passwords.verify(user?.passwordHash, password)) return true
      await this.store.logins.recordFailure(keys, 'password', by, this.#now())
      return false
    })
  }

  async #startSession(user: VerifiedUser, client: Client, earlier: string | undefined): Promise<Session> {
    const now = this.#now()
    const session = draftSession(this.kind)
    const {id: userId, passwordHash} = user
    const clearedKeys = this.#throttle.clearedKeys(user.name, client)
    const login = {userId, passwordHash, session, earlier: hashOf(earlier), ...this.#sessionKind(), clearedKeys}
    const by = unauthenticatedActor(client, user.name)
    const outcome = await this.store.logins.completePassword(login, by, now)
    if (outcome === 'changed') return this.#refuseChanged('LOGIN_FAILED', by)
    return this.#sessionOf(session, user, now)
  }

  async #openChallenge({id: userId, passwordHash, ...user}: VerifiedUser, client: Client): Promise<LoginResult> {
    const now = this.#now()
    const mfaToken = createChallengeValue()
    const expiresAt = now + this.options.mfaChallenge.lifetime
    const challenge = {hash: hashSecret(mfaToken), userId, passwordHash, expiresAt}
    const outcome = await this.store.logins.openChallenge(challenge, now)
    if (outcome === 'changed') return this.#refuseChanged('LOGIN_FAILED', unauthenticatedActor(client, user.name))
    return {mfaRequired: true, mfaToken, username: user.name}
  }

  /** Counts the attempt for the address, so that a client that knows the password can't flood the audit log. */
  async #refuseDisabled({name}: {name: string}, client: Client): Promise<never> {
    const by = unauthenticatedActor(client, name)
    await this.store.logins.recordFailure([this.#throttle.addressKey(client)], 'disabled', by, this.#now())
    throw new Refusal('USER_DISABLED')
  }

  async #refuseChanged(code: 'LOGIN_FAILED' | 'MFA_CHALLENGE_EXPIRED', by: Actor): Promise<never> {
    await this.store.logins.recordFailure([], 'changed', by, this.#now())
    throw new Refusal(code)
  }

  async #sessionOf(draft: SessionDraft, {id, name}: Pick<User, 'id' | 'name'>, now: number): Promise<Session> {
    const {access} = sessionExpiry(now, this.#sessionKind().lifetimes, now)
    const expiring = await this.store.tokens.expiring(id, expiryPeriod(now))
    return {...sessionResponse(draft, name, access, now), expiringTokens: expiring.map(expiringTokenResponse)}
  }

  #sessionKind(): {isWeb: boolean; lifetimes: SessionLifetimes} {
    const isWeb = this.kind === 'web'
    return {isWeb, lifetimes: isWeb ? webLifetimes : this.options.sessionLifetimes}
  }

  #now(): number {
    return this.clock().getTime()
  }
}

function hashOf(value: string | undefined): Uint8Array | undefined {
  return value === undefined ? undefined : hashSecret(value)
}

type VerifiedUser = User & {passwordHash: string}

/** Six digits are a TOTP code. Anything else is treated as a recovery code. */
function readProof(totpSecret: string, code: string, now: number): MfaProof | undefined {
  const compact = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(compact)) return {kind: 'recovery', hash: hashRecoveryCode(code)}
  const step = matchTotp(totpSecret, compact, now)
  return step === undefined ? undefined : {kind: 'totp', step}
}
