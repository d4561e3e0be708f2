import {keyIdOf, parsePublicKey, parseSeed, publicKeyOfSeed, toBase64} from '@apkg/package-format/signing'

import {isEncryptedSeed, type EncryptedSeed} from './encryption.js'

export interface PublicFields {
  /** The key's ID: `SHA256:` followed by the base64-encoded digest. */
  keyId: string
  name: string
  /** The 32 raw bytes, base64-encoded. */
  publicKey: string
  /** @format date-time */
  createdAt: string
}

/** A parsed key file. */
export interface KeyFile extends PublicFields {
  /** 32 bytes, or encrypted with a passphrase. */
  privateHalf: Uint8Array | EncryptedSeed
}

/** Formats a key file as the original client does, with an additional field for an encrypted private key. */
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
 * Parses a key file, and checks that the ID and the private key, unless it is encrypted, match the public key.
 *
 * @returns a reason if it is invalid. It quotes nothing from the file.
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
  if (!areTexts(texts)) return 'a field is missing'
  const [keyIdText = '', nameText = '', publicText = '', privateText = '', createdText = ''] = texts
  const raw = parsePublicKey(publicText)
  if (!raw || keyIdText !== keyIdOf(raw)) return 'the key ID does not match the public key'
  const privateHalf =
    privateText === '' && isEncryptedSeed(encryptedPrivateKey) ? encryptedPrivateKey : parseSeed(privateText)
  if (!privateHalf) return 'the private key is missing or invalid'
  if (privateHalf instanceof Uint8Array && !belongs(privateHalf, publicText))
    return 'the private key does not match the public key'
  return {keyId: keyIdText, name: nameText, publicKey: publicText, createdAt: createdText, privateHalf}
}

/** Whether a private key matches a public key. @param publicKey base64. */
export function belongs(seed: Uint8Array, publicKey: string): boolean {
  const raw = parsePublicKey(publicKey)
  return raw !== undefined && Buffer.from(publicKeyOfSeed(seed)).equals(raw)
}

function areTexts(values: unknown[]): values is string[] {
  return values.every((value) => typeof value === 'string')
}
