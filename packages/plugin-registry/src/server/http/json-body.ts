import {Refusal} from './refusal.js'

/**
 * Parses the JSON of a body.
 *
 * @throws Refusal MALFORMED_JSON; VALIDATION for a `__proto__` or `constructor.prototype` key, which code that copies
 *   objects could write through.
 */
export function parseJsonBody(text: string): unknown {
  const value = parse(text)
  // Only an escape can spell one of the keys in another way.
  const field = /__proto__|constructor|\\u/.test(text) ? prototypeKey(value) : undefined
  if (field === undefined) return value
  throw new Refusal('VALIDATION', {
    message: `The body has the key \`${field}\`, which is not allowed`,
    details: [{field, message: 'is not an allowed key'}],
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch {
    throw new Refusal('MALFORMED_JSON')
  }
}

/** Walks without recursion: a body can be nested deeper than the stack. @returns the path of the first such key. */
function prototypeKey(body: unknown): string | undefined {
  const left: {value: unknown; path: string}[] = [{value: body, path: ''}]
  for (let next = left.pop(); next; next = left.pop()) {
    const {value, path} = next
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inner] of Object.entries(value)) {
      const field = path === '' ? key : `${path}.${key}`
      if (key === '__proto__') return field
      if (key === 'constructor' && hasPrototype(inner)) return `${field}.prototype`
      left.push({value: inner, path: field})
    }
  }
  return undefined
}

function hasPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype')
}
