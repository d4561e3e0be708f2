/** `/packages/@acme/review…`, whose scope contains no encoded slash. */
const decoded = /^\/packages\/((?:@|%40)(?:(?!%2f)[^/?#])+)\/([^/?#]+)/i

/** The `@` of a page about a package, as some clients send it. The router compares it literally. */
const encodedAt = /^\/%40/

/**
 * Encodes the slash of a package name in a request target, as routes expect it. Many proxies decode `%2F`, so both
 * `/packages/@acme%2Freview` and `/packages/@acme/review` are the same package. `/%40acme/review` is the page `/@acme/review`.
 */
export function withEncodedName(target: string): string {
  return target.replace(decoded, '/packages/$1%2F$2').replace(encodedAt, '/@')
}
