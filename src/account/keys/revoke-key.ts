import {failure as inputFailure, isInteractive, type Ports, type RegistryClient} from '@apkg/command-kit'
import type {RevokeKeyRequest} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import type {KeyStore, StoredKey} from './key-store.js'
import {assertSameKey} from './register-key.js'
import {registeredKeys, type RegisteredKey} from './registered-key.js'
import {selectKey} from './select-key.js'

export interface RevocationRequest {
  reason: RevokeKeyRequest['reason']
  message: string | undefined
  /** Whether the private key stays on this machine. */
  keepLocal: boolean
}

/** A revoked signing key. */
export interface KeyRevocation {
  keyId: string
  name: string
  /** `revoked`. */
  status: string
  /**
   * When the key was revoked; null if the registry doesn't report it.
   *
   * @format date-time
   */
  revokedAt: string | null
  /** Whether the private key on this machine was removed or kept; `none` if it wasn't on this machine. */
  localKey: 'removed' | 'kept' | 'none'
}

/**
 * Revokes a registered key, then removes its private key from this machine. If the key is already revoked, only the
 * private key is removed, unless the new reason is a compromise.
 *
 * @param given a key's ID, a unique prefix of it, or its name at the registry.
 * @param confirm throws if the user does not want it.
 * @returns `unread`: errors of unreadable key files, which may contain the private key.
 * @throws {ApkgError} `KEY_NOT_FOUND`, `KEY_AMBIGUOUS`; the registry's refusal; `FILE_UNWRITABLE`.
 */
export async function revokeKey(
  client: RegistryClient,
  store: KeyStore,
  given: string,
  request: RevocationRequest,
  confirm: (key: {keyId: string; name: string}) => Promise<void>,
): Promise<{revocation: KeyRevocation; unread: string[]}> {
  const key = selectKey(given, await registeredKeys(client))
  if (!key) {
    const list = `apkg key list --registry ${client.registry}`
    throw failure('KEY_NOT_FOUND', {given, place: `on ${client.registry}`, list})
  }
  const {keyId, name} = key
  await confirm({keyId, name})
  const {status, revokedAt} = isAlreadyRevoked(key, request) ? key : await revoke(client, keyId, request)
  const {keys, unusable} = await store.listAll()
  const local = keys.find((each) => each.keyId === keyId)
  const revocation = {keyId, name, status, revokedAt, localKey: await removeLocal(store, local, request.keepLocal)}
  return {revocation, unread: local ? [] : unusable.map(({message}) => message)}
}

/**
 * Asks on a terminal whether to revoke a key.
 *
 * @param isAgreed whether the user agreed beforehand. @returns a function that throws `REVOCATION_CANCELED` if the user
 *   declines, `INPUT_MISSING` without a terminal.
 */
export function confirmRevocation(
  isAgreed: boolean,
  ports: Ports,
  question: (key: {keyId: string; name: string}) => string,
): (key: {keyId: string; name: string}) => Promise<void> {
  return async (key) => {
    if (isAgreed) return
    if (!isInteractive(ports)) {
      throw inputFailure('INPUT_MISSING', {missing: 'Revoking a key was not confirmed', supply: 'add --yes'})
    }
    if (await ports.prompts.confirm({message: question(key), default: false})) return
    throw failure('REVOCATION_CANCELED')
  }
}

/** A key that was revoked for another reason can still be revoked as compromised. */
function isAlreadyRevoked({status, reason}: RegisteredKey, request: RevocationRequest): boolean {
  return status === 'revoked' && (reason === 'key-compromise' || request.reason !== 'key-compromise')
}

async function revoke(client: RegistryClient, keyId: string, {reason, message}: RevocationRequest) {
  const body = {reason, ...(message !== undefined && {message})}
  const response = await client.call('revokeKey', {params: {keyId}, body})
  assertSameKey(client, keyId, response.keyId)
  return response
}

async function removeLocal(
  store: KeyStore,
  local: StoredKey | undefined,
  keepLocal: boolean,
): Promise<KeyRevocation['localKey']> {
  if (!local) return 'none'
  if (keepLocal) return 'kept'
  await store.remove(local)
  return 'removed'
}
