/**
 * The public id of a token: 16 characters of lower-case Crockford base32, the first a digit (77 bits).
 *
 * Short enough to read aloud, random from the first character on, so that four of them usually name one token.
 */
export const tokenIdPattern = /^[0-9][0-9a-hjkmnp-tv-z]{15}$/

/** The fewest characters of an id that may stand for it. */
export const shortestIdPrefix = 4

const crockford = '0123456789abcdefghjkmnpqrstvwxyz'

/** @param bytes 16 random bytes; five bits of each are used, of the first as a digit. */
export function formatTokenId(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 16), (byte, position) =>
    position === 0 ? crockford.charAt(byte % 10) : crockford.charAt(byte & 31),
  ).join('')
}

/** Whether a text has the shape of a token id, ours or the UUID of the hosted registry. */
export function looksLikeTokenId(text: string): boolean {
  return tokenIdPattern.test(text) || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}
