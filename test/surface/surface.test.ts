import assert from 'node:assert/strict'
import {readFile, writeFile} from 'node:fs/promises'
import {describe, it} from 'node:test'

import {Parser, Plugin, type Command} from '@oclif/core'

import {exampleLines, shellWords} from '../support/examples.js'
import {inRepository, repository} from '../support/repository.js'

/**
 * Every command of the CLI and the registry plugin, with its arguments, flags and aliases. A change here is visible to
 * users, and removing something is a breaking change. `npm run surface` updates the snapshot.
 */
const snapshot = inRepository('test/surface/surface.json')

describe('the commands', () => {
  it('commands: match surface.json', async () => {
    const surface = Object.fromEntries((await commands()).map((command) => [command.id, describeCommand(command)]))
    const text = `${JSON.stringify(surface, null, 2)}\n`
    if (process.env['UPDATE_SNAPSHOTS']) await writeFile(snapshot, text)
    assert.equal(text, await readFile(snapshot, 'utf8'))
  })

  it('commands: have a summary, an example and `--json`, and every flag and argument has a summary', async () => {
    const all = await commands()
    assert.ok(all.length > 10)
    for (const {id, summary, examples, enableJsonFlag, flags, args} of all) {
      for (const flag of ['registry', 'offline']) assert.ok(Object.hasOwn(flags, flag), `${id} has no --${flag}`)
      assert.ok(summary, `${id} lacks a summary`)
      assert.match(summary, /\.$/, `the summary of ${id} is not a sentence`)
      assert.ok(examples && examples.length > 0, `${id} lacks an example`)
      assert.ok(enableJsonFlag, `${id} has no --json`)
      for (const [name, flag] of Object.entries(flags)) {
        assert.ok(flag.summary ?? flag.description, `--${name} of ${id} lacks a summary`)
      }
      for (const [name, arg] of Object.entries(args)) assert.ok(arg.description, `${name} of ${id} lacks a description`)
    }
  })

  it('commands: never read an argument from standard input, for which oclif would wait', async () => {
    for (const command of await commands()) {
      for (const [name, arg] of Object.entries((await command.load()).args)) {
        assert.ok(arg.ignoreStdin, `${name} of ${command.id} can be read from standard input`)
      }
    }
  })

  it('commands: can parse all of their examples', async () => {
    let parsed = 0
    for (const command of await commands()) {
      const {flags, args, baseFlags} = await command.load()
      for (const line of exampleLines(command)) {
        const name = `apkg ${command.id.replaceAll(':', ' ')}`
        const [, words] = line.split(name)
        assert.ok(words !== undefined, `an example of ${command.id} shows another command: ${line}`)
        const json = {json: {type: 'boolean', allowNo: false, parse: (value: boolean) => Promise.resolve(value)}}
        const [own] = words.split(/ (?:--|>) /, 1)
        await Parser.parse(shellWords(own ?? ''), {
          flags: {...baseFlags, ...flags, ...json},
          args,
          strict: true,
        } as never)
        parsed++
      }
    }
    assert.ok(parsed > 20)
  })
})

async function commands(): Promise<Command.Loadable[]> {
  const folders = [repository, inRepository('packages/plugin-registry')]
  const plugins = folders.map((root) => new Plugin({root, ignoreManifest: true, errorOnManifestCreate: true}))
  await Promise.all(plugins.map((plugin) => plugin.load()))
  return plugins.flatMap((plugin) => plugin.commands).sort((a, b) => (a.id < b.id ? -1 : 1))
}

function describeCommand({flags, args, aliases, hidden}: Command.Loadable) {
  return {
    ...(hidden && {hidden}),
    ...(aliases.length > 0 && {aliases}),
    args: Object.entries(args).map(
      ([name, {required, multiple}]) => `${name}${multiple ? '…' : ''}${required ? ' (required)' : ''}`,
    ),
    flags: Object.fromEntries(
      Object.entries(flags)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, flag]) => [`--${name}`, describeFlag(flag)]),
    ),
  }
}

function describeFlag(flag: Command.Flag.Cached): string {
  const facts = [
    flag.type === 'option' && flag.options ? flag.options.join('|') : flag.type,
    flag.type === 'option' && flag.multiple ? 'repeatable' : '',
    flag.char ? `-${flag.char}` : '',
    flag.aliases ? `also ${flag.aliases.map((each) => `--${each}`).join(', ')}` : '',
    flag.env ?? '',
    flag.required ? 'required' : '',
  ]
  return facts.filter(Boolean).join(', ')
}
