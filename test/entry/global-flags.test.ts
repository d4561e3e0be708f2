import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {hasNoCommand, normalizeArgv} from '../../src/entry/global-flags.js'

const url = 'https://r.example'

describe('normalizing a command line', () => {
  for (const [what, argv, normalized] of [
    ['nothing changes without global flags', ['token', 'list'], ['token', 'list']],
    ['nothing changes after the subcommand', ['token', 'list', '--json'], ['token', 'list', '--json']],
    ['a flag before the subcommand moves to the end', ['--json', 'token', 'list'], ['token', 'list', '--json']],
    ['a flag moves with its value', ['--registry', url, 'whoami'], ['whoami', '--registry', url]],
    ['a flag with its value in one word moves', [`--registry=${url}`, 'whoami'], ['whoami', `--registry=${url}`]],
    [
      'several flags keep their order',
      ['--offline', '--registry', url, '--json', 'token', 'revoke', 'ci'],
      ['token', 'revoke', 'ci', '--offline', '--registry', url, '--json'],
    ],
    [
      'a repeated flag stays repeated',
      ['--registry', 'a', 'x', '--registry', 'b'],
      ['x', '--registry', 'a', '--registry', 'b'],
    ],
    [
      'arguments after -- stay there',
      ['--json', 'token', 'revoke', '--', '-x'],
      ['token', 'revoke', '--json', '--', '-x'],
    ],
    ['flags after -- stay there', ['token', 'revoke', '--', '--json'], ['token', 'revoke', '--', '--json']],
    ['nothing changes after an initial --', ['--', '--json', 'token'], ['--', '--json', 'token']],
    ['a value can look like a flag', ['--registry', '--json', 'whoami'], ['whoami', '--registry', '--json']],
    ['a value can be empty', ['--registry', '', 'whoami'], ['whoami', '--registry', '']],
    ['a missing value is left to the parser', ['--registry'], ['--registry']],
    ['nothing changes with flags only', ['--json', '--offline'], ['--json', '--offline']],
    ['nothing moves after the first other flag', ['--json', '--help', '--offline'], ['--help', '--offline', '--json']],
    ['a longer name is not a global flag', ['--jsonl', '--json', 'x'], ['--jsonl', '--json', 'x']],
    ["a method's name is not a global flag", ['constructor', 'token', 'list'], ['constructor', 'token', 'list']],
    [
      'help loses global flags',
      ['--json', 'help', '--registry', url, 'token', '-n', '--offline'],
      ['help', 'token', '-n'],
    ],
    ['an empty command line stays empty', [], []],
    ['a flag within the subcommand moves to the end', ['token', '--json', 'list'], ['token', 'list', '--json']],
    [
      'a flag within the subcommand moves with its value',
      ['config', '--registry', url, 'get', 'registry'],
      ['config', 'get', 'registry', '--registry', url],
    ],
    [
      'flags before, within and after the subcommand keep their order',
      ['--offline', 'token', '--json', 'list', `--registry=${url}`],
      ['token', 'list', '--offline', '--json', `--registry=${url}`],
    ],
    [
      'everything after the first other flag keeps its order',
      ['token', '--json', 'create', '--label', '--offline', '--registry', url],
      ['token', 'create', '--label', '--offline', '--registry', url, '--json'],
    ],
    [
      "a flag's value can look like a global flag",
      ['token', 'create', '--label', '--json'],
      ['token', 'create', '--label', '--json'],
    ],
    [
      'a flag moves to the position before --',
      ['token', '--json', 'revoke', '--current', '--', '--offline'],
      ['token', 'revoke', '--current', '--json', '--', '--offline'],
    ],
    ['a single dash is another flag', ['token', '-', '--json', 'x'], ['token', '-', '--json', 'x']],
    ['a missing value after a word is left to the parser', ['whoami', '--registry'], ['whoami', '--registry']],
  ] as const) {
    it(`global flags: ${what}: ${['apkg', ...argv].join(' ')}`, () => {
      const given = [...argv]
      assert.deepEqual(normalizeArgv(given), normalized)
      assert.deepEqual(given, argv, 'the given array is unchanged')
    })
  }
})

describe('a normalized command line', () => {
  for (const [argv, none] of [
    [[], true],
    [['--json'], true],
    [['--offline', '--json'], true],
    [['--registry', url], true],
    [[`--registry=${url}`], true],
    [['--registry'], true],
    [['token'], false],
    [['token', '--json'], false],
    [['help'], false],
    [['--help', '--json'], false],
    [['--version'], false],
    [['--jsonl'], false],
    [['--'], false],
    [['constructor'], false],
    [[''], false],
  ] as const) {
    it(`global flags: ${['apkg', ...argv].join(' ')} has ${none ? 'no' : 'a'} command`, () => {
      assert.deepEqual(normalizeArgv(argv), argv, 'it is normalized')
      assert.equal(hasNoCommand(argv), none)
    })
  }
})
