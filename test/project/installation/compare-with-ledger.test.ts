import assert from 'node:assert/strict'
import {chmod, mkdir, rename, rm, symlink, utimes, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {writeArchive} from '@apkg/package-format/archive'

import {unpack} from '../../../src/project/installation/unpack-tarball.js'
import {compareWithLedger} from '../../../src/project/installation/compare-with-ledger.js'
import {tempFolder} from '../../support/temp-folder.js'

async function installed(t: TestContext) {
  const folder = path.join(await tempFolder(t), 'package')
  const archive = await writeArchive([
    {path: 'apkg.json', isExecutable: false, content: Buffer.from('{}')},
    {path: 'docs/guide.md', isExecutable: false, content: Buffer.from('read me')},
  ])
  const source = (async function* () {
    yield archive
  })()
  const {files} = await unpack(source, folder)
  return {folder, record: {name: '@acme/a', version: '1.0.0', integrity: '', files}}
}

const changes: Record<string, (folder: string) => Promise<unknown>> = {
  'a modified file of the same size': (folder) => writeFile(path.join(folder, 'docs/guide.md'), 'READ ME'),
  'a longer file': (folder) => writeFile(path.join(folder, 'docs/guide.md'), 'read me!'),
  'a missing file': (folder) => rm(path.join(folder, 'docs/guide.md')),
  'an extra file': (folder) => writeFile(path.join(folder, 'docs/more.md'), ''),
  'an extra link': (folder) => symlink('/etc/passwd', path.join(folder, 'link')),
  'a file made executable': (folder) => chmod(path.join(folder, 'apkg.json'), 0o755),
  'a link instead of a file': async (folder) => {
    await rename(path.join(folder, 'apkg.json'), path.join(folder, '..', 'apkg.json'))
    await symlink('../apkg.json', path.join(folder, 'apkg.json'))
  },
  'a link instead of a directory': async (folder) => {
    await rename(path.join(folder, 'docs'), path.join(folder, '..', 'docs'))
    await symlink('../docs', path.join(folder, 'docs'))
  },
  'a directory instead of a file': async (folder) => {
    await rm(path.join(folder, 'apkg.json'))
    await mkdir(path.join(folder, 'apkg.json'))
  },
  'no directory at all': (folder) => rm(folder, {recursive: true}),
}

describe('compareWithLedger', () => {
  for (const [change, make] of Object.entries(changes)) {
    it(`compareWithLedger: reports a package with ${change} as not intact`, async (t) => {
      const {folder, record} = await installed(t)
      assert.equal((await compareWithLedger(folder, record, false)).isIntact, true)
      await make(folder)
      assert.equal((await compareWithLedger(folder, record, false)).isIntact, false)
      assert.equal((await compareWithLedger(folder, record, true)).isIntact, false)
    })
  }

  it('compareWithLedger: hashes files whose times changed, and reports the package as intact with the new times', async (t) => {
    const {folder, record} = await installed(t)
    await utimes(path.join(folder, 'apkg.json'), 1, 1)
    const {isIntact, files} = await compareWithLedger(folder, record, false)
    assert.equal(isIntact, true)
    assert.equal(files.find((file) => file.path === 'apkg.json')?.mtimeMs, 1000)
    assert.deepEqual(await compareWithLedger(folder, {...record, files}, false), {isIntact, files})
  })

  it('compareWithLedger: with rehash, hashes files even if their times did not change', async (t) => {
    const {folder, record} = await installed(t)
    const files = record.files.map((file) => ({...file, sha256: '0'.repeat(64)}))
    assert.equal((await compareWithLedger(folder, {...record, files}, false)).isIntact, true)
    assert.equal((await compareWithLedger(folder, {...record, files}, true)).isIntact, false)
  })
})
