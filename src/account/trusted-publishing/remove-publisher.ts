import {printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import type {ProblemCode} from '@apkg/wire'

import {failure} from '../failures.js'
import {ifOffered} from './not-offered.js'

/**
 * Removes a trusted publisher. The tokens of its jobs stop working.
 *
 * @throws {ApkgError} `PUBLISHER_NOT_FOUND`, `NOT_OFFERED`; the errors of the client
 */
export async function removePublisher(client: RegistryClient, id: string): Promise<void> {
  const {registry} = client
  try {
    await ifOffered(client, 'remove a trusted publisher', () => client.call('removeTrustedPublisher', {params: {id}}))
  } catch (error) {
    const isUnknown = refusalBehind(error)?.code === ('TRUSTED_PUBLISHER_UNKNOWN' satisfies ProblemCode)
    if (!isUnknown) throw error
    throw failure('PUBLISHER_NOT_FOUND', {id: printable(id), registry}, {cause: error})
  }
}
