import assert from 'node:assert/strict'
import fs, {mkdir, readFile, stat, symlink, writeFile} from 'node:fs/promises'
import {syncBuiltinESMExports} from 'node:module'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {writeWhole} from '../../src/files/replace-file.js'
import {tempFolder} from '../support/temp-folder.js'
import {treeOf} from '../support/tree.js'

describe('writing a file whole', () => {
  it('makes a file, replaces one, and leaves nothing else', async (t) => {
    const {folder, file, unfinished} = await placeOf(t)
    await writeWhole(file, 'one', {unfinished})
    assert.deepEqual(await treeOf(folder), {file: 'one'})
    await writeWhole(file, Buffer.from('two'), {unfinished})
    assert.deepEqual(await treeOf(folder), {file: 'two'})
  })

  it('takes the place of a link, and leaves what that leads to', async (t) => {
    const {folder, file, unfinished} = await placeOf(t, {other: 'of another'})
    await symlink('other', file)
    await writeWhole(file, 'new', {unfinished})
    assert.deepEqual(await treeOf(folder), {file: 'new', other: 'of another'})
  })

  it('gives a file its mode whatever the umask, and else leaves it to the umask', async (t) => {
    const {file, unfinished} = await placeOf(t)
    withUmask(t, 0o077)
    await writeWhole(file, 'for all', {unfinished, mode: 0o644})
    assert.equal((await stat(file)).mode & 0o777, 0o644)
    await writeWhole(file, 'for its owner', {unfinished})
    assert.equal((await stat(file)).mode & 0o777, 0o600)
  })

  it('closes a file to others before it has a byte', async (t) => {
    const {file, unfinished} = await placeOf(t)
    withUmask(t, 0)
    const opened: number[] = []
    watchHandles(t, async (handle) => {
      opened.push((await handle.stat()).mode & 0o777)
    })
    await writeWhole(file, 'secret', {unfinished, mode: 0o600})
    assert.deepEqual(opened, [0o600])
  })

  it('shows the old content until the new one is on disk and the lock was asked', async (t) => {
    const {folder, file, unfinished} = await placeOf(t, {file: 'old'})
    const events: string[] = []
    watchHandles(t, async (handle) => {
      const sync = handle.sync.bind(handle)
      handle.sync = async () => {
        events.push('synchronized')
        assert.deepEqual(await treeOf(folder), {file: 'old', unfinished: 'new'})
        await sync()
      }
    })
    await writeWhole(file, 'new', {unfinished, lock: {assertHeld: () => events.push('asked')}})
    assert.deepEqual(events, ['synchronized', 'asked'])
    assert.equal(await readFile(file, 'utf8'), 'new')
  })

  it('leaves the file as it was, and nothing unfinished, where the lock is lost', async (t) => {
    const {folder, file, unfinished} = await placeOf(t, {file: 'old'})
    const lost = new Error('lost')
    const assertHeld = () => {
      throw lost
    }
    await assert.rejects(writeWhole(file, 'new', {unfinished, lock: {assertHeld}}), lost)
    assert.deepEqual(await treeOf(folder), {file: 'old'})
  })

  it('leaves nothing unfinished where the system refuses, and says why', async (t) => {
    const {folder, file, unfinished} = await placeOf(t)
    await mkdir(file)
    await assert.rejects(writeWhole(file, 'new', {unfinished}), {syscall: 'rename'})
    assert.deepEqual(await treeOf(folder), {file: '/'})
  })

  it('takes no name that something has, and leaves that', async (t) => {
    const {folder, file, unfinished} = await placeOf(t, {file: 'old', unfinished: 'of another'})
    await assert.rejects(writeWhole(file, 'new', {unfinished}), {code: 'EEXIST'})
    assert.deepEqual(await treeOf(folder), {file: 'old', unfinished: 'of another'})
  })
})

async function placeOf(t: TestContext, files: Record<string, string> = {}) {
  const folder = await tempFolder(t)
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text)
  return {folder, file: path.join(folder, 'file'), unfinished: path.join(folder, 'unfinished')}
}

function withUmask(t: TestContext, umask: number): void {
  const before = process.umask(umask)
  t.after(() => process.umask(before))
}

/** Has a function see each file that is opened, before whoever opens it does. */
function watchHandles(t: TestContext, see: (handle: fs.FileHandle) => Promise<void>): void {
  const {open} = fs
  const {mock} = t.mock.method(fs, 'open', async (...args: Parameters<typeof open>) => {
    const handle = await open(...args)
    await see(handle)
    return handle
  })
  syncBuiltinESMExports()
  t.after(() => {
    mock.restore()
    syncBuiltinESMExports()
  })
}
