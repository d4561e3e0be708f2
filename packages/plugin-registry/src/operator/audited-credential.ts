import {failure as kitFailure} from '@apkg/command-kit'
import {minSentIdLength} from '@apkg/wire'

import type {RegistryStore} from '../server/store/store.js'
import {failure} from './failures.js'

/**
 * Returns the IDs that entries can contain for a token or session.
 *
 * @param given the ID of a token, of one of its values, or of a session, or its first characters
 * @throws {ApkgError} `USAGE` if it is too short; `REGISTRY_CREDENTIAL_NOT_FOUND`, `REGISTRY_CREDENTIAL_AMBIGUOUS`
 */
export async function idsOfCredential(store: Pick<RegistryStore, 'audit'>, given: string): Promise<string[]> {
  if (!isIdStart.test(given)) {
    const message = `--credential: \`${given}\` is not the ID of a token or session`
    const suggestions = [`pass an ID, or at least its first ${minSentIdLength} characters`]
    throw kitFailure('USAGE', {message, suggestions})
  }
  const found = await store.audit.credentials(given)
  const exact = found.filter(({ids}) => ids.includes(given))
  const [meant, ...others] = exact.length > 0 ? exact : found
  if (!meant) throw failure('REGISTRY_CREDENTIAL_NOT_FOUND', {given})
  if (others.length > 0) {
    const candidates = [meant, ...others].map(({kind, id}) => `${kind} ${id}`)
    throw failure('REGISTRY_CREDENTIAL_AMBIGUOUS', {given, candidates})
  }
  return meant.ids
}

/** Doesn't match the value of a token, because that contains an underscore. */
const isIdStart = new RegExp(`^[0-9A-Za-z-]{${minSentIdLength},36}$`)
