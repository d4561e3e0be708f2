import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {Plugin, type Command} from '@oclif/core'

import {repository} from '../support/repository.js'

/** A command of the original client, as its help shows it. */
interface OriginalCommand {
  aliases?: string[]
  /** In order; a `?` behind those that may be left out. */
  args?: string[]
  flags?: string[]
}

/** Scripts that were written for the original client call these. Every one of its commands also takes the global flags. */
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

/** What ours takes otherwise, on purpose, and why. */
const otherwise: Record<string, string> = {
  'key revoke <key-id>': 'may be left out: --key names the key',
  'key rotate <key-id>': 'may be left out: --key names the key',
  'token revoke <id>': 'may be left out: a person is shown the tokens to choose from, and --current needs none',
}

describe('the surface of the original client', async () => {
  const plugin = new Plugin({root: repository, ignoreManifest: true})
  await plugin.load()
  const commands = new Map(plugin.commands.map((command) => [command.id.replaceAll(':', ' '), command]))

  for (const [name, {aliases = [], args = [], flags = []}] of Object.entries(original)) {
    it(`is there for apkg ${name}`, () => {
      const command = commands.get(name)
      assert.ok(command, `there is no apkg ${name}`)
      for (const alias of aliases) assert.ok(command.aliases.includes(alias), `no alias ${alias}`)
      for (const flag of [...flags, 'registry', 'offline']) assert.ok(takes(command, flag), `no --${flag}`)
      assertArguments(command, name, args)
    })
  }

  it('completes in the shells of the original but elvish, which the documentation does not name', () => {
    assert.deepEqual(commands.get('completions')?.args['shell']?.options?.toSorted(), [
      'bash',
      'fish',
      'powershell',
      'zsh',
    ])
  })
})

function takes({flags, enableJsonFlag}: Command.Loadable, name: string): boolean {
  if (name === 'json') return enableJsonFlag === true
  return Object.entries(flags).some(
    ([each, flag]) =>
      each === name ||
      (flag.aliases ?? []).includes(name) ||
      (flag.type === 'boolean' && flag.allowNo && name === `no-${each}`),
  )
}

/** As many as the original takes, and none required that it does not require. */
function assertArguments(command: Command.Loadable, name: string, expected: string[]): void {
  const own = Object.values(command.args)
  assert.ok(own.length >= expected.length, `${name} takes ${own.length} arguments and not ${expected.length}`)
  for (const [index, arg] of own.entries()) {
    const wanted = expected[index]
    if (wanted !== undefined && !wanted.endsWith('?') && arg.required !== true) {
      assert.ok(Object.hasOwn(otherwise, `${name} <${wanted}>`), `${name} does not require ${wanted}`)
    }
    if (wanted === undefined || wanted.endsWith('?')) assert.ok(arg.required !== true, `${name} requires ${arg.name}`)
  }
}
