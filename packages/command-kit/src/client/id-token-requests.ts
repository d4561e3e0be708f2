import {splitPatterns, type ProblemCode} from '@apkg/wire'

import {Secret} from '../credentials/secret.js'
import type {CredentialRequests, Exchange, IdTokenRequest} from '../credentials/source.js'
import {failure} from '../errors/define-failures.js'
import {parseResponse} from './parse-response.js'
import type {RegistryClient} from './registry-client.js'
import {refusalBehind, type RegistryRefusal} from './registry-refusal.js'
import {timeoutSignal} from './timeout-signal.js'
import {TransportError, type Transport, type WireResponse} from './transport.js'

/** The maximum size of a runner's response, in bytes. */
const maxResponseSize = 64 * 1024

/** The time limit for all attempts to reach a runner, in milliseconds. */
const timeout = 60_000

/**
 * The requests of credential sources that exchange an ID token.
 *
 * @param anonymous a client of the registry without a credential
 * @param transport for requests to the runner; not observed by plugins
 */
export function credentialRequests(
  anonymous: RegistryClient,
  transport: Transport,
  {now, interrupted, userAgent}: {now: () => Date; interrupted: AbortSignal; userAgent: string},
): CredentialRequests {
  return {
    now,
    requestIdToken: (runner) => requestIdToken(runner, {transport, interrupted, userAgent}),
    exchangeIdToken: (idToken, packageName) => exchangeIdToken(anonymous, idToken, packageName),
  }
}

async function requestIdToken(
  {url, token}: IdTokenRequest,
  {transport, interrupted, userAgent}: {transport: Transport; interrupted: AbortSignal; userAgent: string},
): Promise<unknown> {
  const secret = token.expose()
  let response: WireResponse
  let text = ''
  try {
    response = await transport({
      method: 'GET',
      url,
      headers: {accept: 'application/json', 'user-agent': userAgent, authorization: `Bearer ${secret}`},
      secrets: [secret],
      streamUpTo: maxResponseSize,
      signal: AbortSignal.any([interrupted, timeoutSignal(timeout)]),
    })
    const chunks: Uint8Array[] = []
    for await (const chunk of response.stream ?? []) chunks.push(chunk)
    text = Buffer.concat(chunks).toString()
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    if (error.kind === 'interrupted') throw failure('INTERRUPTED')
    throw failure('ID_TOKEN_UNAVAILABLE', {reason: error.reason}, {cause: error})
  }
  // A redirect isn't followed, because the request contains a secret.
  if (response.stream === undefined) {
    throw failure('ID_TOKEN_UNAVAILABLE', {reason: `it responded with status ${response.status}`})
  }
  return parseResponse(text)
}

/** Refusals that mean that this job isn't a trusted publisher. The next source may have a credential. */
const withoutPublisher: ReadonlySet<string | undefined> = new Set<ProblemCode>([
  'OIDC_PUBLISHER_UNKNOWN',
  'OIDC_ISSUER_UNKNOWN',
])

/**
 * Exchanges an ID token for a token of the registry.
 *
 * @throws {ApkgError} `ID_TOKEN_REPLAYED`; `ID_TOKEN_REFUSED`; `BAD_RESPONSE` if the token doesn't expire; errors of
 *   the client
 */
async function exchangeIdToken(
  client: RegistryClient,
  idToken: Pick<Secret, 'expose'>,
  packageName: string | undefined,
): Promise<Exchange> {
  const {registry} = client
  try {
    const body = {token: idToken.expose(), ...(packageName !== undefined && {package: packageName})}
    const {token, expires, packagePatterns, packageScope} = await client.call('exchangeIdToken', {body})
    if (typeof expires !== 'string' || Number.isNaN(Date.parse(expires))) {
      throw failure('BAD_RESPONSE', {purpose: 'exchange the ID token', registry, reason: 'the token does not expire'})
    }
    const packages = packagePatterns ?? (typeof packageScope === 'string' ? splitPatterns(packageScope) : undefined)
    return {secret: new Secret(token), expiresAt: expires, packages}
  } catch (error) {
    const refusal = refusalBehind(error)
    if (!refusal || refusal.status === 429 || refusal.status >= 500) throw error
    if (refusal.status === 404 || refusal.status === 405) return {none: `${registry} does not support it`}
    if (withoutPublisher.has(refusal.code)) return {none: refusal.reason}
    throw refused(registry, refusal)
  }
}

function refused(registry: string, refusal: RegistryRefusal) {
  const {code, reason} = refusal
  if (code === ('OIDC_REPLAYED' satisfies ProblemCode)) {
    return failure('ID_TOKEN_REPLAYED', {registry}, {cause: refusal})
  }
  return failure('ID_TOKEN_REFUSED', {registry, reason, code}, {cause: refusal})
}
