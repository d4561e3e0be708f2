import os from 'node:os'

import {environmentSource, hasCode, type RegistryClient} from '@apkg/command-kit'

import {assertAllTrusted, readTrust} from './trust-store.js'

/** A home directory in which nothing exists and nothing can be written. */
export const emptyHome = os.devNull

/**
 * Why `trust.json` can't be read, as a sentence; undefined if it can be read. Only for a client with `APKG_TOKEN`: CI jobs
 * can run in the home directory of another user, and don't rely on the user's policies.
 *
 * @throws {ApkgError} `FILE_UNREADABLE` for any other client; the other errors of `readTrust`.
 */
export async function whyTrustIsUnread(
  home: string,
  {credential}: Pick<RegistryClient, 'credential'>,
): Promise<string | undefined> {
  try {
    await readTrust(home)
    return undefined
  } catch (error) {
    if (!hasCode(error, 'FILE_UNREADABLE') || credential?.source !== environmentSource.name) throw error
    return error.message
  }
}

/**
 * Checks that the scope of a package isn't pinned to another registry, before something is changed there.
 *
 * @returns a warning if the pins can't be read, for a client with `APKG_TOKEN`; otherwise nothing.
 * @throws {ApkgError} `SCOPE_PINNED`; the errors of `whyTrustIsUnread`.
 */
export async function checkPin(name: string, home: string, client: RegistryClient): Promise<string[]> {
  const unread = await whyTrustIsUnread(home, client)
  if (unread !== undefined) return [`${unread}. The pin of the scope was not checked.`]
  await assertAllTrusted([name], home, client.registry)
  return []
}
