/** Nested arrays and objects. Registries have the same limit for request bodies. */
const maxDepth = 64

/**
 * Serializes a JSON value in canonical form (RFC 8785): members sorted by the UTF-16 code units of their names, no
 * whitespace, numbers and strings in the format of ECMAScript.
 *
 * @throws {TypeError} if the value isn't JSON, contains a lone surrogate, or is nested more than 64 levels deep
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > maxDepth) throw new TypeError(`nested more than ${maxDepth} levels deep`)
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) throw new TypeError('a lone surrogate')
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('not a JSON number')
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return JSON.stringify(value)
  if (typeof value !== 'object') throw new TypeError('not a JSON value')
  const nested = (each: unknown) => canonicalJson(each, depth + 1)
  if (Array.isArray(value)) return `[${value.map(nested).join(',')}]`
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, each]) => `${nested(name)}:${nested(each)}`).join(',')}}`
}
