import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {Plugin, type Command} from '@oclif/core'

import {repository} from '../support/repository.js'

/** A command of the original client, according to its help. */
interface OriginalCommand {
  aliases?: string[]
  /** In order; optional ones end with `?`. */
  args?: string[]
  flags?: string[]
}

/** The commands of the original client, which existing scripts call. All of them also accept the global flags. */
const original: Record<string, OriginalCommand> = {
  init: {flags: ['force']},
  login: {},
  logout: {},
  whoami: {},
  'key generate': {flags: ['name']},
  'key list': {flags: ['local']},
  'key register': {flags: ['name', 'key-id']},
  'key revoke': {args: ['key-id'], flags: ['reason', 'message']},
  'key rotate': {args: ['key-id'], flags: ['name']},
  'token create': {flags: ['name', 'scopes', 'expires-in', 'package-scope']},
  'token list': {flags: ['json']},
  'token revoke': {args: ['id']},
  add: {args: ['package'], flags: ['setup', 'no-setup']},
  install: {aliases: ['i'], args: ['package?'], flags: ['setup', 'no-setup', 'frozen-lockfile']},
  remove: {aliases: ['uninstall'], args: ['package']},
  update: {args: ['package?'], flags: ['latest', 'dry-run', 'setup', 'no-setup']},
  pack: {},
  publish: {},
  deprecate: {args: ['target', 'message?'], flags: ['undo']},
  'dist-tag add': {args: ['spec', 'tag']},
  'dist-tag rm': {args: ['package', 'tag']},
  'dist-tag ls': {args: ['package']},
  search: {args: ['query'], flags: ['limit', 'json']},
  info: {args: ['package'], flags: ['json']},
  link: {args: ['target?']},
  unlink: {args: ['package?']},
  verify: {args: ['package?'], flags: ['json', 'strict']},
  'cache clean': {},
  'cache list': {},
  'cache verify': {},
  'config set': {args: ['key', 'value']},
  'config get': {args: ['key']},
  'config list': {},
  'config delete': {args: ['key']},
  completions: {args: ['shell']},
  'add-to-path': {},
  'check-update': {},
}

/** Arguments that are deliberately optional here, and why. */
const optionalHere: Record<string, string> = {
  'key revoke <key-id>': '--key names the key',
  'key rotate <key-id>': '--key names the key',
  'search <query>': 'without words, it lists the newest packages',
  'token revoke <id>': 'a prompt lists the tokens, and --current needs no ID',
}

describe('the interface of the original client', async () => {
  const plugin = new Plugin({root: repository, ignoreManifest: true})
  await plugin.load()
  const commands = new Map(plugin.commands.map((command) => [command.id.replaceAll(':', ' '), command]))

  for (const [name, {aliases = [], args = [], flags = []}] of Object.entries(original)) {
    it(`original client: apkg has ${name}`, () => {
      const command = commands.get(name)
      assert.ok(command, `apkg ${name} does not exist`)
      for (const alias of aliases) assert.ok(command.aliases.includes(alias), `the alias ${alias} does not exist`)
      for (const flag of [...flags, 'registry', 'offline'])
        assert.ok(accepts(command, flag), `--${flag} does not exist`)
      assertArguments(command, name, args)
    })
  }

  it('original client: apkg completes in the same shells, except elvish, which its documentation does not mention', () => {
    assert.deepEqual(commands.get('completions')?.args['shell']?.options?.toSorted(), [
      'bash',
      'fish',
      'powershell',
      'zsh',
    ])
  })
})

function accepts({flags, enableJsonFlag}: Command.Loadable, name: string): boolean {
  if (name === 'json') return enableJsonFlag === true
  return Object.entries(flags).some(
    ([each, flag]) =>
      each === name ||
      (flag.aliases ?? []).includes(name) ||
      (flag.type === 'boolean' && flag.allowNo && name === `no-${each}`),
  )
}

/** Asserts that a command accepts the arguments of the original, and requires the same ones. */
function assertArguments(command: Command.Loadable, name: string, expected: string[]): void {
  const own = Object.values(command.args)
  assert.ok(own.length >= expected.length, `${name} accepts ${own.length} arguments instead of ${expected.length}`)
  for (const [index, arg] of own.entries()) {
    const original = expected[index]
    if (original !== undefined && !original.endsWith('?') && arg.required !== true) {
      assert.ok(Object.hasOwn(optionalHere, `${name} <${original}>`), `${name} does not require ${original}`)
    }
    if (original === undefined || original.endsWith('?'))
      assert.ok(arg.required !== true, `${name} requires ${arg.name}`)
  }
}
