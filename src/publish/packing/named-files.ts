import ignore, {type Ignore} from 'ignore'

import {printable} from '@apkg/command-kit'

import {failure} from '../failures.js'
import {matchingProblem, withoutRepetition} from '../git/assert-matchable.js'

/** Characters of a pattern in an error. */
const maxShown = 100

interface NamePattern {
  written: string
  isNegated: boolean
  /** The pattern's parts between slashes. */
  segments: string[]
  matcher: Ignore
}

/** The files that `files` in apkg.json names. Without it, no file is named. */
export class NamedFiles {
  readonly #patterns: readonly NamePattern[] | undefined
  readonly #used = new Set<string>()

  /**
   * @param patterns in the syntax of `.gitignore`, relative to the package's root.
   * @throws {ApkgError} `PACKAGE_NOT_PACKABLE` if matching a pattern could take too long.
   */
  constructor(patterns: readonly string[] | undefined) {
    const problems = (patterns ?? []).flatMap((each) => {
      const problem = matchingProblem(each)
      return problem === undefined ? [] : [`\`${printable(each.slice(0, maxShown))}\` in \`files\` ${problem}`]
    })
    if (problems.length > 0) {
      throw failure('PACKAGE_NOT_PACKABLE', {problems, suggestions: ['replace the pattern with simpler ones']})
    }
    this.#patterns = patterns?.map(patternOf)
  }

  get isGiven(): boolean {
    return this.#patterns !== undefined
  }

  /** Whether a file is named, so that it's packed even if git ignores it. */
  names(file: string): boolean {
    const matching = (this.#patterns ?? []).filter(({matcher}) => matcher.ignores(file))
    for (const {written} of matching) this.#used.add(written)
    return matching.length > 0 && matching.at(-1)?.isNegated === false
  }

  /** Whether a file in a directory may be named. */
  mayNameWithin(folder: string): boolean {
    const parts = folder.split('/')
    const reaches = ({isNegated, segments}: NamePattern) =>
      !isNegated && parts.every((part, depth) => depth >= segments.length || mayMatch(segments, depth, part))
    return (this.#patterns ?? []).some(reaches)
  }

  /** The patterns that have matched no file so far. */
  get unused(): string[] {
    return (this.#patterns ?? [])
      .filter(({isNegated, written}) => !isNegated && !this.#used.has(written))
      .map(({written}) => written)
  }
}

function patternOf(written: string): NamePattern {
  const isNegated = written.startsWith('!')
  const pattern = withoutRepetition(written.slice(isNegated ? 1 : 0).replace(/^(?:\.?\/)+/, ''))
  const segments = pattern.split('/').filter(Boolean)
  const all = segments.length === 0 || pattern === '.'
  return {written, isNegated, segments: all ? ['**'] : segments, matcher: ignore().add(all ? '**' : `/${pattern}`)}
}

function mayMatch(segments: readonly string[], depth: number, part: string): boolean {
  const isWild = segments.slice(0, depth + 1).some((segment) => /[*?[\\]/.test(segment))
  return isWild || segments[depth] === part
}
