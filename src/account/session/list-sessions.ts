import {failure, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import type {SessionSummary} from '@apkg/wire/protocol'

/**
 * The sessions of the user, oldest first.
 *
 * @param options `ended`: includes those that expired or were revoked recently
 * @throws {ApkgError} `NOT_OFFERED` if the registry has no such endpoint.
 */
export async function listSessions(client: RegistryClient, options: {ended?: boolean} = {}): Promise<SessionSummary[]> {
  try {
    return (await client.call('listSessions', {query: options})).sessions
  } catch (error) {
    const status = refusalBehind(error)?.status
    if (status !== 404 && status !== 405) throw error
    const suggestions = [
      'run `apkg logout` on the machine whose session you want to end',
      'ask the registry operator to revoke your sessions',
    ]
    const facts = {purpose: 'list login sessions', registry: client.registry, suggestions}
    throw failure('NOT_OFFERED', facts, {cause: error})
  }
}
