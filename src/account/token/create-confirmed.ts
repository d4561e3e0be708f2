import type {Ports, RegistryClient} from '@apkg/command-kit'

import {type ConfirmationFlags, withConfirmation} from '../session/confirm.js'
import {createToken, type CreatedToken} from './create-token.js'
import type {TokenRequest} from './token.js'

/**
 * Creates a token. If the registry requires a recent login, the user confirms the password first.
 *
 * @param invocation the command's arguments, to suggest the same command with another flag
 * @throws {ApkgError} the errors of `createToken` and `withConfirmation`
 */
export async function createConfirmed(
  client: RegistryClient,
  request: TokenRequest,
  invocation: {argv: readonly string[]; flags: ConfirmationFlags},
  ports: Ports,
): Promise<CreatedToken> {
  const confirmable = {purpose: 'create a token', command: 'token create', ...invocation}
  return withConfirmation(client, confirmable, ports, () => createToken(client, request))
}
