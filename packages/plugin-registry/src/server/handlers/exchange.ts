import {type ProblemCode, shownPrefixLength} from '@apkg/wire'

import {createId, createValue, hashSecret} from '../auth/credential-values.js'
import {exchangedTokenResponse} from '../auth/oidc/exchanged-token-response.js'
import {Refusal} from '../http/refusal.js'
import {isSecureUrl} from '../http/secure-url.js'
import type {Exchange} from '../store/store.js'
import type {Handler} from './handler.js'

export const exchangeIdToken: Handler<'exchangeIdToken'> = async ({body, client, now}, ports) => {
  const {store, guard, idTokens, baseUrl} = ports
  // The registry's URL is the audience of ID tokens. Without https, someone else could collect them.
  if (!isSecureUrl(baseUrl())) throw new Refusal('NOT_FOUND')
  try {
    const idToken = await idTokens.verify(body.token, baseUrl())
    const value = createValue('token')
    const token = {id: createId(), hash: hashSecret(value), prefix: value.slice(0, shownPrefixLength)}
    const exchange = await store.trustedPublishers.exchange(idToken, body.package, token, client, now.getTime())
    if (exchange.outcome !== 'exchanged') throw exchangeRefusal(exchange, body.package)
    return {token: value, ...exchangedTokenResponse(exchange.token)}
  } catch (error) {
    if (!(error instanceof Refusal) || !counted.includes(error.code)) throw error
    throw await guard.refuse(error, undefined, client, now.getTime())
  }
}

/** Refusals that count toward the limit of refused credentials. */
const counted: readonly ProblemCode[] = [
  'OIDC_TOKEN_INVALID',
  'OIDC_ISSUER_UNKNOWN',
  'OIDC_CLAIM_MISMATCH',
  'OIDC_EVENT_REFUSED',
  'OIDC_REPLAYED',
  'OIDC_PUBLISHER_UNKNOWN',
]

function exchangeRefusal(
  exchange: Exclude<Exchange, {outcome: 'exchanged'}>,
  wanted = 'a package of this registry',
): Refusal {
  switch (exchange.outcome) {
    case 'unknown':
      return new Refusal('OIDC_PUBLISHER_UNKNOWN', {message: `The project is not a trusted publisher of ${wanted}`})
    case 'ambiguous':
      return new Refusal('OIDC_PUBLISHER_AMBIGUOUS', {
        message: `The project is a trusted publisher of several packages: ${exchange.packages.join(', ')}. Specify the one to publish`,
        details: exchange.packages.map((each) => ({field: 'package', message: `can be ${each}`})),
      })
    case 'mismatch':
      return new Refusal('OIDC_CLAIM_MISMATCH', {details: exchange.details})
    case 'event-refused':
      return new Refusal('OIDC_EVENT_REFUSED', {details: exchange.details})
    case 'replayed':
      return new Refusal('OIDC_REPLAYED', {message: 'The ID token was already exchanged. Request a new one'})
  }
}
