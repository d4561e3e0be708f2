import type {SigningKey} from '../server/store/store.js'

/** A signing key of the registry. */
export interface SigningKeySummary {
  keyId: string
  status: 'active' | 'retired' | 'revoked'
  /** @format date-time */
  createdAt: string
  /**
   * The key is invalid for versions that were published at this time or later. Null for the active key.
   *
   * @format date-time
   */
  expiresAt: string | null
  /** Base64 of the 32 raw bytes. */
  publicKey: string
}

export function signingKeySummary({keyId, status, createdAt, expiresAt, publicKey}: SigningKey): SigningKeySummary {
  return {
    keyId,
    status,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    publicKey,
  }
}
