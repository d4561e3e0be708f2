/** Lists and objects within each other: as many as a registry takes. */
const deepest = 64

/**
 * The one spelling of a JSON value (RFC 8785): members sorted by the UTF-16 units of their names, no white space,
 * numbers and texts as ECMAScript writes them.
 *
 * @throws TypeError for what is no JSON, a text with half a surrogate pair included, and for what is nested too deeply.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > deepest) throw new TypeError(`nested more than ${deepest} deep`)
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) throw new TypeError('half a surrogate pair')
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('not a JSON number')
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return JSON.stringify(value)
  if (typeof value !== 'object') throw new TypeError('not a JSON value')
  const below = (each: unknown) => canonicalJson(each, depth + 1)
  if (Array.isArray(value)) return `[${value.map(below).join(',')}]`
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, each]) => `${below(name)}:${below(each)}`).join(',')}}`
}
