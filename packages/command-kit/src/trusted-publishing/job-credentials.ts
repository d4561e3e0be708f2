import {coversPackage} from '@apkg/wire'

import {hasCode} from '../errors/apkg-error.js'
import {fingerprint} from '../credentials/fingerprint.js'
import {trustedPublishing} from '../credentials/id-token-variables.js'
import type {Secret} from '../credentials/secret.js'
import type {Credential, CredentialQuery, CredentialRequests} from '../credentials/source.js'
import {errorReason} from '../files/system-error.js'
import {idTokenSource, type IdTokenSource} from './id-token-sources.js'
import {jobFolder} from './job-folder.js'
import {JobStore, type KeptToken} from './job-store.js'

/**
 * The credentials of a CI job for a registry. A registry accepts each ID token only once, so the token that it issues
 * is kept for the other commands of the job.
 */
export class JobCredentials {
  private constructor(
    private readonly idTokens: IdTokenSource,
    private readonly store: JobStore | undefined,
    private readonly query: Pick<CredentialQuery, 'registry' | 'note'>,
    private readonly requests: CredentialRequests,
    private readonly packageName: string | undefined,
  ) {}

  /**
   * @returns undefined if the job has no ID token for this registry
   * @throws {ApkgError} `ID_TOKEN_UNUSABLE`
   */
  static of(
    query: CredentialQuery,
    requests: CredentialRequests,
    packageName: string | undefined,
  ): JobCredentials | undefined {
    const idTokens = idTokenSource(query, requests)
    if (!idTokens) return undefined
    const folder = jobFolder(query.env)
    const store = folder === undefined ? undefined : new JobStore(folder, query.registry, idTokens.jobSecret)
    return new JobCredentials(idTokens, store, query, requests, packageName)
  }

  /**
   * @returns undefined if the registry doesn't support trusted publishing, or has no publisher for this job
   * @throws {ApkgError} `ID_TOKEN_REFUSED`, `ID_TOKEN_REPLAYED`, `ID_TOKEN_UNAVAILABLE`, `ID_TOKEN_UNUSABLE`,
   *   `STORE_LOCKED`, `FILE_UNWRITABLE`; errors of the client
   */
  async find(): Promise<Credential | undefined> {
    return this.#kept(this.store?.read(this.requests.now()) ?? []) ?? this.#exchange()
  }

  /** @param rejected a value that the registry doesn't accept anymore */
  async #exchange(rejected?: Secret): Promise<Credential | undefined> {
    const {store, requests} = this
    if (!store) return this.#issued(await this.#request(), () => Promise.resolve())
    return store.change(requests.now(), async (tokens, replace) => {
      const valid = tokens.filter((token) => !rejected || fingerprint(token) !== fingerprint({secret: rejected}))
      if (valid.length < tokens.length) await replace(valid)
      const kept = this.#kept(valid)
      return kept ?? this.#issued(await this.#request(), (token) => replace([...valid, token]))
    })
  }

  async #request() {
    return this.requests.exchangeIdToken(await this.idTokens.request(), this.packageName)
  }

  async #issued(
    exchange: Awaited<ReturnType<CredentialRequests['exchangeIdToken']>>,
    keep: (token: KeptToken) => Promise<void>,
  ): Promise<Credential | undefined> {
    if ('none' in exchange) {
      this.query.note(`Not using trusted publishing: ${exchange.none}.`)
      return undefined
    }
    const {secret, expiresAt, packages} = exchange
    try {
      await keep({secret, expiresAt, packages: packages ?? null})
    } catch (error) {
      this.query.note(`Cannot keep the token for other commands of this job: ${errorReason(error)}.`)
    }
    return this.#credential(secret)
  }

  #kept(tokens: readonly KeptToken[]): Credential | undefined {
    const {packageName} = this
    const found = tokens.find(
      ({packages}) => packages === null || packageName === undefined || coversPackage(packages, packageName),
    )
    return found && this.#credential(found.secret)
  }

  #credential(secret: Secret): Credential {
    return {
      secret,
      source: `${trustedPublishing} (${this.idTokens.name})`,
      renew: () => this.#renew(secret),
    }
  }

  /** An ID token that was used before can't be exchanged again, so there is no new credential. */
  async #renew(rejected: Secret): Promise<Credential | undefined> {
    try {
      return await this.#exchange(rejected)
    } catch (error) {
      if (hasCode(error, 'ID_TOKEN_REPLAYED')) return undefined
      throw error
    }
  }
}
