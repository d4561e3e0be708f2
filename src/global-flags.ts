/** Flags that may stand before the subcommand as well as after it. The value tells whether an argument follows. */
const globalFlags = new Map([
  ['--registry', 'with value'],
  ['--offline', 'alone'],
  ['--json', 'alone'],
])

/**
 * Moves global flags that stand before the subcommand to the end of the command line, where oclif looks for them:
 * `--registry URL token list` becomes `token list --registry URL`. What stands after a `--` stays there, and everything
 * from the subcommand on keeps its order.
 */
export function normaliseArgv(argv: readonly string[]): string[] {
  const moved: string[] = []
  let position = 0
  for (; position < argv.length; position++) {
    const argument = argv[position] ?? ''
    const [name = ''] = argument.split('=', 1)
    const form = globalFlags.get(name)
    if (form === undefined) break
    moved.push(argument)
    if (form === 'with value' && !argument.includes('=') && position + 1 < argv.length) {
      moved.push(argv[++position] ?? '')
    }
  }
  const rest = argv.slice(position)
  const end = rest.indexOf('--')
  return end === -1 ? [...rest, ...moved] : [...rest.slice(0, end), ...moved, ...rest.slice(end)]
}
