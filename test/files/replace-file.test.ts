import assert from 'node:assert/strict'
import fs, {chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile} from 'node:fs/promises'
import {syncBuiltinESMExports} from 'node:module'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {replaceFile, writeAtomically} from '../../src/files/replace-file.js'
import {tempFolder} from '../support/temp-folder.js'
import {treeOf} from '../support/tree.js'

describe('writeAtomically', () => {
  it('writeAtomically: creates and replaces a file, and leaves nothing else behind', async (t) => {
    const {folder, file, temporary} = await placeOf(t)
    await writeAtomically(file, 'one', {temporary})
    assert.deepEqual(await treeOf(folder), {file: 'one'})
    await writeAtomically(file, Buffer.from('two'), {temporary})
    assert.deepEqual(await treeOf(folder), {file: 'two'})
  })

  it('writeAtomically: replaces a link, and does not change its target', async (t) => {
    const {folder, file, temporary} = await placeOf(t, {other: 'other'})
    await symlink('other', file)
    await writeAtomically(file, 'new', {temporary})
    assert.deepEqual(await treeOf(folder), {file: 'new', other: 'other'})
  })

  it('writeAtomically: sets the given mode regardless of the umask, and leaves it to the umask by default', async (t) => {
    const {file, temporary} = await placeOf(t)
    withUmask(t, 0o077)
    await writeAtomically(file, 'for all', {temporary, mode: 0o644})
    assert.equal((await stat(file)).mode & 0o777, 0o644)
    await writeAtomically(file, 'for its owner', {temporary})
    assert.equal((await stat(file)).mode & 0o777, 0o600)
  })

  it('writeAtomically: creates a file with its final mode, before writing to it', async (t) => {
    const {file, temporary} = await placeOf(t)
    withUmask(t, 0)
    const opened: number[] = []
    watchHandles(t, async (handle) => {
      opened.push((await handle.stat()).mode & 0o777)
    })
    await writeAtomically(file, 'secret', {temporary, mode: 0o600})
    assert.deepEqual(opened, [0o600])
  })

  it('writeAtomically: keeps the old content until the new one is synced and the lock was asserted', async (t) => {
    const {folder, file, temporary} = await placeOf(t, {file: 'old'})
    const events: string[] = []
    watchHandles(t, async (handle) => {
      const sync = handle.sync.bind(handle)
      handle.sync = async () => {
        events.push('synced')
        assert.deepEqual(await treeOf(folder), {file: 'old', temporary: 'new'})
        await sync()
      }
    })
    await writeAtomically(file, 'new', {temporary, lock: {assertHeld: () => events.push('asserted')}})
    assert.deepEqual(events, ['synced', 'asserted'])
    assert.equal(await readFile(file, 'utf8'), 'new')
  })

  it('writeAtomically: does not change the file, and removes the temporary one, if the lock is lost', async (t) => {
    const {folder, file, temporary} = await placeOf(t, {file: 'old'})
    const lost = new Error('lost')
    const assertHeld = () => {
      throw lost
    }
    await assert.rejects(writeAtomically(file, 'new', {temporary, lock: {assertHeld}}), lost)
    assert.deepEqual(await treeOf(folder), {file: 'old'})
  })

  it('writeAtomically: removes the temporary file after a system error, which it throws', async (t) => {
    const {folder, file, temporary} = await placeOf(t)
    await mkdir(file)
    await assert.rejects(writeAtomically(file, 'new', {temporary}), {syscall: 'rename'})
    assert.deepEqual(await treeOf(folder), {file: '/'})
  })

  it('writeAtomically: does not overwrite an existing temporary file', async (t) => {
    const {folder, file, temporary} = await placeOf(t, {file: 'old', temporary: 'other'})
    await assert.rejects(writeAtomically(file, 'new', {temporary}), {code: 'EEXIST'})
    assert.deepEqual(await treeOf(folder), {file: 'old', temporary: 'other'})
  })
})

describe('replaceFile', () => {
  it('replaceFile: creates a new file, and keeps the mode of an existing one', async (t) => {
    const file = path.join(await tempFolder(t), 'apkg.json')
    await replaceFile(file, 'one')
    await chmod(file, 0o640)
    await replaceFile(file, Buffer.from('two'))
    assert.equal(await readFile(file, 'utf8'), 'two')
    assert.equal((await stat(file)).mode & 0o777, 0o640)
    assert.deepEqual(await readdir(path.dirname(file)), ['apkg.json'])
  })

  it('replaceFile: replaces the target of a link within the directory, and keeps the link', async (t) => {
    const folder = await tempFolder(t)
    await mkdir(path.join(folder, 'shared'))
    await writeFile(path.join(folder, 'shared/real.json'), 'old')
    await symlink('shared/real.json', path.join(folder, 'apkg.json'))
    await replaceFile(path.join(folder, 'apkg.json'), 'new')
    assert.ok((await lstat(path.join(folder, 'apkg.json'))).isSymbolicLink())
    assert.equal(await readFile(path.join(folder, 'shared/real.json'), 'utf8'), 'new')
  })

  it('replaceFile: does not write through a link that points outside of the directory', async (t) => {
    const [folder, elsewhere] = [await tempFolder(t), await tempFolder(t)]
    await writeFile(path.join(elsewhere, 'victim'), 'old')
    await symlink(path.join(elsewhere, 'victim'), path.join(folder, 'apkg.json'))
    await symlink(elsewhere, path.join(folder, 'out'))
    await symlink('out/victim', path.join(folder, 'by-folder.json'))
    for (const link of ['apkg.json', 'by-folder.json']) {
      await assert.rejects(replaceFile(path.join(folder, link), 'new'), {
        code: 'FILE_UNWRITABLE',
        message: /^Cannot write .*json: it is a link that points outside of its directory$/,
      })
      assert.ok((await lstat(path.join(folder, link))).isSymbolicLink())
    }
    assert.equal(await readFile(path.join(elsewhere, 'victim'), 'utf8'), 'old')
    assert.deepEqual(await readdir(elsewhere), ['victim'])
    assert.deepEqual((await readdir(folder)).sort(), ['apkg.json', 'by-folder.json', 'out'])
  })

  it('replaceFile: replaces the link itself with `link: replace`', async (t) => {
    const [folder, elsewhere] = [await tempFolder(t), await tempFolder(t)]
    await writeFile(path.join(elsewhere, 'victim'), 'old', {mode: 0o600})
    const file = path.join(folder, 'tool.tar.zst')
    await symlink(path.join(elsewhere, 'victim'), file)
    await replaceFile(file, 'new', {link: 'replace'})
    assert.equal(await readFile(path.join(elsewhere, 'victim'), 'utf8'), 'old')
    const replaced = await lstat(file)
    assert.ok(replaced.isFile())
    assert.equal(replaced.mode & 0o111, 0)
    assert.equal(await readFile(file, 'utf8'), 'new')
  })

  it('replaceFile: leaves nothing behind if it fails, and reports why', async (t) => {
    const folder = await tempFolder(t)
    await mkdir(path.join(folder, 'apkg.json/inside'), {recursive: true})
    const replaced = replaceFile(path.join(folder, 'apkg.json'), 'text')
    await assert.rejects(replaced, {code: 'FILE_UNWRITABLE', message: /^Cannot write .*apkg\.json: it is a directory$/})
    assert.deepEqual(await readdir(folder), ['apkg.json'])
  })
})

async function placeOf(t: TestContext, files: Record<string, string> = {}) {
  const folder = await tempFolder(t)
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text)
  return {folder, file: path.join(folder, 'file'), temporary: path.join(folder, 'temporary')}
}

function withUmask(t: TestContext, umask: number): void {
  const before = process.umask(umask)
  t.after(() => process.umask(before))
}

/** Calls a function with each file handle that is opened, before the code under test gets it. */
function watchHandles(t: TestContext, watch: (handle: fs.FileHandle) => Promise<void>): void {
  const {open} = fs
  const {mock} = t.mock.method(fs, 'open', async (...args: Parameters<typeof open>) => {
    const handle = await open(...args)
    await watch(handle)
    return handle
  })
  syncBuiltinESMExports()
  t.after(() => {
    mock.restore()
    syncBuiltinESMExports()
  })
}
