import {errorReason, finish, printable, type Ports, type RegistryClient} from '@apkg/command-kit'

import {failure} from '../failures.js'
import {withdrawToken} from './create-token.js'
import {Undelivered} from './token-destination.js'
import type {Token} from './token.js'

/**
 * Delivers a token's value. If that fails, revokes the token, also after Ctrl-C.
 *
 * @param deliver resolves when the value has arrived.
 * @throws {ApkgError} `TOKEN_UNDELIVERED`.
 */
export async function deliverToken<Delivered>(
  client: RegistryClient,
  token: Token,
  ports: Pick<Ports, 'finish'>,
  deliver: () => Promise<Delivered>,
): Promise<Delivered> {
  return finish(ports, async () => {
    try {
      return await deliver()
    } catch (error) {
      const leftover = await withdrawToken(client.afterInterruption(), token)
      throw failure(
        'TOKEN_UNDELIVERED',
        {label: printable(token.label), problem: problemOf(error), leftover},
        {cause: error},
      )
    }
  })
}

function problemOf(error: unknown): string {
  if (error instanceof Undelivered) return error.message
  const reason = errorReason(error instanceof Error && error.cause ? error.cause : error)
  return `Cannot write the token to standard output (${reason})`
}
