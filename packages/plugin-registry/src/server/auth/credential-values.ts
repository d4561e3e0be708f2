import {createHash, randomBytes} from 'node:crypto'

import {drawBase62, formatTokenId, formatTokenValue, tokenEntropyLength, type TokenKind} from '@apkg/wire'

/** Creates a token value. The server sends it once and stores only its hash. */
export function createValue(kind: TokenKind): string {
  return formatTokenValue(kind, drawBase62(tokenEntropyLength, randomBytes))
}

/** Creates a public ID. */
export function createId(): string {
  return formatTokenId(randomBytes(16))
}

/** Creates a value that links the two steps of a login. */
export function createChallengeValue(): string {
  return randomBytes(32).toString('base64url')
}

/** @returns SHA-256, which suffices for values with this much entropy. */
export function hashSecret(value: string): Uint8Array {
  return createHash('sha256').update(value).digest()
}
