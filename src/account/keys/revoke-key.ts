import {type RegistryClient} from '@apkg/command-kit'
import type {RevokeKeyRequest} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import type {KeyStore, StoredKey} from './key-store.js'
import {assertSameKey} from './register-key.js'
import {registeredKeys, type RegisteredKey} from './registered-key.js'
import {selectKey} from './select-key.js'

export interface RevocationRequest {
  reason: RevokeKeyRequest['reason']
  message: string | undefined
  /** Whether the private half stays on this machine. */
  keepLocal: boolean
}

/** A revoked signing key. */
export interface KeyRevocation {
  keyId: string
  name: string
  /** `revoked`. */
  status: string
  /**
   * Null if the registry does not report it.
   *
   * @format date-time
   */
  revokedAt: string | null
  /** What happened to the private key on this machine; `none` if it was not here. */
  localKey: 'removed' | 'kept' | 'none'
}

/**
 * Revokes a registered key, and removes its private half from this machine when the registry has confirmed it. A key
 * that was revoked before for as grave a reason is not revoked again, but its private half goes all the same.
 *
 * @param given a key's id, a unique beginning of it, or its name at the registry.
 * @returns `unread`: why files cannot be read that may hold the private half.
 * @throws {ApkgError} `KEY_NOT_FOUND`, `KEY_AMBIGUOUS`; the registry's refusal; `FILE_UNWRITABLE`.
 */
export async function revokeKey(
  client: RegistryClient,
  store: KeyStore,
  given: string,
  request: RevocationRequest,
): Promise<{revocation: KeyRevocation; unread: string[]}> {
  const key = selectKey(given, await registeredKeys(client))
  if (!key) {
    const list = `apkg key list --registry ${client.registry}`
    throw failure('KEY_NOT_FOUND', {given, place: `at ${client.registry}`, list})
  }
  const {keyId, name} = key
  const {status, revokedAt} = isRevokedSo(key, request) ? key : await revoke(client, keyId, request)
  const {keys, unusable} = await store.listAll()
  const local = keys.find((each) => each.keyId === keyId)
  const revocation = {keyId, name, status, revokedAt, localKey: await settle(store, local, request.keepLocal)}
  return {revocation, unread: local ? [] : unusable.map(({message}) => message)}
}

/** A revocation for a lesser reason can still become one for a compromise. */
function isRevokedSo({status, reason}: RegisteredKey, request: RevocationRequest): boolean {
  return status === 'revoked' && (reason === 'key-compromise' || request.reason !== 'key-compromise')
}

async function revoke(client: RegistryClient, keyId: string, {reason, message}: RevocationRequest) {
  const body = {reason, ...(message !== undefined && {message})}
  const answer = await client.call('revokeKey', {params: {keyId}, body})
  assertSameKey(client, keyId, answer.keyId)
  return answer
}

async function settle(
  store: KeyStore,
  local: StoredKey | undefined,
  keepLocal: boolean,
): Promise<KeyRevocation['localKey']> {
  if (!local) return 'none'
  if (keepLocal) return 'kept'
  await store.remove(local)
  return 'removed'
}
