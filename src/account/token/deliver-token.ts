import {errorReason, finish, printable, type Ports, type RegistryClient} from '@apkg/command-kit'

import {failure} from '../failures.js'
import {withdrawToken} from './create-token.js'
import {Undelivered} from './token-destination.js'
import type {Token} from './token.js'

/** Makes a value useless that was not delivered, and returns the failure to report. */
export type Withdraw = (client: RegistryClient, problem: string, cause: unknown) => Promise<Error>

/**
 * Delivers a value. If that fails, withdraws it, also after Ctrl-C.
 *
 * @param deliver resolves when the value has arrived.
 * @throws {ApkgError} the failure that `withdraw` returns.
 */
export async function deliverValue<Delivered>(
  client: RegistryClient,
  ports: Pick<Ports, 'finish'>,
  deliver: () => Promise<Delivered>,
  withdraw: Withdraw,
): Promise<Delivered> {
  return finish(ports, async () => {
    try {
      return await deliver()
    } catch (error) {
      throw await withdraw(client.afterInterruption(), problemOf(error), error)
    }
  })
}

/**
 * Delivers the value of a new token. If that fails, revokes the token.
 *
 * @throws {ApkgError} `TOKEN_UNDELIVERED`.
 */
export function deliverToken<Delivered>(
  client: RegistryClient,
  token: Token,
  ports: Pick<Ports, 'finish'>,
  deliver: () => Promise<Delivered>,
): Promise<Delivered> {
  return deliverValue(client, ports, deliver, async (after, problem, cause) => {
    const leftover = await withdrawToken(after, token)
    return failure('TOKEN_UNDELIVERED', {label: printable(token.label), problem, leftover}, {cause})
  })
}

function problemOf(error: unknown): string {
  if (error instanceof Undelivered) return error.message
  const reason = errorReason(error instanceof Error && error.cause ? error.cause : error)
  return `Cannot write the token to standard output (${reason})`
}
