import {withoutBuild} from '@apkg/package-format'
import SemverRange from 'semver/classes/range.js'
import type SemVer from 'semver/classes/semver.js'

/** A set of versions. */
export interface Range {
  test(version: string | SemVer): boolean
}

/** Characters. A longer range can only be an attack, and every version of a package would be tested against it. */
const maxRangeLength = 1000

/** `^0.y.z` with all three numbers. */
const fullCaretBelowOne = /(?<=^|[\s|])\^[v=\s]*(0\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)(?=[\s|]|$)/g

/** A comma that isn't between two comparators. */
const strayComma = /(?:^|,|\|\|)\s*,|,\s*(?:\|\||$)/

const versionNumber = /(?<!\d)\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?/g

/**
 * Parses a range as npm does (node-semver 7), with three differences: a complete `^0.y.z` allows everything below 1.0.0,
 * commas can join comparators, and an exact version matches only itself. So `1.0.0` doesn't match `1.0.0+build`, which may
 * have been published by someone else. Prereleases match only if the range names one of the same version.
 *
 * @returns undefined if the text isn't a range; tags such as `latest` aren't.
 */
export function parseRange(text: string): Range | undefined {
  if (text.length > maxRangeLength) return undefined
  if (parsed.has(text)) return parsed.get(text)
  const range = parse(text)
  if (parsed.size === maxParsed) parsed.clear()
  parsed.set(text, range)
  return range
}

/** By text. The packages of a project have few different ranges, and each is read several times. */
const parsed = new Map<string, Range | undefined>()

const maxParsed = 1000

function parse(text: string): Range | undefined {
  if (strayComma.test(text)) return undefined
  const npmRange = text.replaceAll(',', ' ').replace(fullCaretBelowOne, '>=$1 <1.0.0-0')
  try {
    const alternatives = npmRange.split('||').map((each) => parseAlternative(each))
    return {test: (version) => alternatives.some((each) => each.test(version))}
  } catch {
    return undefined
  }
}

/** Parses comparators that must all hold. @throws {TypeError} if they aren't valid. */
function parseAlternative(text: string): Range {
  const range = new SemverRange(text)
  const exact = range.set.flat().find(({operator, value}) => operator === '' && value !== '')
  if (!exact) return range
  const named = text.match(versionNumber)?.filter((each) => withoutBuild(each) === exact.semver.version) ?? []
  return {
    test: (version) => range.test(version) && named.includes(typeof version === 'string' ? version : version.raw),
  }
}
