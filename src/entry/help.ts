import {Help, type Command, type Interfaces} from '@oclif/core'

import {groupsOf} from '../machine/start/command-groups.js'
import {ApkgCommandHelp} from './command-help.js'
import {speedUpPlainText} from './plain-text.js'

/** What oclif is run with and passes on to help. */
export interface RunOptions extends Interfaces.Options {
  json?: boolean
}

/** Longer lines are hard to read. */
const maxColumns = 100

/** In narrower columns, summaries are hard to read. */
const minSummaryColumns = 40

/**
 * The help pages. The root page groups commands by purpose. Under `--json`, help is one object.
 *
 * `apkg <command> --help` passes the `helpOptions` of package.json and `apkg help <command>` doesn't, so options are set
 * here: both print the same.
 */
export default class ApkgHelp extends Help {
  protected override CommandHelpClass = ApkgCommandHelp
  readonly #isJson: boolean
  readonly #printed: string[] = []

  constructor(config: Interfaces.Config, options?: Partial<Interfaces.HelpOptions>) {
    super(config, {...options, hideAliasesFromRoot: true})
    // oclif's Config class has `options`, its interface doesn't.
    const {options: run} = config as Interfaces.Config & {options: RunOptions}
    this.#isJson = run.json === true
    this.opts.stripAnsi ||= this.#isJson
    this.opts.maxWidth = Math.min(this.opts.maxWidth, maxColumns)
    speedUpPlainText(this, this.opts.maxWidth)
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
    // oclif puts summaries below the names if the column is too narrow, but then wraps them two characters too late.
    const isNarrow = this.opts.maxWidth < width + minSummaryColumns
    const layout = isNarrow ? {multiline: true, indentation: 4} : {indentation: 2, spacer: '\n'}
    const lists = groups.map(({title, rows}) => {
      const padded = rows.map(([name, summary]) => [name.padEnd(width), summary])
      return this.section(title.toUpperCase(), this.renderList(padded, {...this.opts, ...layout}))
    })
    const [summary = '', ...description] = this.render(pjson.oclif.description ?? '').split('\n')
    const usage = this.section('USAGE', `$ ${bin} <command> [FLAGS]`)
    const more = this.section('MORE', this.wrap(description.join('\n').trim()))
    this.log(`${[this.wrap(summary, 0), usage, ...lists, more].join('\n\n')}\n`)
    return Promise.resolve()
  }

  /** A command with commands below it is listed as a command. */
  protected override formatTopics(topics: Interfaces.Topic[]): string {
    return super.formatTopics(topics.filter(({name}) => !this.config.commandIDs.includes(name)))
  }

  /** The lines for a first word: one, or one for each of its commands if all are shown. */
  #rowsOf(word: string, commands: readonly Command.Loadable[]): [name: string, summary: string | undefined][] {
    const below = commands.filter(({id}) => id === word || id.startsWith(`${word}:`))
    if (this.opts.all) return below.map((command) => [command.id.replaceAll(':', ' '), this.summary(command)])
    const topic = this.config.topics.find(({name, hidden}) => name === word && !hidden)
    const command = below.find(({id}) => id === word)
    if (!topic && !command) return []
    return [[word, topic?.description?.split('\n')[0] ?? (command && this.summary(command))]]
  }
}
