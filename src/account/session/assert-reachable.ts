import {hasCode, type RegistryClient} from '@apkg/command-kit'

import {isUnreachable} from '../../files/is-unreachable.js'

/**
 * Asserts that a registry responds, so that the user isn't asked for a password that can't be sent. Any response will
 * do.
 *
 * @throws {ApkgError} `UNREACHABLE`, `TIMED_OUT`, `INTERRUPTED`.
 */
export async function assertReachable(client: RegistryClient): Promise<void> {
  try {
    await client.call('listSigningKeys', {}, {purpose: 'log in'})
  } catch (error) {
    if (isUnreachable(error) || hasCode(error, 'INTERRUPTED')) throw error
  }
}
