import {createHash} from 'node:crypto'

import {providerIssuers} from '@apkg/wire'
import {decodeJwt, errors, type JWTPayload, jwtVerify} from 'jose'

import {Refusal} from '../../http/refusal.js'
import type {VerifiedIdToken} from '../../store/store.js'
import {hashSecret} from '../credential-values.js'
import {IssuerKeys, IssuerUnreachable} from './issuer-keys.js'

/** Asymmetric algorithms only: an issuer's public key must not work as a shared secret. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

/** How far the clocks of the issuer and the registry can differ, in seconds. */
const clockTolerance = 30

/** The longest lifetime of an ID token, in seconds. */
const maxLifetime = 24 * 60 * 60

const requiredClaims = ['sub', 'jti', 'exp', 'iat', 'aud']

export interface IdTokenOptions {
  /** Further issuers whose ID tokens are accepted, exactly as in `iss`. */
  oidcIssuers: readonly string[]
}

/** Checks ID tokens of GitHub, GitLab and the issuers that the operator allows. */
export class IdTokens {
  readonly #issuers: ReadonlySet<string>
  readonly #keys: IssuerKeys

  /** @param onFailure called if the keys of an issuer can't be fetched */
  constructor(
    {oidcIssuers}: IdTokenOptions,
    private readonly clock: () => Date,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.#issuers = new Set([...Object.values(providerIssuers), ...oidcIssuers])
    this.#keys = new IssuerKeys(clock)
  }

  accepts(issuer: string): boolean {
    return this.#issuers.has(issuer)
  }

  /**
   * @param audience the URL of the registry, which must be the only audience
   * @throws {Refusal} OIDC_TOKEN_INVALID, OIDC_ISSUER_UNKNOWN, OIDC_ISSUER_UNREACHABLE
   */
  async verify(token: string, audience: string): Promise<VerifiedIdToken> {
    const issuer = issuerOf(token)
    if (!this.accepts(issuer)) throw unknownIssuer(issuer)
    const payload = await this.#verified(token, issuer, audience)
    const {jti, aud, exp = Number.NaN} = payload
    if (aud !== audience && !(Array.isArray(aud) && aud.length === 1)) throw invalid(forOther(audience))
    if (typeof jti !== 'string' || jti === '') throw invalid('its `jti` is empty')
    if (!(exp - this.clock().getTime() / 1000 <= maxLifetime)) throw invalid('it is valid for more than a day')
    const jtiHash = createHash('sha256')
      .update(JSON.stringify([issuer, jti]))
      .digest()
    return {issuer, claims: plainClaims(payload), jtiHash, hash: hashSecret(token)}
  }

  async #verified(token: string, issuer: string, audience: string): Promise<JWTPayload> {
    const currentDate = this.clock()
    const rules = {issuer, audience, algorithms, clockTolerance, currentDate, requiredClaims, maxTokenAge: maxLifetime}
    try {
      return (await jwtVerify(token, this.#keys.of(issuer), rules)).payload
    } catch (error) {
      if (error instanceof IssuerUnreachable) {
        this.onFailure(error)
        const message = `The keys of ${issuer} cannot be fetched. Try again later`
        throw new Refusal('OIDC_ISSUER_UNREACHABLE', {message, headers: {'retry-after': '10'}})
      }
      if (error instanceof errors.JOSEError) throw invalid(reasonOf(error, audience))
      throw error
    }
  }
}

function issuerOf(token: string): string {
  try {
    const {iss} = decodeJwt(token)
    if (typeof iss === 'string') return iss
  } catch {
    throw invalid('it is not a JSON Web Token')
  }
  throw invalid('it has no issuer')
}

/** The claims that a publisher can require. The object has no prototype, because issuers choose its keys. */
function plainClaims(payload: JWTPayload): Record<string, string> {
  const plain = Object.create(null) as Record<string, string>
  for (const [claim, value] of Object.entries(payload)) {
    if (typeof value === 'string') plain[claim] = value
    if (typeof value === 'number' || typeof value === 'boolean') plain[claim] = String(value)
  }
  return plain
}

function invalid(reason: string): Refusal {
  return new Refusal('OIDC_TOKEN_INVALID', {message: `The ID token is invalid: ${reason}`})
}

function unknownIssuer(issuer: string): Refusal {
  const named = /^[\x21-\x7e]{1,200}$/.test(issuer) ? issuer : 'this issuer'
  return new Refusal('OIDC_ISSUER_UNKNOWN', {message: `The registry does not accept ID tokens from ${named}`})
}

function forOther(audience: string): string {
  return `its only audience must be ${audience}`
}

function reasonOf(error: errors.JOSEError, audience: string): string {
  if (error instanceof errors.JWTExpired) return 'it has expired'
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return forOther(audience)
    return error.reason === 'missing' ? `its \`${error.claim}\` is missing` : `its \`${error.claim}\` is not accepted`
  }
  if (error instanceof errors.JWKSNoMatchingKey) return 'its issuer has no matching key'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'it is not signed with an accepted algorithm'
  return 'its signature does not match'
}
