import type {Ports} from '@apkg/command-kit'
import {destinationFlags, destinationOf, type TokenDestination} from '@apkg/command-kit/delivery'
import type {Interfaces} from '@oclif/core'

import {failure} from '../../account/failures.js'
import type {TokenRequest} from '../../account/token/token.js'
import {confirmationFlags} from './confirmation-flags.js'
import {tokenFlags, tokenPropertiesOf} from './token-flags.js'

/** The flags that describe a new token, and say where its value goes. */
export const creationFlags = {...tokenFlags, ...destinationFlags, ...confirmationFlags}

/**
 * Checks the flags of a creation.
 *
 * @param receiver see `splitAtReceiver`.
 * @throws {ApkgError} `USAGE`, `OFFLINE`.
 */
export function creationOf(
  flags: Interfaces.InferredFlags<typeof creationFlags> & {offline: boolean},
  receiver: readonly string[] | undefined,
  ports: Pick<Ports, 'cwd' | 'now'>,
): {properties: Omit<TokenRequest, 'label' | 'labelIsProposal'>; destination: TokenDestination} {
  const properties = tokenPropertiesOf(flags, ports.now())
  const destination = destinationOf(flags, receiver, ports)
  if (flags.offline) throw failure('OFFLINE', {purpose: 'create an API token'})
  return {properties, destination}
}
