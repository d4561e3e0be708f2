import type {SigningKeySummary} from '../operator/signing-key-summary.js'

/** A line a key, its fields separated by tabs: id, status, when it was made, when it ended. */
export function signingKeyList(keys: readonly SigningKeySummary[]): string {
  return keys
    .map(({keyId, status, createdAt, expiresAt}) => `${[keyId, status, createdAt, expiresAt ?? '-'].join('\t')}\n`)
    .join('')
}
