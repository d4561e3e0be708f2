import type {Token, TokenDetails} from '../../http/openapi/index.js'
import type {ExchangedToken, NewExchangedToken, TokenRecord} from '../../store/store.js'
import {newTokenState, tokenDetailsResponse, tokenResponse} from '../token-response.js'

/** A new exchanged token, in the same form as any other token. */
export function exchangedTokenResponse(token: NewExchangedToken): Token {
  return tokenResponse(toRecord(token), new Date(token.createdAt))
}

/** The exchanged token that authenticated the request. */
export function currentExchangedToken(token: ExchangedToken): TokenDetails {
  const {id, publisher, prefix, scopes, patterns, createdAt, expiresAt, lastUsedAt} = token
  const made = {id, label: publisher.name, prefix, scopes, patterns, createdAt, expiresAt: expiresAt ?? createdAt}
  return tokenDetailsResponse({...toRecord(made), lastUsedAt, oldValue: null}, new Date(createdAt))
}

function toRecord(token: NewExchangedToken): TokenRecord {
  return {
    ...token,
    ...newTokenState,
    lifetime: '15m',
    note: null,
    addresses: null,
    uses: null,
    release: null,
    organization: null,
    user: token.label,
    createdBy: token.label,
  }
}
