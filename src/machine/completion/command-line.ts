import type {CommandLine, CompletedCommand, CompletedFlag} from './fitting-words.js'

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
