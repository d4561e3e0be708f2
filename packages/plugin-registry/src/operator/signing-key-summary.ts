import type {SigningKey} from '../server/store/store.js'

/** A key of the registry as `--json` shows it. */
export interface SigningKeySummary {
  keyId: string
  status: 'active' | 'retired' | 'revoked'
  createdAt: string
  /** Null for the active one. */
  expiresAt: string | null
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
