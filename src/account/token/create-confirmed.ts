import type {Ports, RegistryClient} from '@apkg/command-kit'
import {defaultScopes, type Scope} from '@apkg/wire'

import {type ConfirmationFlags, withConfirmation} from '../session/confirm.js'
import {chooseLabel} from './choose-label.js'
import {createToken, type CreatedToken} from './create-token.js'

interface CreationFlags extends ConfirmationFlags {
  label?: string | undefined
  scopes?: Scope[] | undefined
  'package-scope'?: string[] | undefined
  expires?: string | undefined
}

/**
 * Creates the token that the flags describe. If the registry requires a recent login, the user confirms the password first.
 *
 * @param argv the command's arguments, to suggest the same command with a flag more
 * @throws {ApkgError} the errors of `chooseLabel`, `createToken` and `withConfirmation`
 */
export async function createConfirmed(
  client: RegistryClient,
  flags: CreationFlags,
  argv: readonly string[],
  ports: Ports,
): Promise<CreatedToken> {
  const request = {
    ...(await chooseLabel(flags.label, client, ports)),
    scopes: flags.scopes ?? defaultScopes,
    packages: flags['package-scope'] ?? [],
    expiresIn: flags.expires,
  }
  const confirmable = {purpose: 'create a token', command: 'token create', argv, flags}
  return withConfirmation(client, confirmable, ports, () => createToken(client, request))
}
