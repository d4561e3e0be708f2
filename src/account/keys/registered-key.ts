import {printable, type RegistryClient} from '@apkg/command-kit'
import type {KeyList} from '@apkg/wire/protocol'

import {failure} from '../failures.js'

/** A key as its owner's registry knows it, in text and under `--json`. */
export interface RegisteredKey {
  keyId: string
  name: string
  algorithm: string
  /** `active`, `retired` (by rotation) or `revoked`. */
  status: string
  /** RFC 3339. */
  createdAt: string
  /** RFC 3339: when it was retired or revoked; null for an active key. */
  revokedAt: string | null
  reason: string | null
  /** The id of its successor. */
  rotatedTo: string | null
}

/** Every key that was ever registered for the user. */
export async function registeredKeys(client: RegistryClient): Promise<RegisteredKey[]> {
  const {keys} = await client.call('listKeys', {})
  return keys.map(keyFromWire)
}

export function activeKeyIds(keys: readonly RegisteredKey[]): Set<string> {
  return new Set(keys.filter(({status}) => status === 'active').map(({keyId}) => keyId))
}

/**
 * @param keys every key of the user at the registry.
 * @throws {ApkgError} `KEY_NOT_ACTIVE` for a key that is not among them, or has ended.
 */
export function assertActive(registry: string, keys: readonly RegisteredKey[], keyId: string): void {
  const status = keys.find((each) => each.keyId === keyId)?.status
  if (status !== 'active') throw failure('KEY_NOT_ACTIVE', {registry, keyId, status: status && printable(status)})
}

function keyFromWire(key: KeyList['keys'][0]): RegisteredKey {
  const {keyId, name, algorithm, status, createdAt, revokedAt = null, reason = null, rotatedTo = null} = key
  return {keyId, name, algorithm, status, createdAt, revokedAt, reason, rotatedTo}
}
