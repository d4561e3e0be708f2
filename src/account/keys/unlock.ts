import {failure} from '../failures.js'
import {decryptSeed} from './encryption.js'
import {belongs} from './key-file.js'
import {readKeyFile, type StoredKey} from './key-store.js'
import type {AskPassphrase} from './passphrase.js'

/**
 * The private half of a key.
 *
 * @param passphrase asked only where the key is under one.
 * @returns 32 bytes.
 * @throws {ApkgError} `KEY_PASSPHRASE_WRONG`; `FILE_DAMAGED` where what the file holds does not belong to the key.
 */
export async function unlock(key: StoredKey, passphrase: AskPassphrase): Promise<Uint8Array> {
  const {keyId, publicKey, privateHalf} = await readKeyFile(key.file)
  if (keyId !== key.keyId) throw failure('FILE_DAMAGED', {path: key.file, reason: 'it holds another key than before'})
  if (privateHalf instanceof Uint8Array) return privateHalf
  const seed = await decryptSeed(privateHalf, await passphrase(key))
  if (!seed) throw failure('KEY_PASSPHRASE_WRONG', {keyId})
  if (seed.length !== 32 || !belongs(seed, publicKey)) {
    throw failure('FILE_DAMAGED', {path: key.file, reason: 'its two halves do not belong together'})
  }
  return seed
}
