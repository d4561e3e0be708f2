import {failure, isInteractive, type Ports, type Secret} from '@apkg/command-kit'
import {generateKeyPair, keyIdOf, type KeyPair, toBase64} from '@apkg/package-format/signing'

import {encryptSeed} from './encryption.js'
import {assertKeyName, keyNameProblem} from './key-name.js'
import type {KeyStore, StoredKey} from './key-store.js'

/**
 * Generates a signing key and stores it on this machine.
 *
 * @param passphrase encrypts the private key; undefined stores it unencrypted.
 * @throws {ApkgError} `FILE_UNWRITABLE`, `STORE_LOCKED`.
 */
export async function generateKey(
  store: KeyStore,
  made: {name: string; passphrase: Secret | undefined; now: Date},
): Promise<StoredKey> {
  return storeKeyPair(store, generateKeyPair(), made)
}

/** Like `generateKey`, with a given key. */
export async function storeKeyPair(
  store: KeyStore,
  {publicKey, seed}: KeyPair,
  {name, passphrase, now}: {name: string; passphrase: Secret | undefined; now: Date},
): Promise<StoredKey> {
  return store.save({
    keyId: keyIdOf(publicKey),
    name,
    publicKey: toBase64(publicKey),
    createdAt: `${now.toISOString().slice(0, 19)}Z`,
    privateHalf: passphrase ? await encryptSeed(seed, passphrase) : seed,
  })
}

/**
 * Returns the given name, or prompts for one.
 *
 * @throws {ApkgError} `KEY_NAME_INVALID`; `INPUT_MISSING` without a terminal.
 */
export async function keyNameFrom(given: string | undefined, ports: Ports): Promise<string> {
  if (given !== undefined) {
    assertKeyName(given)
    return given
  }
  if (!isInteractive(ports)) throw failure('INPUT_MISSING', {missing: 'No key name was given', supply: 'pass --name'})
  const {user, name} = ports.host
  return ports.prompts.text({message: 'Key name', default: `${user}@${name}`, validate: checkNameAnswer})
}

function checkNameAnswer(answer: string): true | string {
  const reason = keyNameProblem(answer)
  return reason === undefined || `The name ${reason}.`
}
