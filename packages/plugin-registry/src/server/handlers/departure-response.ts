import type {DepartureResponse} from '../http/openapi/index.js'
import type {DepartureResult} from '../store/store.js'

/** How many credentials were revoked, and the access that the user created, as it was before. */
export function departureResponse({sessions, tokens, created}: DepartureResult): DepartureResponse {
  return {
    sessions,
    tokens,
    organizationTokens: created.tokens.map(({isSuspended: suspended, ...token}) => ({...token, suspended})),
    trustedPublishers: created.publishers.map(({isSuspended: suspended, ...publisher}) => ({...publisher, suspended})),
  }
}
