/**
 * Whether a client has what an ETag stands for, by its `If-None-Match` (RFC 9110 §13.1.2, which compares weakly).
 *
 * @param etag quoted, as it is sent.
 */
export function hasCurrent(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  return Array.from(ifNoneMatch.matchAll(/"[^"]*"/g), ([each]) => each).includes(etag)
}
