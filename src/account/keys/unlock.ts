import {failure} from '../failures.js'
import {decryptSeed} from './encryption.js'
import {belongs} from './key-file.js'
import {readKeyFile, type StoredKey} from './key-store.js'
import type {AskPassphrase} from './passphrase.js'

/** Passphrases that a user can try. */
const maxAttempts = 3

/**
 * Reads a private key, and decrypts it if necessary.
 *
 * @param passphrase called only if the key is encrypted.
 * @returns 32 bytes.
 * @throws {ApkgError} `KEY_PASSPHRASE_WRONG`; `FILE_DAMAGED` if the file no longer contains the private key.
 */
export async function unlock(key: StoredKey, passphrase: AskPassphrase): Promise<Uint8Array> {
  const {keyId, publicKey, privateHalf} = await readKeyFile(key.file)
  if (keyId !== key.keyId) throw failure('FILE_DAMAGED', {path: key.file, reason: 'it contains a different key'})
  if (privateHalf instanceof Uint8Array) return privateHalf
  let seed: Uint8Array | undefined
  for (let wrong = 0; !seed; wrong++) {
    const secret = wrong < maxAttempts ? await passphrase(key, wrong) : undefined
    if (!secret) throw failure('KEY_PASSPHRASE_WRONG', {keyId})
    seed = await decryptSeed(privateHalf, secret)
  }
  if (seed.length !== 32 || !belongs(seed, publicKey)) {
    throw failure('FILE_DAMAGED', {path: key.file, reason: 'the private key does not match the public key'})
  }
  return seed
}
