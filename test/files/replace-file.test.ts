import assert from 'node:assert/strict'
import fs, {chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile} from 'node:fs/promises'
import {syncBuiltinESMExports} from 'node:module'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {replaceFile, writeAtomically} from '../../src/files/replace-file.js'
import {tempFolder} from '../support/temp-folder.js'
import {treeOf} from '../support/tree.js'

describe('writing a file whole', () => {
  it('makes a file, replaces one, and leaves nothing else', async (t) => {
    const {folder, file, unfinished} = await placeOf(t)
    await writeAtomically(file, 'one', {unfinished})
    assert.deepEqual(await treeOf(folder), {file: 'one'})
    await writeAtomically(file, Buffer.from('two'), {unfinished})
    assert.deepEqual(await treeOf(folder), {file: 'two'})
  })

  it('takes the place of a link, and leaves what that leads to', async (t) => {
    const {folder, file, unfinished} = await placeOf(t, {other: 'of another'})
    await symlink('other', file)
    await writeAtomically(file, 'new', {unfinished})
    assert.deepEqual(await treeOf(folder), {file: 'new', other: 'of another'})
  })

  it('gives a file its mode whatever the umask, and else leaves it to the umask', async (t) => {
    const {file, unfinished} = await placeOf(t)
    withUmask(t, 0o077)
    await writeAtomically(file, 'for all', {unfinished, mode: 0o644})
    assert.equal((await stat(file)).mode & 0o777, 0o644)
    await writeAtomically(file, 'for its owner', {unfinished})
    assert.equal((await stat(file)).mode & 0o777, 0o600)
  })

  it('closes a file to others before it has a byte', async (t) => {
    const {file, unfinished} = await placeOf(t)
    withUmask(t, 0)
    const opened: number[] = []
    watchHandles(t, async (handle) => {
      opened.push((await handle.stat()).mode & 0o777)
    })
    await writeAtomically(file, 'secret', {unfinished, mode: 0o600})
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
    await writeAtomically(file, 'new', {unfinished, lock: {assertHeld: () => events.push('asked')}})
    assert.deepEqual(events, ['synchronized', 'asked'])
    assert.equal(await readFile(file, 'utf8'), 'new')
  })

  it('leaves the file as it was, and nothing unfinished, where the lock is lost', async (t) => {
    const {folder, file, unfinished} = await placeOf(t, {file: 'old'})
    const lost = new Error('lost')
    const assertHeld = () => {
      throw lost
    }
    await assert.rejects(writeAtomically(file, 'new', {unfinished, lock: {assertHeld}}), lost)
    assert.deepEqual(await treeOf(folder), {file: 'old'})
  })

  it('leaves nothing unfinished where the system refuses, and says why', async (t) => {
    const {folder, file, unfinished} = await placeOf(t)
    await mkdir(file)
    await assert.rejects(writeAtomically(file, 'new', {unfinished}), {syscall: 'rename'})
    assert.deepEqual(await treeOf(folder), {file: '/'})
  })

  it('takes no name that something has, and leaves that', async (t) => {
    const {folder, file, unfinished} = await placeOf(t, {file: 'old', unfinished: 'of another'})
    await assert.rejects(writeAtomically(file, 'new', {unfinished}), {code: 'EEXIST'})
    assert.deepEqual(await treeOf(folder), {file: 'old', unfinished: 'of another'})
  })
})

describe('replacing a file', () => {
  it('makes a new one, and keeps the mode of an old one', async (t) => {
    const file = path.join(await tempFolder(t), 'apkg.json')
    await replaceFile(file, 'one')
    await chmod(file, 0o640)
    await replaceFile(file, Buffer.from('two'))
    assert.equal(await readFile(file, 'utf8'), 'two')
    assert.equal((await stat(file)).mode & 0o777, 0o640)
    assert.deepEqual(await readdir(path.dirname(file)), ['apkg.json'])
  })

  it('replaces what a link leads to within the folder, and leaves the link', async (t) => {
    const folder = await tempFolder(t)
    await mkdir(path.join(folder, 'shared'))
    await writeFile(path.join(folder, 'shared/real.json'), 'old')
    await symlink('shared/real.json', path.join(folder, 'apkg.json'))
    await replaceFile(path.join(folder, 'apkg.json'), 'new')
    assert.ok((await lstat(path.join(folder, 'apkg.json'))).isSymbolicLink())
    assert.equal(await readFile(path.join(folder, 'shared/real.json'), 'utf8'), 'new')
  })

  it('does not write through a link that leads out of the folder', async (t) => {
    const [folder, elsewhere] = [await tempFolder(t), await tempFolder(t)]
    await writeFile(path.join(elsewhere, 'victim'), 'old')
    await symlink(path.join(elsewhere, 'victim'), path.join(folder, 'apkg.json'))
    await symlink(elsewhere, path.join(folder, 'out'))
    await symlink('out/victim', path.join(folder, 'by-folder.json'))
    for (const link of ['apkg.json', 'by-folder.json']) {
      await assert.rejects(replaceFile(path.join(folder, link), 'new'), {
        code: 'FILE_UNWRITABLE',
        message: /^Cannot write .*json: it is a link that leads out of its folder$/,
      })
      assert.ok((await lstat(path.join(folder, link))).isSymbolicLink())
    }
    assert.equal(await readFile(path.join(elsewhere, 'victim'), 'utf8'), 'old')
    assert.deepEqual(await readdir(elsewhere), ['victim'])
    assert.deepEqual((await readdir(folder)).sort(), ['apkg.json', 'by-folder.json', 'out'])
  })

  it('replaces a link itself where that is asked for', async (t) => {
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

  it('leaves nothing behind where it fails, and says why', async (t) => {
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
