import type {SigningKey} from '../server/store/store.js'

/** A signing key of the registry. */
export interface SigningKeySummary {
  keyId: string
  status: 'active' | 'retired' | 'revoked'
  /** @format date-time */
  createdAt: string
  /**
   * When the key expired. It is invalid for versions published at this time or later. Null for the active key.
   *
   * @format date-time
   */
  expiresAt: string | null
  /** The 32 raw bytes, base64-encoded. */
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
