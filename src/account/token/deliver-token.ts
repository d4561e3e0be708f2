import {failure, printable, reasonOf, type RegistryClient} from '@apkg/command-kit'

import {withdrawToken} from './create-token.js'
import type {Token} from './token.js'

/**
 * Delivers a token's value, and revokes the token again when nobody can have got it.
 *
 * @param deliver resolves when the value is out of this process's hands.
 * @throws {ApkgError} `TOKEN_UNDELIVERED`.
 */
export async function deliverToken(client: RegistryClient, token: Token, deliver: () => Promise<void>): Promise<void> {
  try {
    await deliver()
  } catch (error) {
    const leftover = await withdrawToken(client, token)
    const reason = reasonOf(error instanceof Error && error.cause ? error.cause : error)
    throw failure('TOKEN_UNDELIVERED', {label: printable(token.label), reason, leftover}, {cause: error})
  }
}
