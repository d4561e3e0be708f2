import {OutcomeUnknown} from '../store-errors.js'
import {type Command, nameOf} from './compile.js'
import {asServerError} from './error-kinds.js'
import type {Session} from './session.js'

/** A command that is prepared once per connection. */
export function preparedCommand(text: string): Command {
  return {text, parameters: [], name: nameOf(text)}
}

/** Sets settings of a transaction. */
export function configure(values: Record<string, string>): Command {
  const calls = Object.entries(values).map(([name, value]) => `set_config('${name}', '${value}', true)`)
  return preparedCommand(`SELECT ${calls.join(', ')}`)
}

/**
 * Commits the transaction of a session.
 *
 * @param timeout in milliseconds
 * @throws {OutcomeUnknown} if the server may have committed
 */
export async function commitIn(session: Session, timeout: number): Promise<void> {
  const warnings = session.watchWarnings()
  try {
    await session.run([preparedCommand('COMMIT')], timeout)
    // The server committed, but gave up waiting for its standby.
    const [warning] = warnings.stop()
    if (warning !== undefined) throw new OutcomeUnknown(warning)
  } catch (error) {
    if (error instanceof OutcomeUnknown) throw error
    // After an error, the transaction was rolled back. After a fatal one, it may have been committed before.
    if (asServerError(error)?.severity === 'ERROR') throw error
    session.destroy()
    throw new OutcomeUnknown('the connection to the database was lost during the commit', {cause: error})
  } finally {
    warnings.stop()
  }
}
