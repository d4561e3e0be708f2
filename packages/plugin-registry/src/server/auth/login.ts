import type {LoginAnswer, LoginRequest, MfaChallengeRequest, SessionAnswer} from '@apkg/wire/protocol'

import {networkOf, type Origin, stranger} from './caller.js'
import type {ServerConfig} from '../config.js'
import {nextAttemptAt} from '../store/login-delay.js'
import {PasswordVerifier} from './passwords.js'
import {Queue} from '../http/queue.js'
import {hashRecoveryCode} from './recovery-codes.js'
import {comeBackIn, Refusal} from '../http/refusal.js'
import {createChallengeValue, hashSecret} from './secrets.js'
import {draftSession, type SessionDraft, sessionAnswer} from './session-draft.js'
import {sessionExpiry} from '../store/session-lifetimes.js'
import type {Actor, CountedKey, MfaProof, RegistryStore, User} from '../store/store.js'
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
    const user = await this.store.users.find(username)
    // Under the name that was found: two ways to write one name must not be counted apart.
    const counts = this.#countsOf(user?.name ?? username, origin)
    const guard = () => this.#refuseWhileSlowed(counts)
    await guard()
    const matches = await this.#turns.run(async () => {
      // Guarded again, and counted before the turn ends: attempts sent at the same time must not outrun the count.
      await guard()
      if (await this.#passwords.verify(user?.passwordHash, password)) return true
      // An unknown name is not written down: it may be a password typed into the wrong field.
      await this.store.logins.recordFailure(counts, 'password', stranger(origin, user?.name), this.#now())
      return false
    })
    if (!matches || !user) throw new Refusal('LOGIN_FAILED')
    if (user.disabledAt !== null) return this.#refuseDisabled(user, origin)
    if (user.mfaEnabledAt !== null) return this.#openChallenge(user, origin)
    return this.#startSession(user, origin)
  }

  /** @throws Refusal MFA_FAILED, MFA_CHALLENGE_EXPIRED, USER_DISABLED, TOO_MANY_ATTEMPTS */
  async withCode({mfaToken, code}: MfaChallengeRequest, origin: Origin): Promise<SessionAnswer> {
    const now = this.#now()
    const address = this.#addressCount(origin)
    await this.#refuseWhileSlowed([address])
    const hash = hashSecret(mfaToken)
    const limits = {attempts: this.config.challenge.attempts, slowDown: this.config.slowCode}
    const attempt = await this.store.logins.attemptCode(hash, limits, now)
    if (attempt.outcome === 'closed') throw new Refusal('MFA_CHALLENGE_EXPIRED')
    if (attempt.outcome === 'wait') throw comeBackIn(attempt.until - now, 'TOO_MANY_ATTEMPTS')
    const {user} = attempt
    if (user.disabledAt !== null) return this.#refuseDisabled(user, origin)
    const proof = readProof(user.totpSecret, code, now)
    const session = draftSession()
    const login = {hash, userId: user.id, session, lifetimes: this.config.lifetimes, clears: clearedBy(user, origin)}
    const by = stranger(origin, user.name)
    const outcome = proof ? await this.store.logins.completeChallenge({...login, proof}, by, now) : 'used'
    if (outcome === 'changed') return this.#refuseChanged('MFA_CHALLENGE_EXPIRED', by)
    if (outcome === 'used') {
      await this.store.logins.recordFailure([address], 'code', by, now)
      throw new Refusal('MFA_FAILED')
    }
    return this.#answer(session, user.name, now)
  }

  async #startSession(user: VerifiedUser, origin: Origin): Promise<SessionAnswer> {
    const now = this.#now()
    const session = draftSession()
    const {lifetimes} = this.config
    const {id: userId, passwordHash} = user
    const login = {userId, passwordHash, session, lifetimes, clears: clearedBy(user, origin)}
    const by = stranger(origin, user.name)
    const outcome = await this.store.logins.completePassword(login, by, now)
    if (outcome === 'changed') return this.#refuseChanged('LOGIN_FAILED', by)
    return this.#answer(session, user.name, now)
  }

  async #openChallenge({id: userId, passwordHash, ...user}: VerifiedUser, origin: Origin): Promise<LoginAnswer> {
    const now = this.#now()
    const mfaToken = createChallengeValue()
    const expiresAt = now + this.config.challenge.lifetime
    const challenge = {hash: hashSecret(mfaToken), userId, passwordHash, expiresAt}
    const outcome = await this.store.logins.openChallenge(challenge, now)
    if (outcome === 'changed') return this.#refuseChanged('LOGIN_FAILED', stranger(origin, user.name))
    return {mfaRequired: true, mfaToken, username: user.name}
  }

  /** Counted for the address, or whoever knows the password could fill the audit log with these. */
  async #refuseDisabled({name}: {name: string}, origin: Origin): Promise<never> {
    const by = stranger(origin, name)
    await this.store.logins.recordFailure([this.#addressCount(origin)], 'disabled', by, this.#now())
    throw new Refusal('USER_DISABLED')
  }

  async #refuseChanged(code: 'LOGIN_FAILED' | 'MFA_CHALLENGE_EXPIRED', by: Actor): Promise<never> {
    await this.store.logins.recordFailure([], 'changed', by, this.#now())
    throw new Refusal(code)
  }

  async #refuseWhileSlowed(counts: CountedKey[]): Promise<void> {
    const now = this.#now()
    for (const {key, slowDown} of counts) {
      const until = nextAttemptAt(await this.store.logins.failures(key), slowDown)
      if (until > now) throw comeBackIn(until - now, 'TOO_MANY_ATTEMPTS')
    }
  }

  /** What a wrong password counts under, the strictest first. */
  #countsOf(username: string, origin: Origin): CountedKey[] {
    const {slowPair, slowAccount} = this.config
    return [
      {key: pairKey(username, origin), slowDown: slowPair},
      {key: accountKey(username), slowDown: slowAccount},
      this.#addressCount(origin),
    ]
  }

  #addressCount({address}: Origin): CountedKey {
    return {key: `address:${networkOf(address)}`, slowDown: this.config.slowAddress}
  }

  #answer(session: SessionDraft, username: string, now: number): SessionAnswer {
    return sessionAnswer(session, username, sessionExpiry(now, this.config.lifetimes, now).access, now)
  }

  #now(): number {
    return this.clock().getTime()
  }
}

type VerifiedUser = User & {passwordHash: string}

/** What a login forgives. Its address stays as it is, or one good account would make way for guessing at others. */
function clearedBy({name}: {name: string}, origin: Origin): string[] {
  return [pairKey(name, origin), accountKey(name)]
}

/** What an account's failures from one address are counted under. */
function pairKey(username: string, {address}: Origin): string {
  return `${accountKey(username)}@${networkOf(address)}`
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
