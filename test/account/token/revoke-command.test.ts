import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {describe, it} from 'node:test'

import {revokeCommand} from '../../../src/account/token/revoke-command.js'

const registry = 'https://r.example/base'
const command = `apkg token revoke --registry ${registry}`

describe('revokeCommand', () => {
  for (const selector of [
    'ci',
    '7k3f9q2m',
    'a@b.c',
    '-rf',
    'it is',
    'it\'s $(id) `id` $HOME !! \\ "x"',
    '#a;b|c&d>e',
    '~',
  ]) {
    it(`revokeCommand: a POSIX shell passes on ${selector}`, () => {
      const shown = revokeCommand(selector, registry, 'linux')
      assert.ok(shown.startsWith(command))
      const printed = execFileSync('sh', ['-c', shown.replace(/^apkg/, "printf '%s\\n'")], {encoding: 'utf8'})
      assert.equal(printed.split('\n').at(-2), selector)
    })
  }

  it('revokeCommand: quotes for both shells of Windows, or leaves the selector out', () => {
    assert.equal(revokeCommand('ci', registry, 'win32'), `${command} ci`)
    assert.equal(revokeCommand("R&D's token", registry, 'win32'), `${command} -- "R&D's token"`)
    for (const character of ['"', '$', '`', '%', '!', '^', '\\', '\u201C', '\u201D', '\u201E']) {
      assert.equal(revokeCommand(`a ${character}b`, registry, 'win32'), command)
    }
  })
})
