import {printable, type RegistryClient} from '@apkg/command-kit'
import type {KeyList} from '@apkg/wire/protocol'

import {failure} from '../failures.js'

/** A signing key as the registry reports it. */
export interface RegisteredKey {
  keyId: string
  name: string
  /** `ed25519`. */
  algorithm: string
  /** `active`, `retired` (rotated) or `revoked`. */
  status: string
  /** @format date-time */
  createdAt: string
  /**
   * When the key was retired or revoked; null for an active key.
   *
   * @format date-time
   */
  revokedAt: string | null
  /** Why the key was revoked: `key-compromise`, `superseded` or `unspecified`. */
  reason: string | null
  /** ID of the key that replaced it. */
  rotatedTo: string | null
}

/** All keys that the user has registered, including retired and revoked ones. */
export async function registeredKeys(client: RegistryClient): Promise<RegisteredKey[]> {
  const {keys} = await client.call('listKeys', {})
  return keys.map(keyFromWire)
}

export function activeKeyIds(keys: readonly RegisteredKey[]): Set<string> {
  return new Set(keys.filter(({status}) => status === 'active').map(({keyId}) => keyId))
}

/**
 * @param keys all keys of the user at the registry.
 * @throws {ApkgError} `KEY_NOT_ACTIVE` if the key is not registered, retired or revoked.
 */
export function assertActive(registry: string, keys: readonly RegisteredKey[], keyId: string): void {
  const status = keys.find((each) => each.keyId === keyId)?.status
  if (status !== 'active') throw failure('KEY_NOT_ACTIVE', {registry, keyId, status: status && printable(status)})
}

function keyFromWire(key: KeyList['keys'][0]): RegisteredKey {
  const {keyId, name, algorithm, status, createdAt, revokedAt = null, reason = null, rotatedTo = null} = key
  return {keyId, name, algorithm, status, createdAt, revokedAt, reason, rotatedTo}
}
