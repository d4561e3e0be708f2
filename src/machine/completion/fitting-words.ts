import type {Candidate} from './values/candidate.js'
import type {CommandLine, CompletedCommand, CompletedFlag} from './command-line.js'
import {flagOf, flagsOfAll, parseTypedWords, type Position} from './parse-typed-words.js'
import type {TypedValue} from './values/value-source.js'

/** A value to look up, with what is known about its command. */
export interface WantedValue extends TypedValue {
  command: CompletedCommand
}

/** The completions for a position on the command line. */
export interface Fitting {
  /** In display order. */
  words: Candidate[]
  /** Further values to look up. */
  wanted: WantedValue | undefined
  /** The part of the typed word before the value, such as `--registry=`. */
  before: string
  /** Whether any value is allowed, so that file names may be useful. */
  isAnything: boolean
}

/** Flags that work without a command. */
const bareFlags: readonly Candidate[] = [
  {value: '--help', description: 'Show help.'},
  {value: '--version', description: 'Show the version.'},
]

/**
 * Finds the completions of the last word.
 *
 * @param words the words after `apkg`. The last one may be incomplete or empty.
 */
export function fittingWords(line: CommandLine, words: readonly string[]): Fitting {
  const typed = words.at(-1) ?? ''
  const fitting = choicesAt(line, parseTypedWords(line, words.slice(0, -1)), typed)
  return {...fitting, words: fitting.words.filter(({value}) => value.startsWith(typed.slice(fitting.before.length)))}
}

const nothing = {words: [], wanted: undefined, before: '', isAnything: false}

function choicesAt(line: CommandLine, position: Position, typed: string): Fitting {
  const {command, path, args, awaiting, flags, onlyArguments} = position
  if (awaiting) return valuesOf(awaiting, position, typed, '')
  if (typed.startsWith('-') && !onlyArguments) {
    const flag = flagOf(command, typed)
    if (typed.includes('=')) {
      return flag?.takesValue === true ? valuesOf(flag, position, typed, `${typed.split('=', 1)[0]}=`) : nothing
    }
    const bare = command || path.length > 0 ? bareFlags.slice(0, 1) : bareFlags
    return {...nothing, words: [...flagsOf(command?.flags ?? flagsOfAll, flags), ...bare]}
  }
  if (command?.id === 'help') return {...nothing, words: wordsBelow(line, args)}
  const below = args.length === 0 ? wordsBelow(line, path) : []
  const argument = command && (command.args[args.length] ?? command.args.findLast(({isRepeatable}) => isRepeatable))
  if (!argument) return {...nothing, words: below}
  const values = valuesOf({...argument, delimiter: undefined}, position, typed, '')
  const given = argument.isRepeatable ? args.slice(command.args.indexOf(argument)) : []
  const options = values.words.filter(({value}) => !given.includes(value))
  return {...values, words: [...below, ...options], isAnything: values.isAnything && below.length === 0}
}

/** @param start the part of the typed word before the value. */
function valuesOf(
  {options, kind, delimiter}: Pick<CompletedFlag, 'options' | 'kind' | 'delimiter'>,
  {command, args, flags}: Position,
  typed: string,
  start: string,
): Fitting {
  const end = delimiter === undefined ? -1 : typed.lastIndexOf(delimiter)
  const before = end < start.length ? start : typed.slice(0, end + 1)
  const given = delimiter === undefined ? [] : before.slice(start.length).split(delimiter)
  const words = options.filter((value) => !given.includes(value)).map((value) => ({value, description: ''}))
  if (kind === undefined) return {words, wanted: undefined, before, isAnything: options.length === 0}
  const wanted = {kind, typed: typed.slice(before.length), command: command ?? noCommand, args, flags}
  return {words, wanted, before, isAnything: false}
}

/** Used to complete the value of a global flag that precedes the command. */
const noCommand: CompletedCommand = {id: '', plugin: '', aliases: [], summary: '', auth: 'none', flags: [], args: []}

function flagsOf(all: readonly CompletedFlag[], given: Position['flags']): Candidate[] {
  return all
    .filter(({name, isRepeatable}) => isRepeatable || !Object.hasOwn(given, name))
    .flatMap(({name, summary, isNegatable}) => [
      {value: `--${name}`, description: summary},
      ...(isNegatable ? [{value: `--no-${name}`, description: `Turn off --${name}.`}] : []),
    ])
    .sort((a, b) => (a.value < b.value ? -1 : 1))
}

/** The next words of commands and topics, without aliases. */
function wordsBelow({commands, topics}: CommandLine, path: readonly string[]): Candidate[] {
  const start = path.map((word) => `${word}:`).join('')
  const words = new Map<string, string>()
  for (const {id, summary} of commands) {
    if (!id.startsWith(start)) continue
    const [word = '', ...rest] = id.slice(start.length).split(':')
    const topic = topics.find(({name}) => name === `${start}${word}`)
    if (rest.length === 0) words.set(word, summary)
    else if (!words.has(word)) words.set(word, topic?.description ?? '')
  }
  return [...words].map(([value, description]) => ({value, description})).sort((a, b) => (a.value < b.value ? -1 : 1))
}
