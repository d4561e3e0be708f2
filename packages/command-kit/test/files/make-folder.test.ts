import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {stat} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {makeFolder} from '../../src/files/make-folder.js'
import {tempHome} from '../support/temp-home.js'

describe('makeFolder', () => {
  it('makeFolder: creates missing parent directories, all private, and accepts an existing directory', async (t) => {
    const {path: home} = await tempHome(t)
    const folder = path.join(home, 'one', 'two', 'three')
    makeFolder(folder)
    makeFolder(folder)
    for (const each of [folder, path.dirname(folder), path.join(home, 'one')]) {
      assert.equal((await stat(each)).mode & 0o777, 0o700)
    }
  })

  it('makeFolder: fails below a directory in which none can be created', (t) => {
    if (!existsSync('/proc/self')) {
      t.skip('/proc does not exist')
      return
    }
    assert.throws(
      () => {
        makeFolder('/proc/nowhere/one/two')
      },
      {code: 'ENOENT'},
    )
  })
})
