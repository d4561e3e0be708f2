import {globalFlags} from '@apkg/command-kit/global-flags'

/** Global flags, as typed, and whether they take a value. */
const takesValue = new Map(Object.entries(globalFlags).map(([name, flag]) => [`--${name}`, flag.takesValue]))

/**
 * Moves global flags from before and between the words of the subcommand to the end, where oclif expects them:
 * `token --registry URL list` becomes `token list --registry URL`. The first other flag, a
 * `--`, and everything after them stay in place. `help` takes no global flags, so they are removed from its command line.
 */
export function normalizeArgv(argv: readonly string[]): string[] {
  const words: string[] = []
  const moved: string[] = []
  let position = 0
  for (; position < argv.length; position++) {
    const argument = argv[position] ?? ''
    if (!argument.startsWith('-')) {
      words.push(argument)
      continue
    }
    const [name = ''] = argument.split('=', 1)
    const isFollowed = takesValue.get(name)
    if (isFollowed === undefined && words[0] === 'help') {
      words.push(argument)
      continue
    }
    if (isFollowed === undefined) break
    moved.push(argument)
    if (isFollowed && !argument.includes('=') && position + 1 < argv.length) moved.push(argv[++position] ?? '')
  }
  if (words[0] === 'help') return words
  const rest = [...words, ...argv.slice(position)]
  const end = rest.indexOf('--')
  return end === -1 ? [...rest, ...moved] : [...rest.slice(0, end), ...moved, ...rest.slice(end)]
}

/** Whether a normalized command line lacks a command: it is empty, or has only global flags. */
export function hasNoCommand(argv: readonly string[]): boolean {
  const [first] = argv
  return first === undefined || takesValue.has(first.split('=', 1)[0] ?? '')
}
