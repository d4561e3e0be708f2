import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {describe, it} from 'node:test'

import {tokenCommand} from '../../../src/account/token/token-command.js'

const registry = 'https://r.example/v1'
const place = {registry}

describe('a command for a token', () => {
  for (const [selector, end] of [
    ['7k3f9q2m', '7k3f9q2m'],
    ['ada@engine-20270131-2', 'ada@engine-20270131-2'],
    ['v1.2_x', 'v1.2_x'],
    ['two words', `-- 'two words'`],
    ['-rf', `-- '-rf'`],
    ['--all', `-- '--all'`],
    [`it's`, `-- 'it'\\''s'`],
    ['$(reboot)', `-- '$(reboot)'`],
    ['`reboot`', `-- '\`reboot\`'`],
    ['a;b', `-- 'a;b'`],
    ['a"b\\', `-- 'a"b\\'`],
    ['naïve 🚀', `-- 'naïve 🚀'`],
    ['~root', `-- '~root'`],
    ['', `-- ''`],
  ] as const) {
    it(`token command: a shell passes ${JSON.stringify(selector)} unchanged`, () => {
      const command = tokenCommand('revoke', selector, place)
      assert.equal(command, `apkg token revoke --registry ${registry} ${end}`)
      const words = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], {encoding: 'utf8'})
      const dashes = end.startsWith('-- ') ? '--\n' : ''
      assert.equal(words, `apkg\ntoken\nrevoke\n--registry\n${registry}\n${dashes}${selector}\n`)
    })
  }

  it('token command: names the organization of the token, unless the name is not one', () => {
    const command = `apkg token revoke --registry ${registry}`
    assert.equal(tokenCommand('revoke', 'ci', {registry, organization: 'acme'}), `${command} --org acme ci`)
    assert.equal(tokenCommand('revoke', 'ci', {registry, organization: null}), `${command} ci`)
    assert.equal(tokenCommand('revoke', 'ci', {registry, organization: '$(reboot)'}), `${command} ci`)
  })

  it('token command: is quoted for both shells of Windows, or leaves out what they cannot quote', () => {
    const command = `apkg token revoke --registry ${registry}`
    assert.equal(tokenCommand('revoke', 'ci', place, 'win32'), `${command} ci`)
    assert.equal(tokenCommand('revoke', "R&D's token", place, 'win32'), `${command} -- "R&D's token"`)
    for (const character of ['"', '$', '`', '%', '!', '^', '\\', '\u201C', '\u201D', '\u201E']) {
      assert.equal(tokenCommand('revoke', `a ${character}b`, place, 'win32'), command)
    }
  })
})
