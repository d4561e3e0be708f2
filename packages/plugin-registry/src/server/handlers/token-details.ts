import {isShownPrefix} from '@apkg/wire'

import {ambiguousToken} from '../auth/ambiguous-token.js'
import {currentExchangedToken} from '../auth/oidc/exchanged-token-response.js'
import {tokenHolderFor, tokenReachOf} from '../auth/token-reach.js'
import {tokenDetailsResponse} from '../auth/token-response.js'
import {Refusal} from '../http/refusal.js'
import type {Handler} from './handler.js'

export const getToken: Handler<'getToken'> = async (
  {params: {id}, query: {organization}, credential, now},
  {store},
) => {
  const holder = tokenHolderFor(credential, organization)
  const found = isShownPrefix(id)
    ? await store.tokens.detailsByPrefix({prefix: id, holder})
    : [await store.tokens.details({id, within: tokenReachOf(credential)})].filter((token) => token !== undefined)
  const [token] = found
  if (!token) throw new Refusal('TOKEN_NOT_FOUND')
  if (found.length > 1) throw ambiguousToken(found)
  return tokenDetailsResponse(token, now)
}

export const getCurrentToken: Handler<'getCurrentToken'> = async ({credential, now}, {store}) => {
  if (credential.kind === 'session') throw new Refusal('NO_CURRENT_TOKEN')
  if (credential.kind === 'exchanged') return currentExchangedToken(credential)
  const {id} = credential
  const token = await store.tokens.details({id, within: {kind: 'itself', tokenId: id}})
  if (!token) throw new Refusal('TOKEN_NOT_FOUND')
  return tokenDetailsResponse(token, now)
}
