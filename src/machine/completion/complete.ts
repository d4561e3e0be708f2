import {fittingWords, type Candidate, type CommandLine} from './candidates.js'
import type {Search} from './live-values.js'

/** The candidates for the last word. */
export interface Completion {
  /** In the order in which to show them. */
  candidates: Candidate[]
  /** Whether file names fit too. */
  files: boolean
}

/**
 * Completes the last of the words.
 *
 * @param words what was typed behind `apkg`, the last one perhaps unfinished or empty.
 * @returns with `isUnanswered`, whether more would be found with more patience.
 */
export async function complete(
  line: CommandLine,
  words: readonly string[],
  search: Search,
): Promise<{completion: Completion; isUnanswered: boolean}> {
  // PowerShell can send an empty word as a blank one only.
  const last = words.at(-1) ?? ''
  const typed = last.trim() === '' ? '' : last
  const {words: fitting, wanted, before, isAnything} = fittingWords(line, [...words.slice(0, -1), typed])
  const {values, isUnanswered} = wanted
    ? await (await import('./live-values.js')).liveValues(wanted, search)
    : {values: [], isUnanswered: false}
  const given = new Set(wanted?.args)
  const free = values.filter(({value}) => !given.has(value))
  const live = beginningWith(wanted?.typed ?? '', free)
  const candidates = [...fitting, ...live].map(({value, description}) => ({value: before + value, description}))
  return {completion: {candidates, files: isAnything}, isUnanswered}
}

/** Those that begin as the word does; where none do, those whose name does behind their scope. */
function beginningWith(typed: string, values: readonly Candidate[]): Candidate[] {
  const exact = values.filter(({value}) => value.startsWith(typed))
  return exact.length > 0 ? exact : values.filter(({value}) => withoutScope(value)?.startsWith(typed))
}

function withoutScope(value: string): string | undefined {
  return value.startsWith('@') ? value.split('/', 2)[1] : undefined
}
