import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {normaliseArgv} from '../src/global-flags.js'

const url = 'https://r.example'

describe('a command line', () => {
  for (const [what, argv, normalised] of [
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
      ['x', '--registry', 'b', '--registry', 'a'],
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
    ['that is empty stays empty', [], []],
  ] as const) {
    it(`${what}: ${['apkg', ...argv].join(' ')}`, () => {
      const given = [...argv]
      assert.deepEqual(normaliseArgv(given), normalised)
      assert.deepEqual(given, argv, 'what was given is not changed')
    })
  }
})
