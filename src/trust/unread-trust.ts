import os from 'node:os'

import {hasCode, isTokenVariable, isTrustedPublishing, type RegistryClient} from '@apkg/command-kit'

import {readTrust} from './trust-store.js'

/** A home directory in which nothing exists and nothing can be written. */
export const emptyHome = os.devNull

/**
 * Why `trust.json` can't be read, as a sentence; undefined if it can be read. Only for a client with a token from a
 * variable or trusted publishing: CI jobs can run in the home directory of another user, and don't rely on the user's policies.
 *
 * @throws {ApkgError} `FILE_UNREADABLE` for any other client; the other errors of `readTrust`.
 */
export async function whyTrustIsUnread(
  home: string,
  {credential, onDemand}: Pick<RegistryClient, 'credential' | 'onDemand'>,
): Promise<string | undefined> {
  try {
    await readTrust(home)
    return undefined
  } catch (error) {
    const {source = ''} = credential ?? onDemand ?? {}
    const isOfJob = isTokenVariable(source) || isTrustedPublishing(source)
    if (!hasCode(error, 'FILE_UNREADABLE') || !isOfJob) throw error
    return error.message
  }
}
