const pattern = /^sha256-([A-Za-z0-9+/]{43}=)$/

/** Formats the integrity of a tarball for lockfiles and packuments: `sha256-` and the base64 of its SHA-256. */
export function formatIntegrity(sha256: Uint8Array): string {
  return `sha256-${Buffer.from(sha256).toString('base64')}`
}

/**
 * Parses an integrity. Only a single SHA-256 is valid: no other algorithms, and no lists as in Subresource Integrity.
 *
 * @returns the SHA-256 in hex, or undefined if the text isn't valid
 */
export function parseIntegrity(text: string): string | undefined {
  const base64 = pattern.exec(text)?.[1]
  if (base64 === undefined) return undefined
  const hash = Buffer.from(base64, 'base64')
  // The last base64 character has two unused bits. Accept only the canonical form, in which they are zero.
  return hash.toString('base64') === base64 ? hash.toString('hex') : undefined
}
