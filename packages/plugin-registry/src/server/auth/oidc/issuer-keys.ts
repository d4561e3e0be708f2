import {createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey} from 'jose'

import {fetchJson} from './fetch-json.js'

const minute = 60_000

/** How long fetched keys are cached, in milliseconds. A key that the issuer removes can be trusted for that long. */
const maxAge = 10 * minute

/** The minimum time between two fetches because of an unknown key, in milliseconds. */
const cooldown = minute / 2

/** The keys of an issuer can't be fetched. */
export class IssuerUnreachable extends Error {}

interface Cached {
  keys: JWTVerifyGetKey
  fetchedAt: number
}

/** The keys that issuers sign ID tokens with. Issuers publish them as OpenID Connect Discovery 1.0 describes. */
export class IssuerKeys {
  readonly #cached = new Map<string, Cached>()
  readonly #running = new Map<string, Promise<Cached>>()

  constructor(private readonly clock: () => Date) {}

  /**
   * Finds the key of an ID token. Fetches the keys again if none matches, so that a new key works immediately.
   *
   * @throws {IssuerUnreachable}
   */
  of(issuer: string): JWTVerifyGetKey {
    return async (header, token) => {
      const cached = await this.#current(issuer)
      try {
        return await cached.keys(header, token)
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey) || this.#age(cached) < cooldown) throw error
        const {keys} = await this.#fetch(issuer)
        return keys(header, token)
      }
    }
  }

  async #current(issuer: string): Promise<Cached> {
    const cached = this.#cached.get(issuer)
    return cached && this.#age(cached) < maxAge ? cached : this.#fetch(issuer)
  }

  /** A fetch time in the future, after the clock was set back, counts as old too. */
  #age({fetchedAt}: Cached): number {
    return Math.abs(this.clock().getTime() - fetchedAt)
  }

  /** Concurrent requests share one fetch. */
  #fetch(issuer: string): Promise<Cached> {
    const running = this.#running.get(issuer)
    if (running) return running
    const fetched = this.#load(issuer).finally(() => this.#running.delete(issuer))
    this.#running.set(issuer, fetched)
    return fetched
  }

  async #load(issuer: string): Promise<Cached> {
    try {
      const keys = createLocalJWKSet(await fetchKeys(issuer))
      const cached = {keys, fetchedAt: this.clock().getTime()}
      this.#cached.set(issuer, cached)
      return cached
    } catch (error) {
      throw new IssuerUnreachable(`the keys of ${issuer} cannot be fetched`, {cause: error})
    }
  }
}

async function fetchKeys(issuer: string): Promise<JSONWebKeySet> {
  const document = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const {issuer: named, jwks_uri: url} = Object(document) as {issuer?: unknown; jwks_uri?: unknown}
  if (named !== issuer) throw new Error(`the OpenID configuration of ${issuer} names another issuer`)
  if (typeof url !== 'string') throw new Error(`the OpenID configuration of ${issuer} has no jwks_uri`)
  return (await fetchJson(url)) as JSONWebKeySet
}
