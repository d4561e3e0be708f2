import assert from 'node:assert/strict'
import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {Secret} from '@apkg/command-kit'

import {decryptSeed} from '../../src/account/keys/encryption.js'
import {Machine, type Terminal} from '../support/machine.js'

const enter = '\r'

/** Starts a machine, and a function that starts the generation of a key on a terminal. */
async function start(
  t: TestContext,
): Promise<{generate: () => Terminal; opens: (passphrase: string) => Promise<boolean>}> {
  const machine = await Machine.start(t)
  const opens = async (passphrase: string) => {
    const folder = path.join(machine.home, '.apkg/keys')
    const [name = ''] = await readdir(folder)
    const {encryptedPrivateKey} = JSON.parse(await readFile(path.join(folder, name), 'utf8'))
    return (await decryptSeed(encryptedPrivateKey, new Secret(passphrase))) !== undefined
  }
  return {generate: () => machine.terminal(['key', 'generate', '--name', 'laptop']), opens}
}

const prompt = 'Passphrase for the new key'

/** The output before the key's ID, which is random and could contain any letters. */
function promptsOf({raw}: Terminal): string {
  return raw.split('Generated')[0] ?? ''
}

describe('passphrase prompts on a terminal', () => {
  it('passphrase prompts: both entries typed at once answer both prompts, and are never shown', async (t) => {
    const {generate, opens} = await start(t)
    const terminal = generate()
    await terminal.see(prompt)
    terminal.type(`hunter2${enter}hunter2${enter}`)
    assert.equal(await terminal.ended, 0, terminal.text)
    assert.ok(!terminal.raw.includes('hunter2'), terminal.raw)
    assert.doesNotMatch(promptsOf(terminal), /hun/)
    assert.ok(await opens('hunter2'))
  })

  it('passphrase prompts: input typed between them is neither shown nor lost', async (t) => {
    for (const pause of [0, 1, 5, 20, 60]) {
      const {generate, opens} = await start(t)
      const terminal = generate()
      await terminal.see(prompt)
      terminal.type(`swordfish${enter}`)
      for (const key of `swordfish${enter}`) {
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
        terminal.type(key)
      }
      assert.equal(await terminal.ended, 0, terminal.text)
      assert.doesNotMatch(promptsOf(terminal), /sw|rd|fish/, `with a pause of ${pause} ms`)
      assert.ok(await opens('swordfish'))
    }
  })

  it('passphrase prompts: of four entries at once, the first two that match are taken', async (t) => {
    const {generate, opens} = await start(t)
    const terminal = generate()
    await terminal.see(prompt)
    terminal.type(['one', 'two', 'three', 'three', ''].join(enter))
    assert.equal(await terminal.ended, 0, terminal.text)
    assert.match(terminal.text, /Passphrases do not match/)
    assert.doesNotMatch(promptsOf(terminal), /one|two|three/)
    assert.ok(await opens('three'))
  })

  for (const [name, key] of [
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ] as const) {
    it(`passphrase prompts: ${name} at either of them ends the command, and writes no key`, async (t) => {
      for (const typed of [key, `hunter2${enter}${key}`]) {
        const {generate, opens} = await start(t)
        const terminal = generate()
        await terminal.see(prompt)
        terminal.type(typed)
        assert.equal(await terminal.ended, 130, terminal.text)
        await assert.rejects(opens('hunter2'), {code: 'ENOENT'})
      }
    })
  }

  it('passphrase prompts: the terminal echoes again afterwards', async (t) => {
    const machine = await Machine.start(t)
    const {program} = await import('../support/machine.js')
    const apkg = program.map((word) => `'${word}'`).join(' ')
    // A pseudo-terminal can lose what a program writes right before it exits, so the shell waits for another line.
    const line = `${apkg} key generate --name laptop; stty -a; read line; echo "got $line"; read`
    const terminal = machine.shellTerminal(line)
    await terminal.see(prompt)
    terminal.type(`hunter2${enter}hunter2${enter}`)
    await terminal.see(/[^-]icanon.*[^-]echo /)
    terminal.type(`next${enter}`)
    await terminal.see('got next')
    terminal.type(enter)
    assert.equal(await terminal.ended, 0)
    assert.doesNotMatch(terminal.raw, /hunter2/)
  })
})
