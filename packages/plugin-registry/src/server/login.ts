import type {LoginAnswer, LoginRequest, MfaChallengeRequest, SessionAnswer} from '@apkg/wire/protocol'

import {type Origin, stranger} from './caller.js'
import type {ServerConfig} from './config.js'
import {nextAttemptAt} from './login-delay.js'
import {PasswordVerifier} from './passwords.js'
import {Queue} from './queue.js'
import {hashRecoveryCode} from './recovery-codes.js'
import {comeBackIn, Refusal} from './refusal.js'
import {createChallengeValue, hashSecret} from './secrets.js'
import {draftSession, type SessionDraft, sessionAnswer} from './session-draft.js'
import {sessionExpiry} from './session-lifetimes.js'
import type {CountedKey, MfaProof, RegistryStore, User} from './store/store.js'
import {matchTotp} from './totp.js'

/** Turns a password, and a code where the account has MFA, into a session. */
export class Login {
  readonly #passwords = new PasswordVerifier()
  /** Each password takes 19 MiB and a core for some milliseconds: few are verified at a time. */
  readonly #turns: Queue

  constructor(
    private readonly store: RegistryStore,
    private readonly clock: () => Date,
    private readonly config: ServerConfig,
  ) {
    this.#turns = new Queue(config.passwordQueue)
  }

  /** @throws Refusal LOGIN_FAILED, USER_DISABLED, TOO_MANY_ATTEMPTS, BUSY */
  async withPassword({username, password}: LoginRequest, origin: Origin): Promise<LoginAnswer> {
    const account = accountKey(username)
    const address = `address:${origin.address}`
    const guard = () => this.#refuseWhileSlowed(account, address)
    await guard()
    const user = await this.store.users.find(username)
    const matches = await this.#turns.run(async () => {
      // Guarded again, and counted before the turn ends: attempts sent at the same time must not outrun the count.
      await guard()
      if (await this.#passwords.verify(user?.passwordHash, password)) return true
      // An unknown name is not written down: it may be a password typed into the wrong field.
      const by = stranger(origin, user?.name)
      await this.store.logins.recordFailure([account, address].map(this.#counted, this), 'password', by, this.#now())
      return false
    })
    if (!matches) throw new Refusal('LOGIN_FAILED')
    if (!user || user.disabledAt !== null) throw new Refusal('USER_DISABLED')
    if (user.mfaEnabledAt !== null) return this.#openChallenge(user)
    return this.#startSession(user, account, origin)
  }

  /** @throws Refusal MFA_FAILED, MFA_CHALLENGE_EXPIRED, USER_DISABLED, TOO_MANY_ATTEMPTS */
  async withCode({mfaToken, code}: MfaChallengeRequest, origin: Origin): Promise<SessionAnswer> {
    const now = this.#now()
    const address = `address:${origin.address}`
    await this.#refuseWhileSlowed(address)
    const hash = hashSecret(mfaToken)
    const limits = {attempts: this.config.challenge.attempts, slowDown: this.config.slowAccount}
    const attempt = await this.store.logins.attemptCode(hash, limits, now)
    if (attempt.outcome === 'closed') throw new Refusal('MFA_CHALLENGE_EXPIRED')
    if (attempt.outcome === 'wait') throw comeBackIn(attempt.until - now, 'TOO_MANY_ATTEMPTS')
    const {user} = attempt
    if (user.disabledAt !== null) throw new Refusal('USER_DISABLED')
    const proof = readProof(user.totpSecret, code, now)
    const session = draftSession()
    const login = {hash, userId: user.id, session, lifetimes: this.config.lifetimes, clears: [accountKey(user.name)]}
    const by = stranger(origin, user.name)
    const outcome = proof ? await this.store.logins.completeChallenge({...login, proof}, by, now) : 'used'
    if (outcome === 'changed') throw new Refusal('MFA_CHALLENGE_EXPIRED')
    if (outcome === 'used') {
      await this.store.logins.recordFailure([this.#counted(address)], 'code', by, now)
      throw new Refusal('MFA_FAILED')
    }
    return this.#answer(session, user.name, now)
  }

  async #startSession(user: User & {passwordHash: string}, account: string, origin: Origin): Promise<SessionAnswer> {
    const now = this.#now()
    const session = draftSession()
    const {lifetimes} = this.config
    const login = {userId: user.id, passwordHash: user.passwordHash, session, lifetimes, clears: [account]}
    const outcome = await this.store.logins.completePassword(login, stranger(origin, user.name), now)
    if (outcome === 'changed') throw new Refusal('LOGIN_FAILED')
    return this.#answer(session, user.name, now)
  }

  async #openChallenge(user: User): Promise<LoginAnswer> {
    const now = this.#now()
    const mfaToken = createChallengeValue()
    const expiresAt = now + this.config.challenge.lifetime
    await this.store.logins.openChallenge({hash: hashSecret(mfaToken), userId: user.id, expiresAt}, now)
    return {mfaRequired: true, mfaToken, username: user.name}
  }

  async #refuseWhileSlowed(...keys: string[]): Promise<void> {
    const now = this.#now()
    for (const key of keys) {
      const until = nextAttemptAt(await this.store.logins.failures(key), this.#counted(key).slowDown)
      if (until > now) throw comeBackIn(until - now, 'TOO_MANY_ATTEMPTS')
    }
  }

  #counted(key: string): CountedKey {
    return {key, slowDown: key.startsWith('address:') ? this.config.slowAddress : this.config.slowAccount}
  }

  #answer(session: SessionDraft, username: string, now: number): SessionAnswer {
    return sessionAnswer(session, username, sessionExpiry(now, this.config.lifetimes, now).access, now)
  }

  #now(): number {
    return this.clock().getTime()
  }
}

/** What an account's failures are counted under. Hashed, since what was typed for a name may have been a password. */
function accountKey(username: string): string {
  return `account:${Buffer.from(hashSecret(username)).toString('hex')}`
}

/** Six digits are a TOTP, whether right or wrong; anything else is taken for a recovery code. */
function readProof(totpSecret: string, code: string, now: number): MfaProof | undefined {
  const compact = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(compact)) return {kind: 'recovery', hash: hashRecoveryCode(code)}
  const step = matchTotp(totpSecret, compact, now)
  return step === undefined ? undefined : {kind: 'totp', step}
}
