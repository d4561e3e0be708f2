/**
 * Whether `If-None-Match` matches an ETag, by weak comparison (RFC 9110 §13.1.2).
 *
 * @param etag quoted.
 */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  return Array.from(ifNoneMatch.matchAll(/"[^"]*"/g), ([each]) => each).includes(etag)
}
