import {crc32} from 'node:zlib'

/**
 * The values that an apkg registry hands out as bearer credentials.
 *
 * A value is `apkg` + one letter for its kind + `_` + 32 random base62 characters (190 bits) + 6 base62 characters of
 * CRC-32 over everything before them, zero-padded: 44 characters, selected by one double-click and recognizable to
 * secret scanners (`apkg[tsr]_[0-9A-Za-z]{38}`). The checksum covers the prefix, so a swapped prefix is noticed.
 */
export const tokenKinds = {token: 'apkgt_', session: 'apkgs_', refresh: 'apkgr_'} as const

export type TokenKind = keyof typeof tokenKinds

/** How many random base62 characters a value holds. */
export const tokenEntropyLength = 32

const checksumLength = 6
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** How many characters of a value a listing may show: the prefix and six of the 32 random characters. */
export const shownPrefixLength = 12

/** The checksum of the characters before it: CRC-32 (ISO-HDLC, as in gzip), 6 base62 digits, most significant first. */
function checksum(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let position = 0; position < checksumLength; position++) {
    digits = base62.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}

/**
 * Builds a value of one kind from its random part.
 *
 * @param random 32 base62 characters, each drawn uniformly.
 * @throws RangeError when `random` is not that.
 */
export function formatTokenValue(kind: TokenKind, random: string): string {
  if (!/^[0-9A-Za-z]{32}$/.test(random)) throw new RangeError('the random part must be 32 base62 characters')
  const body = tokenKinds[kind] + random
  return body + checksum(body)
}

/**
 * Maps random bytes to base62 without bias: bytes of 248 and above are rejected, since 256 is no multiple of 62.
 *
 * @param draw returns the given number of fresh random bytes; called again when too many were rejected.
 */
export function drawBase62(length: number, draw: (count: number) => Uint8Array): string {
  let text = ''
  while (text.length < length) {
    for (const byte of draw(length - text.length)) if (byte < 248) text += base62.charAt(byte % 62)
  }
  return text
}

/**
 * What can be told about a credential's value without asking anybody.
 *
 * `damaged` is said only of values with one of our prefixes whose length or checksum is wrong, as after a truncated
 * paste. Every other shape is `opaque`: another registry's format is its own.
 */
export type TokenVerdict = {state: 'whole'; kind: TokenKind} | {state: 'damaged'; kind: TokenKind} | {state: 'opaque'}

export function inspectTokenValue(value: string): TokenVerdict {
  for (const [kind, prefix] of Object.entries(tokenKinds) as [TokenKind, string][]) {
    if (!value.startsWith(prefix)) continue
    const body = value.slice(0, -checksumLength)
    const whole = /^apkg[tsr]_[0-9A-Za-z]{38}$/.test(value) && value.slice(-checksumLength) === checksum(body)
    return {state: whole ? 'whole' : 'damaged', kind}
  }
  return {state: 'opaque'}
}

/**
 * Whether a text looks like a credential rather than a name: anything that starts as an apkg value (whole, truncated
 * or of the hosted registry's own `apkg_` format), or a JSON Web Token. Used to keep secrets out of places where a
 * label or an id belongs, so it errs on the side of yes.
 */
export function looksLikeTokenValue(text: string): boolean {
  return /^apkg[a-z]?_/i.test(text) || /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(text)
}

/**
 * A text with everything in it that looks like a credential replaced, for messages that quote what a user typed. What
 * the hosted registry's values are made of is its own matter, so all that a bearer credential may hold counts, but a full
 * stop at the end of a sentence. A part of a path is no credential: `/home/apkg_test/.apkg` stays readable.
 */
export function redactTokenValues(text: string): string {
  return text
    .replace(/(?<![/\\])(apkg[a-z]?_)[\w.~+-]{3,}[\w~+-]=*/g, '$1[redacted]')
    .replace(/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, '[redacted]')
}
