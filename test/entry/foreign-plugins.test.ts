import assert from 'node:assert/strict'
import {chmod, chown} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {Machine} from '../support/machine.js'
import {placePlugin} from '../support/place-plugin.js'

describe('the directory of plugins', () => {
  for (const [what, spoil, reason] of [
    ['can be written by anyone', (folder: string) => chmod(folder, 0o777), 'other users can write to it'],
    [
      'belongs to another user',
      (folder: string) => chown(folder, 54_321, 54_321),
      'it belongs to another user (uid 54321)',
    ],
  ] as const) {
    it(`plugins: nothing is loaded from a directory that ${what}`, async (t) => {
      if (what === 'belongs to another user' && process.getuid?.() !== 0) {
        t.skip('only root can give files away')
        return
      }
      const machine = await Machine.start(t)
      const plugin = await placePlugin(machine, 'examples/plugin-bundles')
      assert.equal((await machine.apkg(['plugins', 'link', '--no-install', plugin])).exitCode, 0)
      assert.doesNotMatch((await machine.apkg(['bundle', '--help'])).stderr, /not loaded/)
      const folder = path.join(machine.home, '.data/apkg')
      await spoil(folder)
      const {stderr, exitCode} = await machine.apkg(['bundle', 'show'])
      assert.equal(exitCode, 2)
      assert.ok(stderr.includes(`Warning: Plugins were not loaded: Cannot read ${folder}: ${reason}\n`), stderr)
    })
  }

  it('plugins: a directory that the group can write to is ordinary', async (t) => {
    const machine = await Machine.start(t)
    const plugin = await placePlugin(machine, 'examples/plugin-bundles')
    await machine.apkg(['plugins', 'link', '--no-install', plugin])
    await chmod(path.join(machine.home, '.data/apkg'), 0o775)
    assert.doesNotMatch((await machine.apkg(['bundle', '--help'])).stderr, /not loaded/)
  })
})
