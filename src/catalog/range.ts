import Range from 'semver/classes/range.js'

export type {Range}

/** Characters. A longer range can only be an attack, and every version of a package would be tested against it. */
const maxRangeLength = 1000

/** `^0.y.z` with all three numbers. */
const fullCaretBelowOne = /(?<=^|[\s|])\^[v=\s]*(0\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)(?=[\s|]|$)/g

/** A comma that isn't between two comparators. */
const strayComma = /(?:^|,|\|\|)\s*,|,\s*(?:\|\||$)/

/**
 * Parses a range as npm does (node-semver 7), with two differences: a complete `^0.y.z` allows everything below 1.0.0, and
 * commas can join comparators. Build metadata is ignored. Prereleases match only if the range names one of the same version.
 *
 * @returns undefined if the text isn't a range; tags such as `latest` aren't.
 */
export function parseRange(text: string): Range | undefined {
  if (text.length > maxRangeLength || strayComma.test(text)) return undefined
  const npmRange = text.replaceAll(',', ' ').replace(fullCaretBelowOne, '>=$1 <1.0.0-0')
  try {
    return new Range(npmRange)
  } catch {
    return undefined
  }
}
