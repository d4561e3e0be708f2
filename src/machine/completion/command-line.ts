import type {CommandLine, CompletedCommand, CompletedFlag} from './candidates.js'

/** What is read of oclif's configuration: descriptions from manifests, no command is loaded. */
export interface Described {
  commands: readonly DescribedCommand[]
  topics: readonly {name: string; description?: string | undefined}[]
}

interface DescribedCommand {
  id: string
  pluginName?: string | undefined
  aliases: readonly string[]
  hidden: boolean
  summary?: string | undefined
  description?: string | undefined
  flags: Readonly<Record<string, DescribedFlag>>
  args: Readonly<Record<string, {options?: readonly string[] | undefined; multiple?: boolean | undefined}>>
  /** Statics of the command's class, a plugin's too: of any shape. */
  auth?: unknown
  completion?: unknown
}

interface DescribedFlag {
  name: string
  char?: string | undefined
  summary?: string | undefined
  description?: string | undefined
  type: 'boolean' | 'option'
  hidden?: boolean | undefined
  multiple?: boolean | undefined
  allowNo?: boolean | undefined
  delimiter?: string | undefined
  options?: readonly string[] | undefined
}

/** What the values of oclif's own commands are. */
const kindsOfOclif: Readonly<Record<string, Record<string, string>>> = {
  'plugins:inspect': {plugin: 'plugin'},
  'plugins:uninstall': {plugin: 'plugin'},
}

/** Everything that a user can type, without what is hidden. */
export function commandLineOf({commands, topics}: Described): CommandLine {
  return {
    // Each alias is listed as a command of its own besides.
    commands: commands.filter(({id, aliases, hidden}) => !hidden && !aliases.includes(id)).map(commandOf),
    topics: topics.map(({name, description = ''}) => ({name, description: firstLine(description)})),
  }
}

function commandOf(described: DescribedCommand): CompletedCommand {
  const {id, pluginName = '', aliases, summary, description, flags, args, auth} = described
  const kinds = kindsOf(described)
  return {
    id,
    plugin: pluginName,
    aliases,
    summary: firstLine(summary ?? description),
    auth: auth === 'required' || auth === 'optional' ? auth : 'none',
    flags: Object.values(flags)
      .filter(({hidden}) => hidden !== true)
      .map((flag) => flagOf(flag, kinds.get(flag.name))),
    args: Object.entries(args).map(([name, {options = [], multiple = false}]) => ({
      options,
      kind: kinds.get(name),
      isRepeatable: multiple,
    })),
  }
}

/** `--registry` means the same everywhere. */
function kindsOf({id, completion = kindsOfOclif[id]}: DescribedCommand): ReadonlyMap<string, string> {
  const declared = typeof completion === 'object' && completion !== null ? Object.entries(completion) : []
  const named = declared.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return new Map([['registry', 'registry'], ...named])
}

function flagOf(flag: DescribedFlag, kind: string | undefined): CompletedFlag {
  const {name, char, summary, description, type, multiple = false, allowNo = false, delimiter, options = []} = flag
  return {
    name,
    char,
    summary: firstLine(summary ?? description),
    takesValue: type === 'option',
    isRepeatable: multiple,
    isNegatable: allowNo,
    delimiter,
    options,
    kind,
  }
}

/** Help of oclif's own commands has the program's name as a template. */
function firstLine(text = ''): string {
  return (text.split('\n', 1)[0] ?? '').replaceAll('<%= config.bin %>', 'apkg')
}
