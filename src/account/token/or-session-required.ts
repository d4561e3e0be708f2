import {refusalBehind, type RegistryClient} from '@apkg/command-kit'

/**
 * Runs the requests before a change that only a session can make. If a token lacks a scope for them, another scope
 * would not help, so the error is that of the change.
 *
 * @throws {ApkgError} `REFUSED`, and what `work` throws
 */
export async function orSessionRequired<Result>(
  client: RegistryClient,
  change: 'resumeToken' | 'rotateToken',
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (refusalBehind(error)?.code !== 'SCOPE_INSUFFICIENT') throw error
    throw await client.refusalOf(change, 'SESSION_REQUIRED')
  }
}
