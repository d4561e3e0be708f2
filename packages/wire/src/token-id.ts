/**
 * The public ID of a token: 16 characters of lowercase Crockford base32, of which the first is a digit (78 bits).
 *
 * IDs are random from the first character on, so a prefix of four characters usually identifies a token.
 */
export const tokenIdPattern = /^[0-9][0-9a-hjkmnp-tv-z]{15}$/

/** The length of the shortest prefix of an ID that commands accept, in characters. */
export const minIdPrefixLength = 4

/** The length of the shortest prefix of an ID that a registry accepts to revoke a token, in characters. */
export const minSentIdLength = 8

const crockford = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * Builds a token ID.
 *
 * @param bytes 16 random bytes; the first becomes a digit, and the lowest five bits of each other one a character
 */
export function formatTokenId(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 16), (byte, position) =>
    position === 0 ? crockford.charAt(byte % 10) : crockford.charAt(byte & 31),
  ).join('')
}

/** Whether a string looks like a token ID: ours, or the UUIDs of the hosted registry. */
export function looksLikeTokenId(text: string): boolean {
  return tokenIdPattern.test(text) || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}
