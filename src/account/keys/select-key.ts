import {printable} from '@apkg/command-kit'

import {failure} from '../failures.js'

/** What a key is told from others by. */
interface Candidate {
  keyId: string
  name: string
  createdAt: string
  /** As the registry has it, where it was asked. */
  status?: string
}

const shortestPrefix = 4

/**
 * The key that a text stands for: its id, else the beginning of one id, with or without `SHA256:`, of four characters or
 * more, else the name of one key. A rotated key leaves its name to its successor, so active keys go before the others.
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
  const byPrefix = prefix.length < shortestPrefix ? [] : keys.filter(({keyId}) => bare(keyId).startsWith(prefix))
  if (byPrefix.length > 0) return byPrefix
  const byName = keys.filter(({name}) => name === given)
  const active = byName.filter(({status}) => status === 'active')
  return active.length > 0 ? active : byName
}

function bare(keyId: string): string {
  return keyId.replace(/^SHA256:/, '')
}
