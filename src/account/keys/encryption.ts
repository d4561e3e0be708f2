import {createCipheriv, createDecipheriv, randomBytes, scrypt} from 'node:crypto'
import {promisify} from 'node:util'

import type {Secret} from '@apkg/command-kit'
import {toBase64} from '@apkg/package-format/signing'
import {isJsonObject} from '@apkg/wire'

/** A private key encrypted with a passphrase, as stored in a key file. Bytes are base64. */
export interface EncryptedSeed {
  kdf: 'scrypt'
  N: number
  r: number
  p: number
  salt: string
  cipher: 'aes-256-gcm'
  nonce: string
  ciphertext: string
  tag: string
}

/** Recommended by OWASP's Password Storage Cheat Sheet: 128 MiB per guess. */
const cost = {N: 2 ** 17, r: 8, p: 1}

/** Stops a manipulated key file from exhausting memory. */
const maxCost = {N: 2 ** 20, r: 16, p: 16}

const lengths = {salt: 16, key: 32, nonce: 12, tag: 16}

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt)

/** @param seed the private key. */
export async function encryptSeed(seed: Uint8Array, passphrase: Secret): Promise<EncryptedSeed> {
  const salt = randomBytes(lengths.salt)
  const nonce = randomBytes(lengths.nonce)
  const cipher = createCipheriv('aes-256-gcm', await keyFrom(passphrase, salt, cost), nonce)
  const ciphertext = Buffer.concat([cipher.update(seed), cipher.final()])
  return {
    kdf: 'scrypt',
    ...cost,
    salt: toBase64(salt),
    cipher: 'aes-256-gcm',
    nonce: toBase64(nonce),
    ciphertext: toBase64(ciphertext),
    tag: toBase64(cipher.getAuthTag()),
  }
}

/** @returns undefined if the passphrase is wrong or the bytes were changed; the two can't be distinguished. */
export async function decryptSeed(encrypted: EncryptedSeed, passphrase: Secret): Promise<Uint8Array | undefined> {
  const bytes = (text: string) => Buffer.from(text, 'base64')
  const key = await keyFrom(passphrase, bytes(encrypted.salt), encrypted)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes(encrypted.nonce), {authTagLength: lengths.tag})
    decipher.setAuthTag(bytes(encrypted.tag))
    return Buffer.concat([decipher.update(bytes(encrypted.ciphertext)), decipher.final()])
  } catch {
    return undefined
  }
}

/** Whether a value from a key file is an encrypted private key with acceptable parameters. */
export function isEncryptedSeed(value: unknown): value is EncryptedSeed {
  if (!isJsonObject(value)) return false
  const {kdf, cipher, N, r, p, salt, nonce, ciphertext, tag} = value
  const isPowerOfTwo = typeof N === 'number' && Number.isInteger(Math.log2(N))
  const isWithin = (given: unknown, max: number) =>
    typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= max
  return (
    kdf === 'scrypt' &&
    cipher === 'aes-256-gcm' &&
    isPowerOfTwo &&
    N >= 2 &&
    isWithin(N, maxCost.N) &&
    isWithin(r, maxCost.r) &&
    isWithin(p, maxCost.p) &&
    [salt, nonce, ciphertext, tag].every((text) => typeof text === 'string' && text !== '')
  )
}

/** NFKC, so that a passphrase works no matter how a keyboard composes its characters. */
function keyFrom(passphrase: Secret, salt: Buffer, {N, r, p}: Pick<EncryptedSeed, 'N' | 'r' | 'p'>): Promise<Buffer> {
  const maxmem = 128 * N * r + 128 * r * p + 2 ** 20
  return derive(passphrase.expose().normalize('NFKC'), salt, lengths.key, {N, r, p, maxmem})
}
