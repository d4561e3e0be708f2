import assert from 'node:assert/strict'
import {lstat, readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {writeArchive} from '@apkg/package-format/archive'

import {hostileArchives} from '../../../packages/package-format/test/hostile-archives.js'
import {unpack} from '../../../src/project/installation/unpack-tarball.js'
import {compareWithLedger} from '../../../src/project/installation/compare-with-ledger.js'
import {tempFolder} from '../../support/temp-folder.js'
import {treeOf} from '../../support/tree.js'
import {assertStaysInside, chunks} from './hostile-archive.js'

describe('unpack', () => {
  it('unpack: writes every file with its content and its executable bit', async (t) => {
    const folder = path.join(await tempFolder(t), 'package')
    const archive = await writeArchive([
      {path: 'apkg.json', isExecutable: false, content: Buffer.from('{}')},
      {path: 'scripts/deep/run.sh', isExecutable: true, content: Buffer.from('#!/bin/sh\n')},
      {path: 'empty.md', isExecutable: false, content: Buffer.alloc(0)},
    ])
    const {files, manifest} = await unpack(chunks(archive), folder)
    assert.equal(manifest, '{}')
    assert.deepEqual(await treeOf(folder), {'apkg.json': '{}', 'empty.md': '', 'scripts/deep/run.sh': '#!/bin/sh\n'})
    assert.equal((await lstat(path.join(folder, 'scripts/deep/run.sh'))).mode & 0o700, 0o700)
    assert.equal((await lstat(path.join(folder, 'empty.md'))).mode & 0o100, 0)
    const installed = {name: '@acme/a', version: '1.0.0', integrity: '', files}
    assert.equal((await compareWithLedger(folder, installed, true)).isIntact, true)
    assert.deepEqual(await compareWithLedger(folder, installed, false), {isIntact: true, files})
  })

  it('unpack: writes a file of several chunks', async (t) => {
    const folder = path.join(await tempFolder(t), 'package')
    const content = Buffer.alloc(3_000_000, 'abcdefgh\n')
    const archive = await writeArchive([{path: 'big.md', isExecutable: false, content}])
    const {files} = await unpack(chunks(archive, 100), folder)
    assert.ok((await readFile(path.join(folder, 'big.md'))).equals(content))
    assert.equal(
      (await compareWithLedger(folder, {name: '@acme/a', version: '1.0.0', integrity: '', files}, true)).isIntact,
      true,
    )
  })

  it('unpack: refuses an existing directory', async (t) => {
    const folder = await tempFolder(t)
    const archive = await writeArchive([{path: 'a.md', isExecutable: false, content: Buffer.from('a')}])
    await assert.rejects(unpack(chunks(archive), folder), {code: 'EEXIST'})
    assert.deepEqual(await treeOf(folder), {})
  })

  for (const archive of hostileArchives.filter(({isLarge}) => !isLarge)) {
    it(`unpack: writes nothing outside of its directory for a hostile archive: ${archive.name}`, (t) =>
      assertStaysInside(t, archive))
  }
})
