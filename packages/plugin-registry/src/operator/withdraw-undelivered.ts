import {printable} from '@apkg/command-kit'
import {deliveryFailure, type Withdraw} from '@apkg/command-kit/delivery'

import {operator, type RegistryStore} from '../server/store/store.js'
import type {OwnedTokenSummary} from './owned-token.js'

/** Revokes a token that the operator created and whose value didn't arrive. The failure is `TOKEN_UNDELIVERED`. */
export function withdrawUndelivered(store: RegistryStore, {id, label}: OwnedTokenSummary, now: () => Date): Withdraw {
  return async (problem, cause) => {
    const itself = {id, within: {kind: 'itself', tokenId: id}} as const
    const isRevoked = await store.tokens.revoke(itself, operator, now().getTime()).then(
      () => true,
      () => false,
    )
    const leftover = isRevoked ? undefined : `apkg registry token revoke ${id}`
    return deliveryFailure('TOKEN_UNDELIVERED', {label: printable(label), problem, leftover}, {cause})
  }
}
