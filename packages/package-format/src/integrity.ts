const pattern = /^sha256-([A-Za-z0-9+/]{43}=)$/

/** The integrity of a tarball, as it stands in lockfiles and packuments: `sha256-` and the base64 of its SHA-256. */
export function formatIntegrity(sha256: Uint8Array): string {
  return `sha256-${Buffer.from(sha256).toString('base64')}`
}

/**
 * The SHA-256 that an integrity stands for, in hex; undefined for anything but exactly one sha256. Other algorithms and
 * lists of several, which Subresource Integrity has, are not in the format.
 */
export function parseIntegrity(text: string): string | undefined {
  const base64 = pattern.exec(text)?.[1]
  if (base64 === undefined) return undefined
  const hash = Buffer.from(base64, 'base64')
  // Only one spelling of a hash is its own: the last character of base64 has spare bits.
  return hash.toString('base64') === base64 ? hash.toString('hex') : undefined
}
