import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import type {CommandLine, CompletedCommand, CompletedFlag} from '../../../src/machine/completion/command-line.js'
import {fittingWords} from '../../../src/machine/completion/fitting-words.js'

const flag = (name: string, more: Partial<CompletedFlag> = {}): CompletedFlag => ({
  name,
  char: undefined,
  summary: `What ${name} does.`,
  takesValue: false,
  isRepeatable: false,
  isNegatable: false,
  delimiter: undefined,
  options: [],
  kind: undefined,
  ...more,
})

const command = (id: string, more: Partial<CompletedCommand> = {}): CompletedCommand => ({
  id,
  plugin: 'apkg',
  aliases: [],
  summary: `Do ${id}.`,
  auth: 'none',
  flags: [],
  args: [],
  ...more,
})

const line: CommandLine = {
  commands: [
    command('token:create', {
      flags: [
        flag('label', {takesValue: true}),
        flag('scopes', {takesValue: true, isRepeatable: true, delimiter: ',', options: ['read', 'publish']}),
        flag('color', {isNegatable: true, char: 'c'}),
      ],
    }),
    command('token:list'),
    command('install', {aliases: ['i'], flags: [flag('frozen')]}),
    command('completions', {args: [{options: ['bash', 'zsh'], kind: undefined, isRepeatable: false}]}),
    command('plugins'),
    command('plugins:link'),
    command('tag', {
      args: [
        {options: [], kind: undefined, isRepeatable: false},
        {options: ['a', 'b'], kind: undefined, isRepeatable: true},
      ],
    }),
    command('token:revoke', {
      auth: 'required',
      flags: [flag('registry', {takesValue: true, kind: 'registry'}), flag('offline')],
      args: [{options: [], kind: 'token', isRepeatable: true}],
    }),
    command('help'),
  ],
  topics: [{name: 'token', description: 'Tokens.'}],
}

const values = (...words: string[]) => {
  const {words: fitting, before} = fittingWords(line, words)
  return fitting.map(({value}) => before + value)
}

const wanted = (...words: string[]) => fittingWords(line, words).wanted

describe('completion candidates', () => {
  it('candidates: commands and topics with their descriptions', () => {
    assert.deepEqual(fittingWords(line, ['to']).words, [{value: 'token', description: 'Tokens.'}])
    assert.deepEqual(values(''), ['completions', 'help', 'install', 'plugins', 'tag', 'token'])
    assert.deepEqual(values('token', ''), ['create', 'list', 'revoke'])
    assert.deepEqual(values('plugins', ''), ['link'])
  })

  it("candidates: a command's flags, without those that were given and can't be repeated", () => {
    assert.deepEqual(values('token', 'create', '--'), ['--color', '--label', '--no-color', '--scopes', '--help'])
    assert.deepEqual(values('token', 'create', '--label', 'x', '-c', '--'), ['--scopes', '--help'])
    assert.deepEqual(values('token', 'create', '--scopes', 'read', '--s'), ['--scopes'])
    assert.deepEqual(values('i', '--f'), ['--frozen'])
    assert.deepEqual(values('--'), ['--json', '--offline', '--registry', '--help', '--version'])
    assert.deepEqual(values('--json', 'token', '--'), ['--offline', '--registry', '--help'])
  })

  it('candidates: the known values of a flag or an argument', () => {
    assert.deepEqual(values('token', 'create', '--scopes', 'p'), ['publish'])
    assert.deepEqual(values('token', 'create', '--scopes=p'), ['--scopes=publish'])
    assert.deepEqual(values('token', 'create', '--label', ''), [])
    assert.deepEqual(values('completions', ''), ['bash', 'zsh'])
    assert.deepEqual(values('completions', 'bash', ''), [])
    assert.deepEqual(values('token', 'create', '--scopes', 'read,p'), ['read,publish'])
    assert.deepEqual(values('token', 'create', '--scopes=read,p'), ['--scopes=read,publish'])
    assert.deepEqual(values('token', 'create', '--scopes', 'read,'), ['read,publish'], 'none is offered twice')
    assert.deepEqual(values('token', 'create', '--scopes=read,'), ['--scopes=read,publish'])
    assert.deepEqual(values('tag', 'x', 'a', ''), ['b'])
  })

  it('candidates: skip global flags before the command, and offer no flags after --', () => {
    assert.deepEqual(values('--registry', 'token', 'to'), ['token'])
    assert.deepEqual(values('--registry=x', '--json', 'token', 'l'), ['list'])
    assert.deepEqual(values('tag', '--', '--'), [])
  })

  it('candidates: commands after `help`', () => {
    assert.deepEqual(values('help', 'in'), ['install'])
    assert.deepEqual(values('help', 'token', 'l'), ['list'])
  })

  it('candidates: name the kind of a value to look up, and the part of the word before it', () => {
    assert.deepEqual(wanted('--registry', 'https://r.example', '--offline', 'token', 'revoke', 'one', 't'), {
      kind: 'token',
      typed: 't',
      command: line.commands.find(({id}) => id === 'token:revoke'),
      args: ['one'],
      flags: {registry: 'https://r.example', offline: true},
    })
    const {wanted: registry, before} = fittingWords(line, ['token', 'revoke', 'x', '--registry=ht'])
    assert.deepEqual([registry?.kind, registry?.typed, before], ['registry', 'ht', '--registry='])
    assert.deepEqual([wanted('--registry', '')?.kind, wanted('--registry=h')?.typed], ['registry', 'h'])
    assert.equal(wanted('token', 'revoke', '--off'), undefined)
  })

  it('candidates: allow anything only for values of an unknown kind', () => {
    const isAnything = (...words: string[]) => fittingWords(line, words).isAnything
    assert.equal(isAnything('token', 'create', '--label', ''), true)
    assert.equal(isAnything('tag', ''), true)
    for (const words of [
      ['token', 'revoke', ''],
      ['nonsense', ''],
      ['completions', 'x'],
      ['token', 'list', 'x', ''],
    ]) {
      assert.equal(isAnything(...words), false, words.join(' '))
    }
  })

  it('candidates: none for an unknown command', () => {
    assert.deepEqual(values('nonsense', ''), [])
    assert.deepEqual(values('install', 'x', ''), [])
  })
})
