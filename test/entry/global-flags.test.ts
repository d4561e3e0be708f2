import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {hasNoCommand, normalizeArgv} from '../../src/entry/global-flags.js'

const url = 'https://r.example'

describe('a command line', () => {
  for (const [what, argv, normalized] of [
    ['without global flags stays as it is', ['token', 'list'], ['token', 'list']],
    ['with them after the subcommand stays as it is', ['token', 'list', '--json'], ['token', 'list', '--json']],
    [
      'with one before the subcommand has it moved to the end',
      ['--json', 'token', 'list'],
      ['token', 'list', '--json'],
    ],
    ['with one and its value has both moved', ['--registry', url, 'whoami'], ['whoami', '--registry', url]],
    [
      'with one and its value in one word has it moved',
      [`--registry=${url}`, 'whoami'],
      ['whoami', `--registry=${url}`],
    ],
    [
      'with several keeps their order',
      ['--offline', '--registry', url, '--json', 'token', 'revoke', 'ci'],
      ['token', 'revoke', 'ci', '--offline', '--registry', url, '--json'],
    ],
    [
      'with the same one twice keeps both, of which the later holds',
      ['--registry', 'a', 'x', '--registry', 'b'],
      ['x', '--registry', 'a', '--registry', 'b'],
    ],
    [
      'keeps what stands after two dashes there',
      ['--json', 'token', 'revoke', '--', '-x'],
      ['token', 'revoke', '--json', '--', '-x'],
    ],
    ['moves nothing from after two dashes', ['token', 'revoke', '--', '--json'], ['token', 'revoke', '--', '--json']],
    ['that begins with two dashes stays', ['--', '--json', 'token'], ['--', '--json', 'token']],
    [
      'takes a value that looks like a flag for the value',
      ['--registry', '--json', 'whoami'],
      ['whoami', '--registry', '--json'],
    ],
    ['takes an empty value for the value', ['--registry', '', 'whoami'], ['whoami', '--registry', '']],
    ['that ends before the value stays for the parser to refuse', ['--registry'], ['--registry']],
    ['of flags alone stays', ['--json', '--offline'], ['--json', '--offline']],
    ['stops at the first other flag', ['--json', '--help', '--offline'], ['--help', '--offline', '--json']],
    ['does not take a longer name for a global flag', ['--jsonl', '--json', 'x'], ['--jsonl', '--json', 'x']],
    [
      'does not take the name of a method for a global flag',
      ['constructor', 'token', 'list'],
      ['constructor', 'token', 'list'],
    ],
    [
      'that asks for help loses them',
      ['--json', 'help', '--registry', url, 'token', '-n', '--offline'],
      ['help', 'token', '-n'],
    ],
    ['that is empty stays empty', [], []],
    [
      'with one between the words of the subcommand has it moved to the end',
      ['token', '--json', 'list'],
      ['token', 'list', '--json'],
    ],
    [
      'with one and its value between the words has both moved',
      ['config', '--registry', url, 'get', 'registry'],
      ['config', 'get', 'registry', '--registry', url],
    ],
    [
      'with them before, between and after keeps their order',
      ['--offline', 'token', '--json', 'list', `--registry=${url}`],
      ['token', 'list', '--offline', '--json', `--registry=${url}`],
    ],
    [
      'keeps everything in its order from the first other flag on',
      ['token', '--json', 'create', '--label', '--offline', '--registry', url],
      ['token', 'create', '--label', '--offline', '--registry', url, '--json'],
    ],
    [
      'keeps a value that is named as a global flag',
      ['token', 'create', '--label', '--json'],
      ['token', 'create', '--label', '--json'],
    ],
    [
      'moves what stands before an other flag to before two dashes',
      ['token', '--json', 'revoke', '--current', '--', '--offline'],
      ['token', 'revoke', '--current', '--json', '--', '--offline'],
    ],
    ['takes a dash alone for another flag', ['token', '-', '--json', 'x'], ['token', '-', '--json', 'x']],
    ['that ends before the value after a word stays', ['whoami', '--registry'], ['whoami', '--registry']],
  ] as const) {
    it(`${what}: ${['apkg', ...argv].join(' ')}`, () => {
      const given = [...argv]
      assert.deepEqual(normalizeArgv(given), normalized)
      assert.deepEqual(given, argv, 'what was given is not changed')
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
    it(`names ${none ? 'no' : 'a'} command: ${['apkg', ...argv].join(' ')}`, () => {
      assert.deepEqual(normalizeArgv(argv), argv, 'it is normalized')
      assert.equal(hasNoCommand(argv), none)
    })
  }
})
