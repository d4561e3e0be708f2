import {Refusal} from './refusal.js'

/**
 * Parses the JSON of a body.
 *
 * @throws Refusal MALFORMED_JSON; VALIDATION for text that is not Unicode.
 */
export function parseJsonBody(text: string): unknown {
  const value = parse(text)
  // Only an escape can be half a character.
  const field = text.includes('\\u') ? findHalfCharacter(value) : undefined
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

/** Walks without recursion, because a body can be nested deeper than the stack. @returns the path of its field. */
function findHalfCharacter(body: unknown): string | undefined {
  const left: {value: unknown; path: Path | undefined}[] = [{value: body, path: undefined}]
  for (let next = left.pop(); next; next = left.pop()) {
    const {value, path} = next
    if (typeof value === 'string' && isHalf(value)) return fieldOf(path)
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inner] of Object.entries(value)) {
      if (isHalf(key)) return fieldOf(path)
      left.push({value: inner, path: {key, parent: path}})
    }
  }
  return undefined
}

/** A key and those around it. Written out for every value, paths could take much more memory than the body. */
interface Path {
  key: string
  parent: Path | undefined
}

function fieldOf(path: Path | undefined): string {
  const keys = []
  for (let at = path; at; at = at.parent) keys.push(at.key)
  return keys.reverse().join('.')
}

/** Whether a text has half of a surrogate pair. */
function isHalf(text: string): boolean {
  return /\p{Cs}/u.test(text)
}
