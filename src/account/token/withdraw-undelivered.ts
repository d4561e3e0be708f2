import {printable, type RegistryClient} from '@apkg/command-kit'
import {deliveryFailure, type Withdraw} from '@apkg/command-kit/delivery'

import {withdrawToken} from './create-token.js'
import type {Token} from './token.js'

/** Revokes a new token whose value didn't arrive, even after Ctrl-C. The failure is `TOKEN_UNDELIVERED`. */
export function withdrawUndelivered(client: RegistryClient, token: Token): Withdraw {
  return async (problem, cause) => {
    const leftover = await withdrawToken(client.afterInterruption(), token)
    return deliveryFailure('TOKEN_UNDELIVERED', {label: printable(token.label), problem, leftover}, {cause})
  }
}
