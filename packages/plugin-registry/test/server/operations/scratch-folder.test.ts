import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'node:test'
import {fileURLToPath} from 'node:url'

import {claimScratch} from '../../../src/server/operations/scratch-folder.js'
import {temporaryFolder} from '../../support/world.js'

const script = fileURLToPath(new URL('../../support/claim-scratch-process.js', import.meta.url))

describe('the directory for uploads in progress', () => {
  it('scratch: two processes share a directory, and each has a private one in it', async (t) => {
    const parent = path.join(temporaryFolder(t), 'scratch')
    const [one, other] = [await claimScratch(parent), await claimScratch(parent)]
    assert.notEqual(one.folder, other.folder)
    if (process.platform !== 'win32') assert.equal(statSync(one.folder).mode & 0o777, 0o700)
    one.release()
    assert.deepEqual([existsSync(one.folder), existsSync(other.folder)], [false, true])
    other.release()
    assert.deepEqual(readdirSync(parent), [])
  })

  it('scratch: another process leaves the directories of a running one', async (t) => {
    const parent = temporaryFolder(t)
    const claimed = [await claimScratch(parent), await claimScratch(parent)]
    execFileSync(process.execPath, [script, parent])
    for (const {folder, release} of claimed) {
      assert.equal(existsSync(folder), true)
      release()
    }
  })

  it('scratch: only files that a process left behind are deleted', async (t) => {
    const parent = temporaryFolder(t)
    const left = path.join(parent, 'apkg-uploads-left')
    mkdirSync(path.join(left, 'tmp'), {recursive: true})
    writeFileSync(path.join(left, 'tmp', 'draft'), 'x')
    writeFileSync(path.join(parent, 'apkg-uploads-file'), 'x')
    mkdirSync(path.join(parent, 'unrelated'))
    const {release} = await claimScratch(parent)
    release()
    assert.deepEqual(readdirSync(parent).sort(), ['apkg-uploads-file', 'unrelated'])
  })
})
