import {crc32} from 'node:zlib'

/**
 * The prefixes of the bearer credentials that an apkg registry issues.
 *
 * A value has 44 characters: `apkg`, a letter for its kind, `_`, 32 random base62 characters (190 bits), and the CRC-32
 * of all that as 6 base62 characters. A double-click selects it, and secret scanners can find it
 * (`apkg[tsrw]_[0-9A-Za-z]{38}`). `web` is the cookie of a browser's session.
 */
export const tokenKinds = {token: 'apkgt_', session: 'apkgs_', refresh: 'apkgr_', web: 'apkgw_'} as const

export type TokenKind = keyof typeof tokenKinds

/** The number of random base62 characters in a value. */
export const tokenEntropyLength = 32

const checksumLength = 6
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** How many characters of a value may be shown in lists: the prefix and 6 of the 32 random characters. */
export const shownPrefixLength = 12

/** CRC-32 (ISO-HDLC, as in gzip) as 6 base62 digits, most significant first. */
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
 * Builds a token value from its random part.
 *
 * @param random 32 base62 characters, each drawn uniformly
 * @throws {RangeError} if `random` is not 32 base62 characters
 */
export function formatTokenValue(kind: TokenKind, random: string): string {
  if (!/^[0-9A-Za-z]{32}$/.test(random)) throw new RangeError('the random part must be 32 base62 characters')
  const body = tokenKinds[kind] + random
  return body + checksum(body)
}

/**
 * Draws random base62 characters. Bytes of 248 and above are rejected to avoid bias, because 256 is not a multiple of 62.
 *
 * @param length characters
 * @param draw returns `count` random bytes; called again to replace rejected bytes
 */
export function drawBase62(length: number, draw: (count: number) => Uint8Array): string {
  let text = ''
  while (text.length < length) {
    for (const byte of draw(length - text.length)) if (byte < 248) text += base62.charAt(byte % 62)
  }
  return text
}

/**
 * What the format of a credential shows without asking the registry.
 *
 * `damaged`: one of our prefixes with a wrong length or checksum, as after a truncated paste. `opaque`: any other
 * format, which only the registry that issued it understands.
 */
export type TokenInspection =
  {state: 'intact'; kind: TokenKind} | {state: 'damaged'; kind: TokenKind} | {state: 'opaque'}

export function inspectTokenValue(value: string): TokenInspection {
  for (const [kind, prefix] of Object.entries(tokenKinds) as [TokenKind, string][]) {
    if (!value.startsWith(prefix)) continue
    const body = value.slice(0, -checksumLength)
    const isIntact = /^apkg[tsrw]_[0-9A-Za-z]{38}$/.test(value) && value.slice(-checksumLength) === checksum(body)
    return {state: isIntact ? 'intact' : 'damaged', kind}
  }
  return {state: 'opaque'}
}

/**
 * Whether a string looks like a credential: anything with an apkg prefix (even if it's truncated, and the hosted
 * registry's `apkg_` too), or a JSON Web Token. It keeps secrets out of places that are for labels and IDs, so it errs
 * on the side of yes.
 */
export function looksLikeTokenValue(text: string): boolean {
  return /^apkg[a-z]?_/i.test(text) || /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(text)
}

/** Whether a string is the part of a token's value that lists show. The rest of the value is still unknown. */
export function isShownPrefix(text: string): boolean {
  return /^apkgt_[0-9A-Za-z]{6}$/.test(text)
}

/**
 * Replaces everything in a text that looks like a credential, for messages that quote user input.
 *
 * The hosted registry's values may contain any character of a bearer credential (RFC 6750, 2.1). A period that ends a
 * sentence is kept, and so are parts of paths, such as `/home/apkg_test/.apkg`.
 */
export function redactTokenValues(text: string): string {
  return text
    .replace(/(?<![/\\])(apkg[a-z]?_)[\w.~+-]{3,}[\w~+-]=*/g, '$1[redacted]')
    .replace(/(?<![\w.-])[\w.-]*eyJ[\w.-]*/g, withoutWebTokens)
}

/**
 * Replaces the JSON Web Tokens in a word: three parts that are joined with periods, or two of them. One regular expression
 * for that would take quadratic time.
 */
function withoutWebTokens(word: string): string {
  const parts = word.split('.')
  const shown: string[] = []
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? ''
    const start = parts[index + 1] ? part.search(/\beyJ[\w-]{8}/) : -1
    shown.push(start === -1 ? part : `${part.slice(0, start)}[redacted]`)
    if (start !== -1) index += 2
  }
  return shown.join('.')
}
