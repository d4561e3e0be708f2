import {CommandHelp, Help, type Command, type Interfaces} from '@oclif/core'

import {groupsOf} from '../machine/start/command-groups.js'
import {wrap} from '../views/wrap.js'

/** What oclif is run with, and hands on to help. */
export interface RunOptions extends Interfaces.Options {
  json?: boolean
}

/** Help as oclif makes it; that of apkg itself is grouped by purpose. Under `--json` it is one object, too. */
export default class ApkgHelp extends Help {
  protected override CommandHelpClass = ApkgCommandHelp
  readonly #isJson: boolean
  readonly #printed: string[] = []

  constructor(config: Interfaces.Config, options?: Partial<Interfaces.HelpOptions>) {
    super(config, options)
    // oclif's class has it, and its interface does not.
    const {options: run} = config as Interfaces.Config & {options: RunOptions}
    this.#isJson = run.json === true
    this.opts.stripAnsi ||= this.#isJson
    takePlainTextAsItIs(this, this.opts.maxWidth)
  }

  override async showHelp(argv: string[]): Promise<void> {
    await super.showHelp(argv)
    if (this.#isJson) super.log(JSON.stringify({help: this.#printed.join('\n').trimEnd()}, undefined, 2))
  }

  protected override log(...lines: string[]): void {
    if (this.#isJson) this.#printed.push(...lines)
    else super.log(...lines)
  }

  protected override showRootHelp(): Promise<void> {
    const {bin, pjson} = this.config
    const commands = this.sortedCommands.filter(({id, aliases, hidden}) => !aliases.includes(id) && !hidden)
    const groups = groupsOf(commands.map(({id}) => id)).map(({title, commands: words}) => ({
      title,
      rows: words.flatMap((word) => this.#rowsOf(word, commands)),
    }))
    const width = Math.max(...groups.flatMap(({rows}) => rows.map(([name]) => name.length)))
    const lists = groups.map(({title, rows}) => {
      const padded = rows.map(([name, summary]) => [name.padEnd(width), summary])
      return this.section(title.toUpperCase(), this.renderList(padded, {...this.opts, indentation: 2, spacer: '\n'}))
    })
    const [summary = '', ...description] = this.render(pjson.oclif.description ?? '').split('\n')
    const usage = this.section('USAGE', `$ ${bin} [COMMAND]`)
    const more = this.section('MORE', this.wrap(description.join('\n').trim()))
    this.log(`${[this.wrap(summary, 0), usage, ...lists, more].join('\n\n')}\n`)
    return Promise.resolve()
  }

  /** A line for what a first word leads to; a line for each command of it where all are wanted. */
  #rowsOf(word: string, commands: readonly Command.Loadable[]): [name: string, summary: string | undefined][] {
    const led = commands.filter(({id}) => id === word || id.startsWith(`${word}:`))
    if (this.opts.all) return led.map((command) => [command.id.replaceAll(':', ' '), this.summary(command)])
    const topic = this.config.topics.find(({name, hidden}) => name === word && !hidden)
    const command = led.find(({id}) => id === word)
    if (!topic && !command) return []
    return [[word, topic?.description?.split('\n')[0] ?? (command && this.summary(command))]]
  }
}

class ApkgCommandHelp extends CommandHelp {
  constructor(command: Command.Loadable, config: Interfaces.Config, options: Interfaces.HelpOptions) {
    super(command, config, options)
    takePlainTextAsItIs(this, options.maxWidth)
  }
}

/**
 * oclif compiles each text as a template, and measures each word by a regular expression of all emoji. A text without a
 * tag is what its template renders, and one of ASCII is as wide as it is long.
 */
function takePlainTextAsItIs(formatter: Pick<Help, 'indentSpacing' | 'render' | 'wrap'>, maxWidth: number): void {
  const {render, wrap: wrapAny} = formatter
  formatter.render = (text) => (text.includes('<%') ? render(text) : text)
  formatter.wrap = (body, indentation = formatter.indentSpacing) => {
    const width = maxWidth - indentation
    const lines = formatter.render(body).split('\n')
    if (!lines.every((line) => isPlain(line, width))) return wrapAny.call(formatter, body, indentation)
    return lines.flatMap((line) => wrap(line.trim(), width).map((row) => row.trim())).join('\n')
  }
}

function isPlain(line: string, width: number): boolean {
  return /^[\x20-\x7E]*$/.test(line) && line.split(' ').every((word) => word.length <= width)
}
