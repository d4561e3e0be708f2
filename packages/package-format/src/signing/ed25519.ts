import {createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify} from 'node:crypto'

/** An Ed25519 key pair (RFC 8032), both halves as 32 raw bytes. */
export interface KeyPair {
  publicKey: Uint8Array
  /** The private key. */
  seed: Uint8Array
}

const rawLength = 32
const signatureLength = 64

/** What PKCS #8 and SubjectPublicKeyInfo put before the 32 bytes of an Ed25519 key (RFC 8410). */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex')

/**
 * The points of small order in their canonical spelling, without the sign. With one of them as public key, a signature
 * can be made that holds for nearly any message.
 */
const smallOrder = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

export function generateKeyPair(): KeyPair {
  const {publicKey, privateKey} = generateKeyPairSync('ed25519')
  return {
    publicKey: publicKey.export({format: 'der', type: 'spki'}).subarray(publicPrefix.length),
    seed: privateKey.export({format: 'der', type: 'pkcs8'}).subarray(privatePrefix.length),
  }
}

/** The public half of a private key. @param seed 32 bytes. */
export function publicKeyOfSeed(seed: Uint8Array): Uint8Array {
  const der = createPublicKey(privateKeyOf(seed)).export({format: 'der', type: 'spki'})
  return der.subarray(publicPrefix.length)
}

/** A key's id: `SHA256:` and the padded base64 of the SHA-256 of the 32 raw bytes of its public half. */
export function keyIdOf(publicKey: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(publicKey).digest('base64')}`
}

export function isKeyId(text: string): boolean {
  return /^SHA256:[A-Za-z0-9+/]{43}=$/.test(text)
}

/**
 * Reads a public key as the protocol spells it: the base64 of 32 raw bytes, or of a SubjectPublicKeyInfo.
 *
 * @returns 32 raw bytes; undefined for anything else, and for keys that nobody can hold.
 */
export function parsePublicKey(base64: string): Uint8Array | undefined {
  const bytes = decode(base64)
  const isSpki = bytes?.length === publicPrefix.length + rawLength && bytes.subarray(0, 12).equals(publicPrefix)
  const raw = isSpki ? bytes.subarray(publicPrefix.length) : bytes
  return raw?.length === rawLength && isPoint(raw) ? raw : undefined
}

/** @returns 32 bytes; undefined for anything but their base64. */
export function parseSeed(base64: string): Uint8Array | undefined {
  const bytes = decode(base64)
  return bytes?.length === rawLength ? bytes : undefined
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** @param seed 32 bytes. @returns the signature, 64 bytes in base64. */
export function signWith(seed: Uint8Array, message: Uint8Array): string {
  return sign(null, message, privateKeyOf(seed)).toString('base64')
}

/**
 * Whether a signature over a message was made with the private half of a key.
 *
 * @param publicKey 32 raw bytes, as `parsePublicKey` returns them.
 * @param signature base64; anything that is no signature is false.
 */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: string): boolean {
  const bytes = decode(signature)
  if (bytes?.length !== signatureLength || !isPoint(publicKey)) return false
  const key = createPublicKey({key: Buffer.concat([publicPrefix, publicKey]), format: 'der', type: 'spki'})
  return verify(null, message, key, bytes)
}

function privateKeyOf(seed: Uint8Array) {
  return createPrivateKey({key: Buffer.concat([privatePrefix, seed]), format: 'der', type: 'pkcs8'})
}

/** Whether 32 bytes are the one spelling of a number below the field's prime, and no point of small order. */
function isPoint(publicKey: Uint8Array): boolean {
  const unsigned = Buffer.from(publicKey)
  unsigned[31] = (unsigned[31] ?? 0) & 0x7f
  const isBeyondPrime =
    unsigned[31] === 0x7f && (unsigned[0] ?? 0) >= 0xed && unsigned.subarray(1, 31).every((byte) => byte === 0xff)
  return !isBeyondPrime && !smallOrder.has(unsigned.toString('hex'))
}

/** Padded standard base64 in its one spelling, or nothing. */
function decode(base64: string): Buffer | undefined {
  if (base64.length > 128) return undefined
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 ? bytes : undefined
}
