import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {describe, it, mock} from 'node:test'

import {Config, run, type Interfaces} from '@oclif/core'

import {checkoutWith} from '../../src/entry/checkout.js'
import {ApkgCommandHelp} from '../../src/entry/command-help.js'
import ApkgHelp from '../../src/entry/help.js'
import {inRepository, repository as root} from '../support/repository.js'

/** The help page of a command or topic. */
async function help(words: string[], {maxWidth = 80, all = false, plugin}: Partial<Options> = {}): Promise<string> {
  const config = await Config.load({root, userPlugins: false})
  const printed: string[] = []
  class Printed extends ApkgHelp {
    protected override get sortedCommands() {
      const [first, ...rest] = super.sortedCommands
      return first && plugin ? [{...first, ...plugin}, first, ...rest] : super.sortedCommands
    }
    protected override log(text: string): void {
      printed.push(text)
    }
  }
  await new Printed(config, {maxWidth, all, stripAnsi: true}).showHelp(words)
  return printed.join('\n')
}

interface Options {
  maxWidth: number
  all: boolean
  plugin: {id: string; summary: string}
}

/** Runs `apkg` in this process with apkg's own plugins, and returns its stdout. */
async function printedBy(argv: string[], {plugins}: Pick<Interfaces.Config, 'plugins'>): Promise<string> {
  let printed = ''
  const {stdout} = process
  const passOn = stdout.write.bind(stdout)
  // The test runner reports to its parent on the same stream, in bytes.
  const write = mock.method(stdout, 'write', (chunk: string | Uint8Array) => {
    if (typeof chunk !== 'string') return passOn(chunk)
    printed += chunk
    return true
  })
  try {
    await run(argv, {root, plugins: unchanged(plugins), pjson: await manifest()})
  } finally {
    write.mock.restore()
  }
  return printed
}

/** Copies plugins, because oclif's help changes the ids of the commands that it shows. */
function unchanged(plugins: Interfaces.Config['plugins']): Interfaces.Config['plugins'] {
  const copies = [...plugins.values()].map((plugin) =>
    Object.assign(Object.create(Object.getPrototypeOf(plugin) as object) as Interfaces.Plugin, plugin, {
      commands: plugin.commands.map((command) => ({...command})),
    }),
  )
  return new Map(copies.map((plugin) => [plugin.name, plugin]))
}

async function manifest(): Promise<Interfaces.PJSON> {
  return JSON.parse(await readFile(inRepository('package.json'), 'utf8')) as Interfaces.PJSON
}

const flat = (text: string) => text.replaceAll(/\s+/g, ' ').trim()

describe('help of every command', async () => {
  const pjson = await manifest()
  const {plugins} = await checkoutWith(['@apkg/plugin-registry'])(root, pjson)
  const config = await Config.load({root, pjson, plugins})
  const commands = config.commands.filter(({hidden}) => !hidden)
  const topics = config.topics.filter(({name, hidden}) => !hidden && commands.some(({id}) => id.startsWith(`${name}:`)))

  it('help: covers the commands of apkg, the registry plugin and oclif', () => {
    for (const id of ['token:create', 'registry:user:add', 'plugins:install', 'help'])
      assert.ok(
        commands.some((each) => each.id === id),
        id,
      )
  })

  it('help: `--help`, `-h` and `help` print the same, for topics too', async () => {
    for (const name of [...commands.map(({id}) => id), ...topics.map(({name}) => name)]) {
      const words = name.split(':')
      const page = await printedBy([...words, '--help'], config)
      assert.ok(page.includes('USAGE'), `${name}: ${page}`)
      assert.equal(await printedBy(['help', ...words], config), page, name)
      assert.equal(await printedBy([...words, '-h'], config), page, name)
    }
  })

  it('help: contains the summary, the complete description, and every argument and flag', async () => {
    for (const {id, summary = '', description = '', args, flags} of commands) {
      // `apkg help --help` is the root page.
      if (id === 'help') continue
      const page = flat(await printedBy([...id.split(':'), '--help'], config))
      const shown = [...Object.values(args), ...Object.values(flags)].filter(({hidden}) => !hidden)
      const texts = shown.flatMap((each) => [('summary' in each && each.summary) || '', each.description ?? ''])
      const pieces = [summary, description, ...texts].flatMap((text) => text.split(/<%[^]*?%>/).map(flat))
      const missing = pieces.filter((piece) => !page.includes(piece))
      assert.deepEqual(missing, [], id)
      const labels = Object.entries(flags).flatMap(([name, {hidden}]) => (hidden ? [] : [name]))
      for (const name of labels) assert.match(page, new RegExp(`--(\\[no-\\])?${name}\\b`), id)
    }
  })

  it('help: fits into 80 columns', async () => {
    for (const {id, pluginName} of commands) {
      if (pluginName?.startsWith('@oclif/')) continue
      const page = await printedBy([...id.split(':'), '--help'], config)
      const long = page.split('\n').filter((line) => line.length > 80)
      assert.deepEqual(long, [], id)
    }
  })
})

describe('help', () => {
  it('help: the root page has a line for each topic and command, grouped by purpose', async () => {
    const text = await help(['--help'])
    assert.match(
      text,
      /^Manage packages for AI tooling.*\n\nUSAGE\n {2}\$ apkg <command> \[FLAGS\]\n\nUSE PACKAGES\n {2}search +Search the/,
    )
    assert.match(text, /\n\nACCOUNTS AND TOKENS\n(.*\n)* {2}token +Create, list, rotate and revoke API/)
    assert.doesNotMatch(text, /token create {2}|\bstart {2}|\bcomplete {2}|\bi {2}|FROM PLUGINS/)
    assert.ok(text.split('\n').every((line) => line.length <= 80))
  })

  it('help: --all has a line for each command, without aliases', async () => {
    const text = await help(['--help'], {all: true})
    assert.match(text, /\n {2}token create +Create an API token/)
    assert.match(text, /\n {2}dist-tag ls +/)
    assert.doesNotMatch(text, /\n {2}(uninstall|dist-tag list|start|complete) +/)
  })

  it('help: plugin commands come last', async () => {
    const text = await help(['--help'], {plugin: {id: 'hello', summary: 'Greet <%= config.bin %>.'}})
    assert.match(text, /\n\nFROM PLUGINS\n {2}hello +Greet apkg\.\n\nMORE\n/)
  })

  it('help: wraps lines at the width of the terminal, in any script', async () => {
    const summaries = [
      'One word after another, up to the end.',
      'Ein Wort nach dem \u{1F600} andern, ü bis zum Ende.',
      'x'.repeat(70),
    ]
    for (const summary of summaries) {
      const text = await help(['--help'], {maxWidth: 40, plugin: {id: 'hello', summary}})
      const [, lines = ''] = /FROM PLUGINS\n {2}hello\s+([^]*?)\n\nMORE/.exec(text) ?? []
      assert.ok(lines.split('\n').length > 1, text)
      assert.equal(lines.replaceAll(/\n? +|\n/g, ''), summary.replaceAll(' ', ''))
      assert.ok(text.split('\n').every((line) => line.length <= 40))
    }
  })

  it('help: wraps lines at 100 columns on a wider terminal', async () => {
    const lines = (await help(['token', 'create'], {maxWidth: 300})).split('\n')
    assert.ok(lines.every((line) => line.length <= 100))
    assert.ok(lines.some((line) => line.length > 80))
  })
})

describe('help of a command', () => {
  it('command help: shows summary, an example and description, then usage, flags and more examples', async () => {
    const text = await help(['token', 'create'])
    assert.match(
      text,
      /^Create an API token[^\n]*\n\n {2}\$ apkg token create --label ci-deploy\n\n[A-Z][^]*\n\nUSAGE\n {2}\$ apkg token create \[FLAGS\]\n {2}\$ apkg token create \[FLAGS\] -- <command> \[<argument>\.\.\.\]\n\nFLAGS\n/,
    )
    assert.match(
      text,
      /\n\nFLAGS\n[^]*\n\nACCESS FLAGS\n[^]*\n\nLIFETIME FLAGS\n[^]*\n\nDELIVERY FLAGS\n[^]*\n\nADVANCED FLAGS\n[^]*\n\nGLOBAL FLAGS\n[^]*\n\nEXAMPLES\n {2}\$ apkg token create --label server /,
    )
    assert.doesNotMatch(text, /DESCRIPTION/)
  })

  it("command help: shows aliases, possible values and variables after a flag's summary", async () => {
    const text = flat(await help(['token', 'create']))
    assert.match(text, /--label <name> [^[]+\. \[alias: --name\]/)
    assert.match(text, /One or more of read, publish, admin, publish:new, [^[]+ token:rotate\. By default/)
    assert.doesNotMatch(text, /\bci,/)
    assert.match(text, /--offline Don't use the network\. \[env: APKG_OFFLINE\]/)
  })

  it('command help: shows required arguments and flags in the usage', async () => {
    const text = await help(['config', 'set'])
    assert.match(text, /\n {2}\$ apkg config set <key> <value> \[FLAGS\]\n/)
  })

  it('command help: wraps a long example so that a shell reads it as one command', async () => {
    const text = await help(['token', 'create'])
    assert.match(text, /\n {2}# [^\n]+\n {2}\$ apkg token create [^\n]+ \\\n {6}(\||--)/)
  })

  it('command help: starts with an example of every command, at every width', async () => {
    const config = await Config.load({root, userPlugins: false})
    const commands = config.commands.filter(({hidden, pluginName}) => !hidden && pluginName === 'apkg')
    assert.ok(commands.length > 50)
    for (const maxWidth of [60, 80, 100]) {
      for (const command of commands) {
        const text = new ApkgCommandHelp({...command, id: command.id.replaceAll(':', ' ')}, config, {
          maxWidth,
          stripAnsi: true,
        }).generate()
        const [first = ''] = /^(?: {2}#[^\n]*\n)* {2}\$ [^\n]+/.exec(text) ?? []
        assert.ok(first.includes(`apkg ${command.id.replaceAll(':', ' ')}`), text.slice(0, 200))
        assert.deepEqual(
          first.split('\n').filter(({length}) => length > maxWidth),
          [],
        )
      }
    }
  })
})
