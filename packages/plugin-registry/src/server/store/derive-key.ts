import {hkdfSync} from 'node:crypto'

/**
 * Derives a key for one purpose from the registry's secret key (RFC 5869, HKDF with SHA-256).
 *
 * @param purpose such as `apkg audit chain`
 * @returns 32 bytes
 */
export function deriveKey(key: Uint8Array, purpose: string): Uint8Array {
  return Buffer.from(hkdfSync('sha256', key, '', purpose, 32))
}
