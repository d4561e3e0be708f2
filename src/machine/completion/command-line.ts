/** A command of apkg or a plugin, described from manifests. Nothing is loaded. */
export interface CompletedCommand {
  /** `token:create`. */
  id: string
  /** Name of the plugin that provides it. */
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
  /** Whether the next word is its value. */
  takesValue: boolean
  /** Whether it can be given several times. */
  isRepeatable: boolean
  /** Whether `--no-name` exists too. */
  isNegatable: boolean
  /** Separates several values in one word. */
  delimiter: string | undefined
  /** The allowed values; empty if any value is. */
  options: readonly string[]
  /** The kind of values to look up. */
  kind: string | undefined
}

export interface CompletedArgument {
  options: readonly string[]
  kind: string | undefined
  /** Whether it takes all remaining words. */
  isRepeatable: boolean
}

export interface CompletedTopic {
  /** `token`, `registry:user`. */
  name: string
  description: string
}

/** Everything that can follow `apkg`. */
export interface CommandLine {
  commands: readonly CompletedCommand[]
  topics: readonly CompletedTopic[]
}

/** The parts of oclif's configuration that completion needs. They come from manifests; no command is loaded. */
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
  /** Static properties of the command's class. A plugin's can have any shape. */
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

/** Completion kinds for oclif's own commands. */
const kindsOfOclif: Readonly<Record<string, Record<string, string>>> = {
  'plugins:inspect': {plugin: 'plugin'},
  'plugins:uninstall': {plugin: 'plugin'},
}

/** All commands and topics that aren't hidden. */
export function commandLineOf({commands, topics}: Described): CommandLine {
  return {
    // oclif also lists each alias as a command.
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

/** `--registry` is a registry in every command. */
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

/** Help texts of oclif's own commands contain the program's name as a template. */
function firstLine(text = ''): string {
  return (text.split('\n', 1)[0] ?? '').replaceAll('<%= config.bin %>', 'apkg')
}
