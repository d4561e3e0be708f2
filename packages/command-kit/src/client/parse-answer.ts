/** More values than an answer has any use for. */
const maxValues = 500_000

const startsOrParts = new Set(['{', '[', ','].map((each) => each.charCodeAt(0)))

/**
 * The JSON value of an answer; undefined for what is none. Each object, list and field takes many times the memory of
 * its few bytes, so an answer of little else is none either.
 */
export function parseAnswer(body: string): unknown {
  if (countValues(body) > maxValues) return undefined
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

/** At least as many as there are: commas in texts count too. */
function countValues(text: string): number {
  let count = 0
  for (let position = 0; position < text.length; position++) {
    if (startsOrParts.has(text.charCodeAt(position))) count++
  }
  return count
}
