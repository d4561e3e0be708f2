import {CommandHelp, type Command, type Interfaces} from '@oclif/core'

import {speedUpPlainText} from './plain-text.js'

/** oclif's sections that this page shows elsewhere: above the usage, and in the list of flags. */
const replaced = new Set(['DESCRIPTION', 'FLAG DESCRIPTIONS'])

/** The groups of flags, in their order. oclif's order depends on the names of the flags in them. */
const groups = ['ACCESS', 'LIFETIME', 'DELIVERY', 'ADVANCED', 'GLOBAL']

/** The help page of a command: description, usage, arguments, flags and examples. */
export class ApkgCommandHelp extends CommandHelp {
  constructor(command: Command.Loadable, config: Interfaces.Config, options: Interfaces.HelpOptions) {
    super(command, config, options)
    speedUpPlainText(this, this.opts.maxWidth)
  }

  override generate(): string {
    return [this.#firstExample(), this.description(), super.generate()].filter(Boolean).join('\n\n')
  }

  protected override sections(): ReturnType<CommandHelp['sections']> {
    return super.sections().filter(({header}) => !replaced.has(header))
  }

  protected override groupFlags(flags: Command.Flag.Any[]): ReturnType<CommandHelp['groupFlags']> {
    const {flagGroups, mainFlags} = super.groupFlags(flags)
    const rank = ([name]: [string, unknown]) => groups.indexOf(name)
    return {mainFlags, flagGroups: Object.fromEntries(Object.entries(flagGroups).sort((a, b) => rank(a) - rank(b)))}
  }

  /** Without its first line if that is already shown as the summary. */
  protected override description(): string | undefined {
    const {summary, description = ''} = this.command
    const text = summary === undefined ? description.split('\n').slice(1).join('\n') : description
    return this.wrap(text.trim(), 0)
  }

  /** Arguments and required flags; the list of flags shows the others. */
  protected override defaultUsage(): string {
    const {id, args, flags} = this.command
    const words = Object.values(args)
      .filter(({hidden}) => !hidden)
      .map((arg) => this.arg(arg))
    const required = Object.entries(flags).filter(([, flag]) => flag.required && !flag.hidden)
    const labels = required.map(([name, flag]) => this.flagHelpLabel({...flag, name}, true).trim())
    return [id, ...words, ...labels, '[FLAGS]'].join(' ')
  }

  protected override arg({name, required, multiple}: Command.Arg.Any): string {
    const word = `<${name}>${multiple ? '...' : ''}`
    return required ? word : `[${word}]`
  }

  protected override args(args: Command.Arg.Any[]): [string, string | undefined][] | undefined {
    if (!args.some(({description}) => description)) return undefined
    return args.map((arg) => [this.arg(arg), textOf([arg.description, ...facts(arg)])])
  }

  protected override flags(flags: Command.Flag.Any[]): [string, string | undefined][] | undefined {
    if (flags.length === 0) return undefined
    const hasChars = flags.some(({char}) => char !== undefined)
    return flags.map((flag) => {
      const label = this.flagHelpLabel(flag)
      const {summary, description} = flag
      const texts = [summary, description === summary ? undefined : description]
      const aliases = (flag.aliases ?? []).map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`))
      const further = [flag.required ? '[required]' : undefined, fact('alias', aliases), ...facts(flag)]
      return [hasChars ? label : label.trim(), textOf([...texts, ...further])]
    })
  }

  protected override flagHelpLabel(flag: Command.Flag.Any, showOptions?: boolean): string {
    return super.flagHelpLabel(flag, showOptions).replace('=', ' ')
  }

  protected override examples(examples: Command.Example[] | string | undefined): string | undefined {
    // The first one is at the top of the page.
    const all = [examples ?? []]
      .flat()
      .slice(1)
      .map((example) => this.#example(example))
    if (all.length === 0) return undefined
    return all.map((text, index) => (index > 0 && text.includes('\n') ? `\n${text}` : text)).join('\n')
  }

  /** oclif wraps texts that are below their labels as if they were indented by two columns less than they are. */
  override renderList(...[input, opts]: Parameters<CommandHelp['renderList']>): string {
    const list = super.renderList(input, opts)
    const width = this.opts.maxWidth - opts.indentation
    const isTooWide = list.split('\n').some((line) => line.length > width)
    return isTooWide ? super.renderList(input, {...opts, indentation: opts.indentation + 2}) : list
  }

  #firstExample(): string | undefined {
    const [first] = [this.command.examples ?? []].flat()
    return first === undefined ? undefined : this.indent(this.#example(first))
  }

  #example(example: Command.Example): string {
    if (typeof example === 'string' && example.trim().includes('\n')) return super.examples([example]) ?? ''
    const {command, description} = typeof example === 'string' ? {command: example, description: ''} : example
    const title = this.wrap(description.replace(/[.:]$/, ''), this.indentSpacing + 2)
    const comment = description === '' ? [] : title.split('\n').map((line) => `# ${line}`)
    return [...comment, this.#shellCommand(this.render(command).trim())].join('\n')
  }

  /** A command that can be pasted into a shell. Long ones are wrapped with backslashes. */
  #shellCommand(command: string): string {
    const width = this.opts.maxWidth - this.indentSpacing - ' \\'.length
    const lines: string[] = []
    for (const part of partsOf(command)) {
      const last = lines.at(-1)
      if (last === undefined) lines.push(`$ ${part}`)
      else if (last.length + 1 + part.length > width) lines.push(`    ${part}`)
      else lines.splice(-1, 1, `${last} ${part}`)
    }
    return lines.join(' \\\n')
  }
}

/** Splits a command where a line can break: before flags and pipes, never within quotes. */
function partsOf(command: string): string[] {
  const parts: string[] = []
  for (const word of command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []) {
    const last = parts.at(-1)
    if (last === undefined || /^[-|&]/.test(word)) parts.push(word)
    else parts.splice(-1, 1, `${last} ${word}`)
  }
  return parts
}

interface Described {
  default?: unknown
  env?: string
  options?: readonly string[] | undefined
}

/** Possible values, default and environment variable of an argument or a flag. */
function facts({options = [], default: fallback, env}: Described): (string | undefined)[] {
  const isShown = typeof fallback === 'string' || typeof fallback === 'number'
  return [
    fact('possible values', options),
    fact('default', isShown ? [String(fallback)] : []),
    fact('env', env === undefined ? [] : [env]),
  ]
}

function fact(name: string, values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : `[${name}: ${values.join(', ')}]`
}

function textOf(texts: readonly (string | undefined)[]): string {
  return texts.filter(Boolean).join(' ')
}
