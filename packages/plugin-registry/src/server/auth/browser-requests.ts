import {createHash} from 'node:crypto'

import type {BrowserProof as SentProof, BrowserRequest as RequestBody} from '@apkg/wire/protocol'
import type {BrowserRequestResult} from '../http/openapi/index.js'
import {Refusal, retryAfter} from '../http/refusal.js'
import type {SessionLifetimes} from '../store/session-lifetimes.js'
import type {BrowserProof, BrowserRequest, RegistryStore, SessionCredential} from '../store/store.js'
import {actorOf, type Client, unauthenticatedActor} from './actor.js'
import type {CredentialGuard} from './credential-guard.js'
import {createChallengeValue, createId, hashSecret} from './credential-values.js'
import {type LoginDelays, LoginThrottle} from './login-throttle.js'
import {PollTimes} from './poll-times.js'
import {draftSession, type SessionDraft} from './session-draft.js'
import {createUserCode, formatUserCode, parseUserCode} from './user-code.js'

const minute = 60_000

/** How long the client has to exchange the authorization code after the approval. */
const codeLifetime = minute

/** How many seconds are added between two polls when a client polls too fast, and the most. */
const slowing = {added: 5, max: 60}

/** Where the browser returns to a client that listens on a loopback address. */
export type Redirect = string | undefined

type Confirms = {sessionId: string; userId: string} | undefined

export interface BrowserRequestOptions {
  /** How long a request can be decided, in milliseconds, and how long a client waits between two polls, in seconds. */
  browserRequest: {lifetime: number; interval: number}
  loginDelays: LoginDelays
  sessionLifetimes: SessionLifetimes
}

/**
 * Logins and confirmations that a command line requests and a browser decides: device authorization (RFC 8628), and the
 * authorization code with PKCE on a loopback address (RFC 8252).
 */
export class BrowserRequests {
  readonly #polls = new PollTimes()
  readonly #throttle: LoginThrottle

  constructor(
    private readonly store: RegistryStore,
    private readonly guard: CredentialGuard,
    private readonly clock: () => Date,
    /** The URL of the registry, without a trailing slash. */
    private readonly baseUrl: () => string,
    private readonly options: BrowserRequestOptions,
  ) {
    this.#throttle = new LoginThrottle(store.logins, options.loginDelays)
  }

  /** @throws {Refusal} TOO_MANY_ATTEMPTS */
  async openLogin(body: RequestBody, client: Client): Promise<BrowserRequestResult> {
    return this.#open(body, undefined, client)
  }

  /** @throws {Refusal} TOO_MANY_ATTEMPTS */
  async openConfirmation(
    body: RequestBody,
    {id: sessionId, owner}: SessionCredential,
    client: Client,
  ): Promise<BrowserRequestResult> {
    return this.#open(body, {sessionId, userId: owner.id}, client)
  }

  /** @throws {Refusal} AUTHORIZATION_PENDING, SLOW_DOWN, BROWSER_DENIED, DEVICE_CODE_EXPIRED, USER_DISABLED, TOO_MANY_ATTEMPTS */
  async completeLogin(
    sent: SentProof,
    client: Client,
  ): Promise<{draft: SessionDraft; userId: string; username: string; accessExpiresAt: number}> {
    const proof = await this.#prove(sent, client)
    const draft = draftSession()
    const login = {proof, session: draft, lifetimes: this.options.sessionLifetimes}
    const result = await this.store.browserRequests.completeLogin(login, unauthenticatedActor(client), this.#now())
    if (result === undefined) return this.#refuseUnknown(client)
    if (result === 'disabled') throw new Refusal('USER_DISABLED')
    return {draft, ...result}
  }

  /** @throws {Refusal} as `completeLogin` */
  async completeConfirmation(sent: SentProof, credential: SessionCredential, client: Client): Promise<void> {
    const proof = await this.#prove(sent, client)
    const confirmation = {proof, sessionId: credential.id}
    const by = actorOf(credential, client)
    if (await this.store.browserRequests.completeConfirmation(confirmation, by, this.#now())) return
    await this.#refuseUnknown(client)
  }

  /**
   * Finds the request that a user wants to decide. Unknown codes count as failed logins of the account and the network.
   *
   * @param typed the code, as the user typed it
   * @throws {Refusal} TOO_MANY_ATTEMPTS
   */
  async findByCode(typed: string, credential: SessionCredential, client: Client): Promise<BrowserRequest | undefined> {
    const {owner} = credential
    const keys = [
      {key: `user-code:${owner.id}`, delay: this.options.loginDelays.code},
      this.#throttle.addressKey(client),
    ]
    await this.#throttle.assertAllowed(keys, this.#now())
    const userCode = parseUserCode(typed)
    const found = userCode && (await this.store.browserRequests.find({userCode}, owner.id, this.#now()))
    if (found) return found
    await this.store.logins.recordFailure(keys, 'user-code', actorOf(credential, client), this.#now())
    return undefined
  }

  /** Finds the request of a client that listens on a loopback address. */
  findById(id: string, {owner}: SessionCredential): Promise<BrowserRequest | undefined> {
    return this.store.browserRequests.find({id}, owner.id, this.#now())
  }

  /**
   * Approves or denies a request. The result is as recently authenticated as the browser's session is.
   *
   * @param credential the browser session, after its confirmation
   * @returns where to continue, if the client listens on a loopback address; `closed` if it can't be decided anymore
   */
  async decide(
    {id, loopback}: BrowserRequest,
    isApproved: boolean,
    credential: SessionCredential,
    client: Client,
  ): Promise<'closed' | {redirect: Redirect}> {
    const code = createChallengeValue()
    const now = this.#now()
    const decision = {
      id,
      userId: credential.owner.id,
      sessionId: credential.id,
      isApproved,
      code: loopback ? {hash: hashSecret(code), endsAt: now + codeLifetime} : undefined,
    }
    const outcome = await this.store.browserRequests.decide(decision, actorOf(credential, client), now)
    if (outcome === 'closed') return 'closed'
    if (!loopback) return {redirect: undefined}
    const answer = isApproved ? {code} : {error: 'access_denied'}
    return {redirect: `${loopback.redirectUri}?${new URLSearchParams({...answer, state: loopback.state}).toString()}`}
  }

  async #open({loopback}: RequestBody, confirms: Confirms, client: Client): Promise<BrowserRequestResult> {
    const now = this.#now()
    const refusal = this.guard.refuseBrowserRequest(client, now)
    if (refusal) throw refusal
    const id = createId()
    const {lifetime, interval} = this.options.browserRequest
    const request = {id, confirms, expiresAt: now + lifetime, interval}
    const by = unauthenticatedActor(client)
    const expiresIn = Math.ceil(lifetime / 1000)
    if (loopback) {
      await this.store.browserRequests.open({...request, delivery: loopback}, by, now)
      return {verificationUri: `${this.baseUrl()}/-/authorize?request=${id}`, expiresIn}
    }
    for (;;) {
      const deviceCode = createChallengeValue()
      const userCode = createUserCode()
      const delivery = {deviceHash: hashSecret(deviceCode), userCode}
      if ((await this.store.browserRequests.open({...request, delivery}, by, now)) === 'taken') continue
      const verificationUri = `${this.baseUrl()}/-/device`
      return {verificationUri, userCode: formatUserCode(userCode), deviceCode, expiresIn, interval}
    }
  }

  /** Returns the proof of an approved request. Only a poll that is too fast, or unknown, writes anything. */
  async #prove({deviceCode, code, codeVerifier}: SentProof, client: Client): Promise<BrowserProof> {
    if (code !== undefined && codeVerifier !== undefined && deviceCode === undefined) {
      return {codeHash: hashSecret(code), codeChallenge: challengeOf(codeVerifier)}
    }
    if (deviceCode === undefined || code !== undefined || codeVerifier !== undefined) {
      const message = 'is required, or else code and codeVerifier'
      throw new Refusal('VALIDATION', {details: [{field: 'deviceCode', message}]})
    }
    const deviceHash = hashSecret(deviceCode)
    const now = this.#now()
    const request = await this.store.browserRequests.poll(deviceHash, now)
    if (!request) return this.#refuseUnknown(client)
    switch (request.state) {
      case 'approved':
        return {deviceHash}
      case 'denied':
        throw new Refusal('BROWSER_DENIED')
      case 'expired':
        throw new Refusal('DEVICE_CODE_EXPIRED')
      case 'pending':
        if (!this.#polls.isTooSoon(request.id, request.interval, now)) throw new Refusal('AUTHORIZATION_PENDING')
        return this.#slowDown(request)
    }
  }

  async #slowDown({id, interval: current}: {id: string; interval: number}): Promise<never> {
    const next = Math.min(current + slowing.added, slowing.max)
    if (next > current) await this.store.browserRequests.slowDown(id, next)
    throw retryAfter(next * 1000, 'SLOW_DOWN')
  }

  /** Counts a guess, as for other credentials. */
  async #refuseUnknown(client: Client): Promise<never> {
    throw await this.guard.refuse(new Refusal('DEVICE_CODE_EXPIRED'), undefined, client, this.#now())
  }

  #now(): number {
    return this.clock().getTime()
  }
}

/** S256 (RFC 7636 §4.2). */
function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
