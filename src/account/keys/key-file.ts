import {keyIdOf, parsePublicKey, parseSeed, publicKeyOfSeed, toBase64} from '@apkg/package-format/signing'

import {isEncryptedSeed, type EncryptedSeed} from './encryption.js'

export interface PublicFields {
  /** The key's ID: `SHA256:` and base64. */
  keyId: string
  name: string
  /** Base64 of the 32 raw bytes. */
  publicKey: string
  /** @format date-time */
  createdAt: string
}

/** A key file as it is read: a private key as it is, or under a passphrase. */
export interface KeyFile extends PublicFields {
  privateHalf: Uint8Array | EncryptedSeed
}

/** Its text as the original client writes it, with a further field where the private key is under a passphrase. */
export function formatKeyFile({keyId, name, publicKey, createdAt, privateHalf}: KeyFile): string {
  const isPlain = privateHalf instanceof Uint8Array
  const privateKey = isPlain ? toBase64(privateHalf) : ''
  const written = {
    keyId,
    name,
    publicKey,
    privateKey,
    createdAt,
    ...(!isPlain && {encryptedPrivateKey: privateHalf}),
  }
  return JSON.stringify(written, undefined, 2)
}

/**
 * Reads a key file, and checks that its id belongs to its public key and that to a private key that is not encrypted.
 *
 * @returns what is wrong with it, without a word of the content, where it is not one.
 */
export function parseKeyFile(text: string): KeyFile | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return text.trim() === '' ? 'it is empty' : 'it is not JSON'
  }
  const {keyId, name, publicKey, privateKey, createdAt, encryptedPrivateKey} = (value ?? {}) as Record<string, unknown>
  const texts = [keyId, name, publicKey, privateKey, createdAt]
  if (!areTexts(texts)) return 'it does not hold what it should'
  const [keyIdText = '', nameText = '', publicText = '', privateText = '', createdText = ''] = texts
  const raw = parsePublicKey(publicText)
  if (!raw || keyIdText !== keyIdOf(raw)) return 'its id is not that of its public key'
  const privateHalf =
    privateText === '' && isEncryptedSeed(encryptedPrivateKey) ? encryptedPrivateKey : parseSeed(privateText)
  if (!privateHalf) return 'it has no private key'
  if (privateHalf instanceof Uint8Array && !belongs(privateHalf, publicText))
    return 'its two halves do not belong together'
  return {keyId: keyIdText, name: nameText, publicKey: publicText, createdAt: createdText, privateHalf}
}

/** Whether a private key is the one of a public key. @param publicKey base64. */
export function belongs(seed: Uint8Array, publicKey: string): boolean {
  const raw = parsePublicKey(publicKey)
  return raw !== undefined && Buffer.from(publicKeyOfSeed(seed)).equals(raw)
}

function areTexts(values: unknown[]): values is string[] {
  return values.every((value) => typeof value === 'string')
}
