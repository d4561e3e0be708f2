import {containsAddress} from '@apkg/wire'

import {Refusal} from '../http/refusal.js'
import type {Credential} from '../store/store.js'

/**
 * Returns the refusal if a credential can't be used from an address. It doesn't contain the addresses that a token is
 * limited to, because the token may be stolen.
 *
 * @param address undefined if it can't be verified. Tokens that are limited to addresses can't be used then.
 */
export function addressRefusal(credential: Credential, address: string | undefined): Refusal | undefined {
  if (credential.kind !== 'token' || credential.addresses === null) return undefined
  if (address !== undefined && containsAddress(credential.addresses, address)) return undefined
  const {label} = credential
  const message =
    address === undefined
      ? `The token "${label}" is limited to certain addresses, and the registry cannot see the address of this client`
      : `The token "${label}" cannot be used from ${address}`
  return new Refusal('ADDRESS_REFUSED', {message})
}
