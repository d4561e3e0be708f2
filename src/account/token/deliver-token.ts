import {printable, errorReason, type RegistryClient} from '@apkg/command-kit'

import {failure} from '../failures.js'
import {withdrawToken} from './create-token.js'
import type {Token} from './token.js'

/**
 * Delivers a token's value. If that fails, revokes the token.
 *
 * @param deliver resolves when the value has been written.
 * @throws {ApkgError} `TOKEN_UNDELIVERED`.
 */
export async function deliverToken<Delivered>(
  client: RegistryClient,
  token: Token,
  deliver: () => Promise<Delivered>,
): Promise<Delivered> {
  try {
    return await deliver()
  } catch (error) {
    const leftover = await withdrawToken(client, token)
    const reason = errorReason(error instanceof Error && error.cause ? error.cause : error)
    throw failure('TOKEN_UNDELIVERED', {label: printable(token.label), reason, leftover}, {cause: error})
  }
}
