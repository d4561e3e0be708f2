/** More values than any valid response has. */
const maxValues = 500_000

const delimiters = new Set(['{', '[', ','].map((each) => each.charCodeAt(0)))

/**
 * Parses the JSON of a response. Returns undefined if it isn't JSON, or has so many values that parsing it would take
 * many times the memory of its text.
 */
export function parseResponse(body: string): unknown {
  if (countValues(body) > maxValues) return undefined
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

/** Returns an upper bound, because it also counts delimiters in strings. */
function countValues(text: string): number {
  let count = 0
  for (let position = 0; position < text.length; position++) {
    if (delimiters.has(text.charCodeAt(position))) count++
  }
  return count
}
