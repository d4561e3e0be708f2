import {errorReason} from '../files/system-error.js'
import {finish, type Ports} from '../ports/ports.js'
import {Undelivered} from './destination.js'

/** Invalidates a value that was not delivered, and returns the failure to report. */
export type Withdraw = (problem: string, cause: unknown) => Promise<Error>

/**
 * Delivers a value. If that fails, withdraws it, even after Ctrl-C.
 *
 * @param deliver resolves when the value has arrived.
 * @throws the failure that `withdraw` returns.
 */
export async function deliverValue<Delivered>(
  ports: Pick<Ports, 'finish'>,
  deliver: () => Promise<Delivered>,
  withdraw: Withdraw,
): Promise<Delivered> {
  return finish(ports, async () => {
    try {
      return await deliver()
    } catch (error) {
      throw await withdraw(problemOf(error), error)
    }
  })
}

function problemOf(error: unknown): string {
  if (error instanceof Undelivered) return error.message
  const reason = errorReason(error instanceof Error && error.cause ? error.cause : error)
  return `Cannot write the token to standard output (${reason})`
}
