import {printable} from '@apkg/command-kit'

import {failure} from '../failures.js'

interface Candidate {
  keyId: string
  name: string
  createdAt: string
  /** Undefined if the registry was not asked. */
  status?: string
}

const minPrefixLength = 4

/**
 * Finds a key by its ID; by a prefix of it, with or without `SHA256:`, of at least four characters; or by its name. If
 * several keys have the name, as after a rotation, the active one is chosen.
 *
 * @throws {ApkgError} `KEY_AMBIGUOUS` with the candidates.
 */
export function selectKey<Key extends Candidate>(given: string, keys: readonly Key[]): Key | undefined {
  const [found, ...others] = candidates(given, keys)
  if (!found || others.length === 0) return found
  const lines = [found, ...others].map(({keyId, name, createdAt, status}) =>
    printable([keyId, name, createdAt, ...(status === undefined ? [] : [status])].join('  ')),
  )
  throw failure('KEY_AMBIGUOUS', {given, candidates: lines})
}

function candidates<Key extends Candidate>(given: string, keys: readonly Key[]): Key[] {
  const byId = keys.filter(({keyId}) => keyId === given)
  if (byId.length > 0) return byId
  const prefix = bare(given)
  const byPrefix = prefix.length < minPrefixLength ? [] : keys.filter(({keyId}) => bare(keyId).startsWith(prefix))
  if (byPrefix.length > 0) return byPrefix
  const byName = keys.filter(({name}) => name === given)
  const active = byName.filter(({status}) => status === 'active')
  return active.length > 0 ? active : byName
}

function bare(keyId: string): string {
  return keyId.replace(/^SHA256:/, '')
}
