import Range from 'semver/classes/range.js'

export type {Range}

/** Longer ones are refused: nobody writes them, and each version of a package is tested against them. */
const longestRange = 1000

/** `^0.y.z`, of which all three numbers are given. */
const fullCaretBelowOne = /(?<=^|[\s|])\^[v=\s]*(0\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)(?=[\s|]|$)/g

/** A comma that does not stand between two comparators. */
const strayComma = /(?:^|,|\|\|)\s*,|,\s*(?:\|\||$)/

/**
 * A range of versions: those of npm (node-semver 7), with two deviations. A full `^0.y.z` reaches up to 1.0.0, and
 * comparators may also be joined by commas. Build metadata does not matter to a range, and prereleases are in it only
 * where it names one of the same version.
 *
 * @returns undefined where the text is no range; tags such as `latest` are none.
 */
export function parseRange(text: string): Range | undefined {
  if (text.length > longestRange || strayComma.test(text)) return undefined
  const npmRange = text.replaceAll(',', ' ').replace(fullCaretBelowOne, '>=$1 <1.0.0-0')
  try {
    return new Range(npmRange)
  } catch {
    return undefined
  }
}
