import {globalFlags} from '@apkg/command-kit/global-flags'

/** A word that fits. */
export interface Candidate {
  value: string
  description: string
}

/** A command as its completion sees it: what oclif knows of ours and of those of plugins, without loading any. */
export interface CompletedCommand {
  /** `token:create`. */
  id: string
  /** The plugin that it belongs to. */
  plugin: string
  aliases: readonly string[]
  summary: string
  auth: 'required' | 'optional' | 'none'
  flags: readonly CompletedFlag[]
  args: readonly CompletedArgument[]
}

export interface CompletedFlag {
  name: string
  char: string | undefined
  summary: string
  /** Whether the next word is the flag's. */
  takesValue: boolean
  /** Whether it may stand more than once. */
  isRepeatable: boolean
  /** Whether `--no-name` is there too. */
  isNegatable: boolean
  /** What stands between several values in one word. */
  delimiter: string | undefined
  /** The values that there are; empty where it takes any. */
  options: readonly string[]
  /** What its values are, where they have to be looked up. */
  kind: string | undefined
}

export interface CompletedArgument {
  options: readonly string[]
  kind: string | undefined
  /** Whether it takes all words that follow. */
  isRepeatable: boolean
}

export interface CompletedTopic {
  /** `token`, `registry:user`. */
  name: string
  description: string
}

/** Everything that can be typed behind `apkg`. */
export interface CommandLine {
  commands: readonly CompletedCommand[]
  topics: readonly CompletedTopic[]
}

/** A value that has to be looked up, and where it stands. */
export interface WantedValue {
  kind: string
  /** The beginning of the value. */
  typed: string
  command: CompletedCommand
  /** The arguments before it. */
  args: readonly string[]
  /** The flags before it, by name. */
  flags: Readonly<Record<string, string | true>>
}

/** What fits in a place. */
export interface Fitting {
  /** In the order in which they are to be shown. */
  words: Candidate[]
  /** What fits beside them. */
  wanted: WantedValue | undefined
  /** What of the typed word stands before the value, and before each of the words: `--registry=`. */
  before: string
  /** Whether nothing is known of what fits, so that it may be the name of a file. */
  isAnything: boolean
}

/** Flags that mean something without a command. */
const bareFlags: readonly Candidate[] = [
  {value: '--help', description: 'Show help.'},
  {value: '--version', description: 'Show the version.'},
]

const plainFlag = {char: undefined, isRepeatable: false, isNegatable: false, delimiter: undefined, options: []}

/** The global flags, which may stand before the command. */
const flagsOfAll: readonly CompletedFlag[] = Object.entries(globalFlags).map(([name, {summary, takesValue}]) => ({
  ...plainFlag,
  name,
  summary,
  takesValue,
  kind: takesValue ? name : undefined,
}))

/**
 * What fits in the place of the last word.
 *
 * @param words what was typed behind `apkg`, the last one perhaps unfinished or empty.
 */
export function fittingWords(line: CommandLine, words: readonly string[]): Fitting {
  const typed = words.at(-1) ?? ''
  const fitting = choicesAt(line, positionOf(line, words.slice(0, -1)), typed)
  return {...fitting, words: fitting.words.filter(({value}) => value.startsWith(typed.slice(fitting.before.length)))}
}

/** Where on the line the word to be completed stands. */
interface Position {
  /** The words of commands and topics, without flags. */
  path: string[]
  command: CompletedCommand | undefined
  /** What the command has been given already. */
  args: string[]
  /** The flag whose value is expected. */
  awaiting: CompletedFlag | undefined
  flags: Record<string, string | true>
  /** Behind a `--`, nothing is a flag. */
  onlyArguments: boolean
}

function positionOf(line: CommandLine, before: readonly string[]): Position {
  const position: Position = {
    path: [],
    command: undefined,
    args: [],
    awaiting: undefined,
    flags: {},
    onlyArguments: false,
  }
  for (const word of before) {
    const {path, command, args, awaiting, flags, onlyArguments} = position
    position.awaiting = undefined
    if (awaiting) flags[awaiting.name] = word
    else if (word === '--' && !onlyArguments) position.onlyArguments = true
    else if (word.startsWith('-') && !onlyArguments) {
      const flag = flagOf(command, word)
      if (!flag) continue
      const value = word.includes('=') ? word.slice(word.indexOf('=') + 1) : true
      flags[flag.name] = value
      if (flag.takesValue && value === true) position.awaiting = flag
    } else {
      const deeper = commandOf(line, [...path, word])
      const isCommandWord = args.length === 0 && (deeper ?? hasBelow(line, [...path, word]))
      if (isCommandWord) {
        path.push(word)
        position.command = deeper
      } else args.push(word)
    }
  }
  return position
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

/** @param start what of the typed word stands before the value. */
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

/** Stands in where a global flag is completed before there is a command. */
const noCommand: CompletedCommand = {id: '', plugin: '', aliases: [], summary: '', auth: 'none', flags: [], args: []}

function flagsOf(all: readonly CompletedFlag[], given: Position['flags']): Candidate[] {
  return all
    .filter(({name, isRepeatable}) => isRepeatable || !Object.hasOwn(given, name))
    .flatMap(({name, summary, isNegatable}) => [
      {value: `--${name}`, description: summary},
      ...(isNegatable ? [{value: `--no-${name}`, description: `Not: ${summary}`}] : []),
    ])
    .sort((one, other) => (one.value < other.value ? -1 : 1))
}

function flagOf(command: CompletedCommand | undefined, word: string): CompletedFlag | undefined {
  const [name = ''] = word.split('=', 1)
  return (command?.flags ?? flagsOfAll).find(
    (flag) => name === `--${flag.name}` || name === `--no-${flag.name}` || name === `-${flag.char ?? '-'}`,
  )
}

function namesOf({id, aliases}: CompletedCommand): string[] {
  return [id, ...aliases]
}

function commandOf({commands}: CommandLine, path: readonly string[]): CompletedCommand | undefined {
  const id = path.join(':')
  return commands.find((command) => namesOf(command).includes(id))
}

function hasBelow({commands}: CommandLine, path: readonly string[]): boolean {
  const start = `${path.join(':')}:`
  return commands.some((command) => namesOf(command).some((name) => name.startsWith(start)))
}

/** The next words of commands and topics: aliases of one word are left out, they are for those who know them. */
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
  return [...words]
    .map(([value, description]) => ({value, description}))
    .sort((one, other) => (one.value < other.value ? -1 : 1))
}
