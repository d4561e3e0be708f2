/** Flags that may stand before the subcommand as well as after it. The value tells whether an argument follows. */
const globalFlags = new Map<string, 'alone' | 'with value'>([
  ['--registry', 'with value'],
  ['--offline', 'alone'],
  ['--json', 'alone'],
])

/**
 * Moves global flags that stand before the subcommand, or between its words, to the end of the command line, where oclif
 * looks for them: `token --registry URL list` becomes `token list --registry URL`. From the first flag of another kind
 * on everything keeps its order, and what stands after a `--` stays there. From the line of `help`, whose command is not
 * ours and has none of them, they are removed.
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
    const form = globalFlags.get(name)
    if (form === undefined && words[0] === 'help') {
      words.push(argument)
      continue
    }
    if (form === undefined) break
    moved.push(argument)
    if (form === 'with value' && !argument.includes('=') && position + 1 < argv.length) {
      moved.push(argv[++position] ?? '')
    }
  }
  if (words[0] === 'help') return words
  const rest = [...words, ...argv.slice(position)]
  const end = rest.indexOf('--')
  return end === -1 ? [...rest, ...moved] : [...rest.slice(0, end), ...moved, ...rest.slice(end)]
}

/** Whether a normalized command line names no command: it is empty, or global flags are all there is. */
export function namesNoCommand(argv: readonly string[]): boolean {
  const [first] = argv
  return first === undefined || globalFlags.has(first.split('=', 1)[0] ?? '')
}
