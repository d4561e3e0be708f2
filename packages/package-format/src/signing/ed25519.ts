import {createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify} from 'node:crypto'

/** An Ed25519 key pair (RFC 8032). */
export interface KeyPair {
  /** 32 bytes. */
  publicKey: Uint8Array
  /** The private key, 32 bytes. */
  seed: Uint8Array
}

const rawLength = 32
const signatureLength = 64

/** What precedes the 32 bytes of an Ed25519 key in PKCS #8 and in a SubjectPublicKeyInfo (RFC 8410). */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex')

/**
 * The points of small order in canonical encoding, without the sign bit. With one of them as a public key, anyone can
 * forge a signature that is valid for almost any message.
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

/**
 * Derives the public key from a private key.
 *
 * @param seed 32 bytes
 * @returns 32 bytes
 */
export function publicKeyOfSeed(seed: Uint8Array): Uint8Array {
  const der = createPublicKey(privateKeyOf(seed)).export({format: 'der', type: 'spki'})
  return der.subarray(publicPrefix.length)
}

/** Returns the ID of a key: `SHA256:` and the padded base64 of the SHA-256 of its 32 raw bytes. */
export function keyIdOf(publicKey: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(publicKey).digest('base64')}`
}

export function isKeyId(text: string): boolean {
  return /^SHA256:[A-Za-z0-9+/]{43}=$/.test(text)
}

/**
 * Parses a public key in either of the protocol's formats: the base64 of 32 raw bytes, or of a SubjectPublicKeyInfo.
 *
 * @returns 32 bytes; undefined for anything else, including non-canonical encodings and points of small order
 */
export function parsePublicKey(base64: string): Uint8Array | undefined {
  const bytes = decode(base64)
  const isSpki = bytes?.length === publicPrefix.length + rawLength && bytes.subarray(0, 12).equals(publicPrefix)
  const raw = isSpki ? bytes.subarray(publicPrefix.length) : bytes
  return raw?.length === rawLength && isAcceptable(raw) ? raw : undefined
}

/** @returns 32 bytes; undefined if the text isn't the base64 of 32 bytes */
export function parseSeed(base64: string): Uint8Array | undefined {
  const bytes = decode(base64)
  return bytes?.length === rawLength ? bytes : undefined
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/**
 * @param seed 32 bytes
 * @returns the base64 of the 64 bytes of the signature
 */
export function signWith(seed: Uint8Array, message: Uint8Array): string {
  return sign(null, message, privateKeyOf(seed)).toString('base64')
}

/**
 * Verifies a signature over a message.
 *
 * @param publicKey 32 bytes, from `parsePublicKey`
 * @param signature base64; malformed signatures are invalid and don't throw
 */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: string): boolean {
  const bytes = decode(signature)
  if (bytes?.length !== signatureLength || !isAcceptable(publicKey)) return false
  const key = createPublicKey({key: Buffer.concat([publicPrefix, publicKey]), format: 'der', type: 'spki'})
  return verify(null, message, key, bytes)
}

function privateKeyOf(seed: Uint8Array) {
  return createPrivateKey({key: Buffer.concat([privatePrefix, seed]), format: 'der', type: 'pkcs8'})
}

/** Whether 32 bytes encode a number below the field's prime that isn't a point of small order. */
function isAcceptable(publicKey: Uint8Array): boolean {
  const unsigned = Buffer.from(publicKey)
  unsigned[31] = (unsigned[31] ?? 0) & 0x7f
  const isBeyondPrime =
    unsigned[31] === 0x7f && (unsigned[0] ?? 0) >= 0xed && unsigned.subarray(1, 31).every((byte) => byte === 0xff)
  return !isBeyondPrime && !smallOrder.has(unsigned.toString('hex'))
}

/** Decodes padded standard base64. Returns undefined for non-canonical encodings. */
function decode(base64: string): Buffer | undefined {
  if (base64.length > 128) return undefined
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 ? bytes : undefined
}
