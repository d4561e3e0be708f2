import type {Candidate} from './values/candidate.js'
import type {CommandLine} from './command-line.js'
import {fittingWords} from './fitting-words.js'
import type {LookupOptions} from './live-values.js'

/** The completions for the last word. */
export interface Completion {
  /** Possible completions, in display order. */
  candidates: Candidate[]
  /** Whether file names are valid completions too. */
  files: boolean
}

/**
 * Completes the last word.
 *
 * @param words the words after `apkg`. The last one may be incomplete or empty.
 * @returns `isUnanswered`: whether a lookup timed out.
 */
export async function complete(
  line: CommandLine,
  words: readonly string[],
  options: LookupOptions,
): Promise<{completion: Completion; isUnanswered: boolean}> {
  // PowerShell can't pass an empty word, so it sends a space.
  const last = words.at(-1) ?? ''
  const typed = last.trim() === '' ? '' : last
  const {words: fitting, wanted, before, isAnything} = fittingWords(line, [...words.slice(0, -1), typed])
  const {values, isUnanswered} = wanted
    ? await (await import('./live-values.js')).liveValues(wanted, options)
    : {values: [], isUnanswered: false}
  const given = new Set(wanted?.args)
  const free = values.filter(({value}) => !given.has(value))
  const live = matching(wanted?.typed ?? '', free)
  const candidates = [...fitting, ...live].map(({value, description}) => ({value: before + value, description}))
  return {completion: {candidates, files: isAnything}, isUnanswered}
}

/** Values that start with the typed word. If there are none, packages whose unscoped name starts with it. */
function matching(typed: string, values: readonly Candidate[]): Candidate[] {
  const exact = values.filter(({value}) => value.startsWith(typed))
  return exact.length > 0 ? exact : values.filter(({value}) => withoutScope(value)?.startsWith(typed))
}

function withoutScope(value: string): string | undefined {
  return value.startsWith('@') ? value.split('/', 2)[1] : undefined
}
