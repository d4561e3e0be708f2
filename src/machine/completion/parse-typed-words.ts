import {globalFlags} from '@apkg/command-kit/global-flags'

import type {CommandLine, CompletedCommand, CompletedFlag} from './command-line.js'

const plainFlag = {char: undefined, isRepeatable: false, isNegatable: false, delimiter: undefined, options: []}

/** The global flags, which can precede the command. */
export const flagsOfAll: readonly CompletedFlag[] = Object.entries(globalFlags).map(
  ([name, {summary, takesValue}]) => ({
    ...plainFlag,
    name,
    summary,
    takesValue,
    kind: takesValue ? name : undefined,
  }),
)

/** The position of the word to complete. */
export interface Position {
  /** The words of commands and topics, without flags. */
  path: string[]
  command: CompletedCommand | undefined
  args: string[]
  /** The flag whose value is expected. */
  awaiting: CompletedFlag | undefined
  flags: Record<string, string | true>
  /** Set after `--`. */
  onlyArguments: boolean
}

/** Parses the words before the one to complete. */
export function parseTypedWords(line: CommandLine, before: readonly string[]): Position {
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

export function flagOf(command: CompletedCommand | undefined, word: string): CompletedFlag | undefined {
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
