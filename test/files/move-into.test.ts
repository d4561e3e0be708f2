import assert from 'node:assert/strict'
import {mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {moveInto} from '../../src/files/move-into.js'
import {tempFolder} from '../support/temp-folder.js'

describe('moveInto', () => {
  it('moveInto: replaces a file on the same file system', async (t) => {
    const folder = await tempFolder(t)
    await writeFile(path.join(folder, 'temporary'), 'new')
    await writeFile(path.join(folder, 'file'), 'old')
    await moveInto(path.join(folder, 'temporary'), path.join(folder, 'file'))
    assert.equal(await readFile(path.join(folder, 'file'), 'utf8'), 'new')
    assert.deepEqual(await readdir(folder), ['file'])
  })

  it('moveInto: throws the system error if the place does not exist', async (t) => {
    const folder = await tempFolder(t)
    await writeFile(path.join(folder, 'temporary'), 'new')
    await assert.rejects(moveInto(path.join(folder, 'temporary'), path.join(folder, 'absent/file')), {code: 'ENOENT'})
  })

  it('moveInto: replaces a file on another file system, keeps the mode, and leaves nothing behind', async (t) => {
    const [folder, other] = [await tempFolder(t), await otherFileSystem(t)]
    if (other === undefined) return
    await writeFile(path.join(other, 'temporary'), 'new', {mode: 0o755})
    await writeFile(path.join(folder, 'file'), 'old')
    // What a killed process left.
    await writeFile(path.join(folder, '.file.apkg-tmp'), 'ol')
    await moveInto(path.join(other, 'temporary'), path.join(folder, 'file'))
    assert.equal(await readFile(path.join(folder, 'file'), 'utf8'), 'new')
    assert.equal((await stat(path.join(folder, 'file'))).mode & 0o111, 0o111)
    assert.deepEqual([await readdir(folder), await readdir(other)], [['file'], []])
  })
})

/** A directory on another file system than that of temporary files; undefined on systems without one. */
async function otherFileSystem(t: TestContext): Promise<string | undefined> {
  const [temporary, shared] = await Promise.all(
    [tmpdir(), '/dev/shm'].map((folder) => stat(folder).catch(() => undefined)),
  )
  if (shared === undefined || shared.dev === temporary?.dev) {
    t.skip('/dev/shm is not another file system')
    return undefined
  }
  const folder = await mkdtemp('/dev/shm/apkg-test-')
  t.after(() => rm(folder, {recursive: true, force: true}))
  return folder
}
