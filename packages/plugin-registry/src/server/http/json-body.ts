import {Refusal} from './refusal.js'

/**
 * Parses a JSON body.
 *
 * @throws {Refusal} MALFORMED_JSON; VALIDATION if a string is not valid Unicode.
 */
export function parseJsonBody(text: string): unknown {
  const value = parse(text)
  // Only an escape can produce half of a surrogate pair.
  const field = text.includes('\\u') ? findLoneSurrogate(value) : undefined
  if (field === undefined) return value
  throw new Refusal('VALIDATION', {details: [{field, message: 'is not valid Unicode'}]})
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch {
    throw new Refusal('MALFORMED_JSON')
  }
}

/** Not recursive, because a body can be nested more deeply than the stack allows. @returns the path of the field. */
function findLoneSurrogate(body: unknown): string | undefined {
  const left: {value: unknown; path: Path | undefined}[] = [{value: body, path: undefined}]
  for (let next = left.pop(); next; next = left.pop()) {
    const {value, path} = next
    if (typeof value === 'string' && hasLoneSurrogate(value)) return fieldOf(path)
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inner] of Object.entries(value)) {
      if (hasLoneSurrogate(key)) return fieldOf(path)
      left.push({value: inner, path: {key, parent: path}})
    }
  }
  return undefined
}

/** A linked list of keys. Complete paths for every value could take much more memory than the body. */
interface Path {
  key: string
  parent: Path | undefined
}

function fieldOf(path: Path | undefined): string {
  const keys = []
  for (let at = path; at; at = at.parent) keys.push(at.key)
  return keys.reverse().join('.')
}

/** Whether a string contains half of a surrogate pair. */
function hasLoneSurrogate(text: string): boolean {
  return /\p{Cs}/u.test(text)
}
