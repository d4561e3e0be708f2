import {createHash, randomBytes} from 'node:crypto'

import {drawBase62, formatTokenId, formatTokenValue, tokenEntropyLength, type TokenKind} from '@apkg/wire'

/** A fresh value of one kind. It leaves the server once and is kept as its hash. */
export function createValue(kind: TokenKind): string {
  return formatTokenValue(kind, drawBase62(tokenEntropyLength, randomBytes))
}

/** A fresh public id. */
export function createId(): string {
  return formatTokenId(randomBytes(16))
}

/** A fresh value that ties a login's two steps together. */
export function createChallengeValue(): string {
  return randomBytes(32).toString('base64url')
}

export function hashSecret(value: string): Uint8Array {
  return createHash('sha256').update(value).digest()
}
