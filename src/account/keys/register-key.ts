import {printable, type Ports, type RegistryClient} from '@apkg/command-kit'

import {failure} from '../failures.js'
import {chooseKey, localKey} from './choose-key.js'
import type {KeyStore, StoredKey} from './key-store.js'
import {provePossession} from './prove-possession.js'
import type {RegisteredKey} from './registered-key.js'

/** A registered signing key. */
export interface Registration {
  keyId: string
  name: string
  /** `ed25519`. */
  algorithm: string
  /** @format date-time */
  createdAt: string
  /** `present`: the key was already registered. */
  status: 'registered' | 'present'
}

/**
 * Chooses the local key to register: the given one, the only one, or the one that the user picks. Prefers keys that
 * aren't registered yet.
 *
 * @param registered all keys of the user at the registry.
 * @throws {ApkgError} `LOCAL_KEYS_NOT_FOUND`, `KEY_NOT_FOUND`, `KEY_AMBIGUOUS`; `INPUT_MISSING` if there are several and no
 *   terminal; the error of an unreadable key file if it is the only one.
 */
export async function keyToRegister(
  store: KeyStore,
  given: string | undefined,
  registered: readonly RegisteredKey[],
  ports: Ports,
): Promise<StoredKey> {
  if (given !== undefined) return localKey(store, given)
  const question = {
    message: 'Select the key to register',
    missing: 'No key to register was given',
    supply: 'pass --key',
  }
  const {keys, unusable} = await store.listAll()
  const known = new Set(registered.map(({keyId}) => keyId))
  const unknown = keys.filter(({keyId}) => !known.has(keyId))
  const key = await chooseKey(unknown.length > 0 ? unknown : keys, question, ports)
  if (!key) throw unusable[0] ?? failure('LOCAL_KEYS_NOT_FOUND')
  return key
}

/**
 * Registers a public key, with a proof that the user holds the private one. Does nothing if the user has already registered
 * it.
 *
 * @param registered all keys of the user at the registry.
 * @param name the key's name at the registry.
 * @param seedOf reads the private key, to prove that the user holds it; called only if there is something to register.
 *   Undefined if it is encrypted and the passphrase is missing: the key is then registered without proof of possession.
 * @throws {ApkgError} `KEY_MISMATCH` if the registry returns another key; its refusal; the errors of `seedOf`.
 */
export async function registerKey(
  client: RegistryClient,
  registered: readonly RegisteredKey[],
  {key, name}: {key: StoredKey; name: string},
  seedOf: (key: StoredKey) => Promise<Uint8Array | undefined>,
): Promise<Registration> {
  const present = registered.find(({keyId, status}) => keyId === key.keyId && status === 'active')
  const response = present ?? (await register(client, {key, name}, seedOf))
  assertSameKey(client, key.keyId, response.keyId)
  const {keyId, algorithm, createdAt} = response
  return {keyId, name: response.name, algorithm, createdAt, status: present ? 'present' : 'registered'}
}

async function register(
  client: RegistryClient,
  {key, name}: {key: StoredKey; name: string},
  seedOf: (key: StoredKey) => Promise<Uint8Array | undefined>,
) {
  const {keyId, publicKey} = key
  const seed = await seedOf(key)
  if (!seed) return client.call('registerKey', {body: {publicKey, name}})
  const proof = await provePossession(client, keyId, seed)
  return client.call('registerKey', {body: {publicKey, name, proof}})
}

/** @throws {ApkgError} `KEY_MISMATCH`. */
export function assertSameKey({registry}: RegistryClient, keyId: string, returned: string): void {
  if (returned !== keyId) throw failure('KEY_MISMATCH', {registry, keyId, returned: printable(returned)})
}
