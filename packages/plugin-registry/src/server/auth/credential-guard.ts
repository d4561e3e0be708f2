import type {ProblemCode} from '@apkg/wire'

import {networkOf} from '../http/client-address.js'
import {type Refusal, retryAfter} from '../http/refusal.js'
import type {RegistryStore} from '../store/store.js'
import type {Client} from './actor.js'
import {type DeadCredential, DeadUses} from './dead-uses.js'
import {FailureRate} from './failure-rate.js'

const reasons: Partial<Record<ProblemCode, string>> = {
  CREDENTIAL_REVOKED: 'revoked',
  CREDENTIAL_EXPIRED: 'expired',
  CREDENTIAL_ROTATED: 'rotated',
  CREDENTIAL_SUSPENDED: 'suspended',
  CREDENTIAL_UNENFORCEABLE: 'unenforceable',
  USER_DISABLED: 'disabled',
}

/** The limits for each network. */
const leakReportsPerMinute = 30
const browserRequestsPerMinute = 30
const invitationsPerMinute = 30

/**
 * Records refused credentials and slows down networks that send many. Only refused credentials are counted and delayed,
 * so a valid one from the same network always passes.
 */
export class CredentialGuard {
  readonly #rate = new FailureRate()
  readonly #leakReports = new FailureRate()
  readonly #browserRequests = new FailureRate()
  readonly #invitations = new FailureRate()
  readonly #deadUses: DeadUses

  /** @param onFailure called if a row of the audit log could not be written */
  constructor(
    private readonly store: Pick<RegistryStore, 'audit' | 'policy'>,
    onFailure: (error: unknown) => void,
  ) {
    this.#deadUses = new DeadUses(store.audit, onFailure)
  }

  /**
   * Counts and records a refused credential.
   *
   * @param credential the credential, if it exists
   * @returns the refusal to respond with, which is TOO_MANY_ATTEMPTS if the client's network exceeds the limit
   */
  async refuse(
    refusal: Refusal,
    credential: DeadCredential | undefined,
    client: Client,
    now: number,
  ): Promise<Refusal> {
    const reason = credential?.reason ?? reasons[refusal.code]
    if (credential && reason !== undefined) this.#deadUses.add(credential, reason, client, now)
    // The client must learn that it can refresh the session.
    if (credential?.kind === 'session' && refusal.code === 'CREDENTIAL_EXPIRED') return refusal
    const {failedAuthRate} = await this.store.policy.read()
    const wait = this.#rate.add(networkOf(client.address), failedAuthRate, now)
    return wait > 0 ? retryAfter(wait, 'TOO_MANY_ATTEMPTS') : refusal
  }

  /** Records that a valid token was refused because of the client's address. This doesn't count toward the limit. */
  recordAddress(credential: DeadCredential, client: Client, now: number): void {
    this.#deadUses.add(credential, 'address', client, now)
  }

  /** @returns a refusal if the client's network has sent too many reports of leaked values. */
  refuseLeakReport(client: Client, now: number): Refusal | undefined {
    const wait = this.#leakReports.add(networkOf(client.address), leakReportsPerMinute, now)
    return wait > 0 ? retryAfter(wait, 'TOO_MANY_ATTEMPTS') : undefined
  }

  /** @returns a refusal if the client's network has requested too many logins and confirmations in a browser. */
  refuseBrowserRequest(client: Client, now: number): Refusal | undefined {
    const wait = this.#browserRequests.add(networkOf(client.address), browserRequestsPerMinute, now)
    return wait > 0 ? retryAfter(wait, 'TOO_MANY_ATTEMPTS') : undefined
  }

  /** @returns a refusal if the client's network has sent too many codes of invitations. */
  refuseInvitation(client: Client, now: number): Refusal | undefined {
    const wait = this.#invitations.add(networkOf(client.address), invitationsPerMinute, now)
    return wait > 0 ? retryAfter(wait, 'TOO_MANY_ATTEMPTS') : undefined
  }

  /** Writes the remaining rows of the audit log. */
  close(): Promise<void> {
    return this.#deadUses.close()
  }
}
