import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {chmodSync, mkdirSync, readFileSync, readdirSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'node:test'

import {prepareFile} from '../../src/delivery/deliver-to-file.js'
import {Undelivered} from '../../src/delivery/destination.js'
import {makeTree} from '../../../../test/support/make-tree.js'

const isRoot = process.getuid?.() === 0

describe('delivering a token to a file', () => {
  it('deliver to file: a prepared file is removed', async (t) => {
    const folder = await makeTree(t, {})
    const ready = await prepareFile(path.join(folder, 'token'), {replace: false})
    assert.equal(readdirSync(folder).length, 1)
    await ready.discard()
    assert.deepEqual(readdirSync(folder), [])
  })

  it(
    'deliver to file: a directory that is writable but not readable can receive the value',
    {skip: isRoot ? false : 'only root can start processes as another user'},
    async (t) => {
      const folder = path.join(await makeTree(t, {}), 'drop')
      mkdirSync(folder)
      chmodSync(folder, 0o333)
      chmodSync(path.dirname(folder), 0o755)
      const file = path.join(folder, 'token')
      process.seteuid?.(65_534)
      try {
        assert.throws(() => readdirSync(folder), {code: 'EACCES'})
        const ready = await prepareFile(file, {replace: false})
        assert.deepEqual(await ready.deliver('apkgt_value'), {file})
        await ready.discard()
      } finally {
        process.seteuid?.(0)
      }
      assert.equal(readFileSync(file, 'utf8'), 'apkgt_value\n')
      assert.deepEqual(readdirSync(folder), ['token'])
    },
  )

  it('deliver to file: without hard links, a failed rename leaves no empty file', async (t) => {
    const folder = await makeTree(t, {})
    const file = path.join(folder, 'token')
    const ready = await prepareFile(file, {replace: false})
    const [temporary = assert.fail()] = readdirSync(folder).map((name) => path.join(folder, name))
    // An append-only file can be neither linked nor renamed, but its open handle still takes the value.
    if (spawnSync('chattr', ['+a', temporary]).status !== 0) {
      await ready.discard()
      t.skip('files cannot be made append-only here')
      return
    }
    t.after(() => spawnSync('chattr', ['-a', temporary]))
    await assert.rejects(ready.deliver('apkgt_value'), Undelivered)
    assert.deepEqual(readdirSync(folder), [path.basename(temporary)])
    spawnSync('chattr', ['-a', temporary])
    await ready.discard()
    assert.deepEqual(readdirSync(folder), [])
  })
})
