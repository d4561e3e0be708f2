import {isApkgError, type ApkgError, type RegistryClient, type Secret} from '@apkg/command-kit'
import {generateKeyPair, keyIdOf, signWith} from '@apkg/package-format/signing'

import {failure} from '../failures.js'
import {isOutcomeUnknown} from '../../files/is-outcome-unknown.js'
import {storeKeyPair} from './generate-key.js'
import type {KeyStore, StoredKey} from './key-store.js'
import {provePossession} from './prove-possession.js'
import {assertSameKey} from './register-key.js'
import {registeredKeys} from './registered-key.js'

/** A signing key and the key that replaced it. */
export interface KeyRotation {
  oldKeyId: string
  newKeyId: string
  /** Name of the new key. */
  name: string
  /** @format date-time */
  rotatedAt: string
  /** Absolute path of the new key's file. */
  file: string
  /** Absolute path of the old key's file. It is kept. */
  oldFile: string
}

/**
 * Replaces a key with a new one that the old one signs, with a proof that the user holds the new one. The new key is stored
 * before the request is sent. It is removed if the registry refuses, and kept if the outcome is unknown.
 *
 * @param seed the old private key.
 * @param successor name and passphrase of the new key.
 * @throws {ApkgError} `ROTATION_UNCERTAIN`, `KEY_MISMATCH`; the registry's refusal; `FILE_UNWRITABLE`.
 */
export async function rotateKey(
  client: RegistryClient,
  store: KeyStore,
  old: StoredKey,
  seed: Uint8Array,
  successor: {name: string; passphrase: Secret | undefined; now: Date},
): Promise<KeyRotation> {
  const pair = generateKeyPair()
  const proof = await provePossession(client, keyIdOf(pair.publicKey), pair.seed)
  const attestation = signWith(seed, pair.publicKey)
  const made = await storeKeyPair(store, pair, successor)
  const rotatedAt = await requestRotation(client, store, old, made, {attestation, proof})
  const {keyId: newKeyId, name, file} = made
  return {oldKeyId: old.keyId, newKeyId, name, rotatedAt, file, oldFile: old.file}
}

/** @returns the time of the rotation, as reported by the registry. */
async function requestRotation(
  client: RegistryClient,
  store: KeyStore,
  old: StoredKey,
  made: StoredKey,
  signatures: {attestation: string; proof: string},
): Promise<string> {
  const body = {oldKeyId: old.keyId, newPublicKey: made.publicKey, name: made.name, ...signatures}
  try {
    const response = await client.call('rotateKey', {body})
    assertSameKey(client, made.keyId, response.newKeyId)
    assertSameKey(client, old.keyId, response.oldKeyId)
    return response.rotatedAt
  } catch (error) {
    if (!isApkgError(error) || error.code === 'KEY_MISMATCH') throw error
    if (!isOutcomeUnknown(error)) {
      await store.remove(made)
      throw error
    }
    const since = await rotatedSince(client, made)
    if (since !== undefined) return since
    throw uncertain(client, made, error)
  }
}

/** After a lost response: when the registry added the new key. Undefined if it didn't, or doesn't respond. */
async function rotatedSince(client: RegistryClient, {keyId}: StoredKey): Promise<string | undefined> {
  try {
    return (await registeredKeys(client)).find((each) => each.keyId === keyId)?.createdAt
  } catch (error) {
    if (isApkgError(error)) return undefined
    throw error
  }
}

function uncertain({registry}: RegistryClient, {keyId, file}: StoredKey, {message, exitCode}: ApkgError): ApkgError {
  const list = `apkg key list --registry ${registry}`
  return failure('ROTATION_UNCERTAIN', {keyId, file, list, exit: exitCode, reason: message})
}
