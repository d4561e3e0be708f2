import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {createHmac, randomBytes} from 'node:crypto'
import {mkdir, readdir, readFile, stat, truncate, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {ensureLedgerKey, readLedgerKey} from '../../../src/files/ledger-key.js'
import {orphansOf, packageIds, readLedger, writeLedger, type Ledger} from '../../../src/project/installation/ledger.js'
import {tempFolder} from '../../support/temp-folder.js'

const file = {path: 'apkg.json', size: 2, sha256: 'ab', isExecutable: false, mtimeMs: 1.5, ctimeMs: 2.25, ino: 3}
const tool = {name: '@acme/tool', version: '1.0.0', integrity: 'sha256-x', files: [file]}
const ledger: Ledger = {
  basis: 'b',
  packages: new Map([[tool.name, tool]]),
  changing: new Set(['@acme/other']),
  links: new Set(['@acme/linked']),
}
const empty: Ledger = {basis: undefined, packages: new Map(), changing: new Set(), links: new Set()}

const key = randomBytes(32)

const damaged: Record<string, string> = {
  'invalid JSON': '{',
  'another version': JSON.stringify({ledgerVersion: 2, changing: [], packages: []}),
  null: 'null',
  'a list': '[]',
  'no packages': JSON.stringify({ledgerVersion: 1, changing: []}),
  'a name with a path traversal': JSON.stringify({
    ledgerVersion: 1,
    changing: [],
    packages: [{...tool, name: '../../etc'}],
  }),
  'a linked name with a path traversal': JSON.stringify({
    ledgerVersion: 1,
    changing: [],
    links: ['@a/../..'],
    packages: [],
  }),
  'a changing name with a path traversal': JSON.stringify({ledgerVersion: 1, changing: ['@a/../..'], packages: []}),
  'a file without a hash': JSON.stringify({
    ledgerVersion: 1,
    changing: [],
    packages: [{...tool, files: [{...file, sha256: null}]}],
  }),
}

describe('readLedger and writeLedger', () => {
  it('ledger: is read as it was written', async (t) => {
    const folder = await tempFolder(t)
    await writeLedger(path.join(folder, 'ledger'), ledger, {key, scratch: folder})
    assert.deepEqual(await readLedger(path.join(folder, 'ledger'), key), ledger)
    assert.deepEqual(await readdir(folder), ['ledger'])
  })

  it('ledger: the file of an empty ledger is removed', async (t) => {
    const folder = await tempFolder(t)
    await writeLedger(path.join(folder, 'ledger'), ledger, {key, scratch: folder})
    await writeLedger(path.join(folder, 'ledger'), {...empty, basis: 'b'}, {key, scratch: folder})
    assert.deepEqual(await readdir(folder), [])
    assert.deepEqual(await readLedger(path.join(folder, 'ledger'), key), empty)
  })

  for (const [what, text] of Object.entries(damaged)) {
    it(`ledger: a damaged ledger is read as empty: ${what}`, async (t) => {
      const ledgerFile = path.join(await tempFolder(t), 'ledger')
      await writeFile(ledgerFile, text)
      assert.deepEqual(await readLedger(ledgerFile, key), empty)
      const mac = createHmac('sha256', key).update(text).digest('hex')
      await writeFile(ledgerFile, `{"mac":"${mac}",${text.slice(1)}`)
      assert.deepEqual(await readLedger(ledgerFile, key), empty)
    })
  }

  it('ledger: is read as empty if the key or the content differs', async (t) => {
    const folder = await tempFolder(t)
    const file = path.join(folder, 'ledger')
    await writeLedger(file, ledger, {key, scratch: folder})
    assert.deepEqual(await readLedger(file, undefined), empty)
    assert.deepEqual(await readLedger(file, randomBytes(32)), empty)
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('1.0.0', '1.0.1'))
    assert.deepEqual(await readLedger(file, key), empty)
    await writeFile(file, text.replace(/^\{"mac":"\w+",/, '{'))
    assert.deepEqual(await readLedger(file, key), empty)
    await writeFile(file, text)
    assert.deepEqual(await readLedger(file, key), ledger)
  })

  it('ledger: a pipe or a file that is too large is read as empty', async (t) => {
    const folder = await tempFolder(t)
    execFileSync('mkfifo', [path.join(folder, 'pipe')])
    assert.deepEqual(await readLedger(path.join(folder, 'pipe'), key), empty)
    await writeLedger(path.join(folder, 'large'), ledger, {key, scratch: folder})
    await truncate(path.join(folder, 'large'), 2 ** 40)
    assert.deepEqual(await readLedger(path.join(folder, 'large'), key), empty)
  })
})

describe('orphansOf and packageIds', () => {
  it('ledger: orphans are managed packages that are not needed', () => {
    assert.deepEqual(orphansOf(ledger, new Set()), ['@acme/other', '@acme/tool'])
    assert.deepEqual(orphansOf(ledger, new Set(['@acme/tool'])), ['@acme/other'])
    assert.deepEqual(packageIds(ledger, ['@acme/other', '@acme/tool']), [{name: '@acme/tool', version: '1.0.0'}])
  })
})

describe('ensureLedgerKey', () => {
  it('ensureLedgerKey: creates one private key (0600), even when called concurrently', async (t) => {
    const home = await tempFolder(t)
    assert.equal(await readLedgerKey(home), undefined)
    const keys = await Promise.all([1, 2, 3].map(() => ensureLedgerKey(home)))
    const kept = await readLedgerKey(home)
    assert.equal(kept?.length, 32)
    for (const each of keys) assert.deepEqual(Buffer.from(each), kept)
    assert.equal((await stat(path.join(home, '.apkg/ledger.key'))).mode & 0o777, 0o600)
    assert.deepEqual(await readdir(path.join(home, '.apkg')), ['ledger.key'])
  })

  it('ensureLedgerKey: replaces a damaged key, and a temporary file of a killed process', async (t) => {
    const home = await tempFolder(t)
    await mkdir(path.join(home, '.apkg'))
    await writeFile(path.join(home, '.apkg/ledger.key'), 'short')
    await writeFile(path.join(home, '.apkg/ledger.key.tmp'), 'half')
    assert.equal(await readLedgerKey(home), undefined)
    const made = await ensureLedgerKey(home)
    assert.deepEqual(await readLedgerKey(home), made)
    assert.deepEqual(await readdir(path.join(home, '.apkg')), ['ledger.key'])
  })

  it('ensureLedgerKey: keeps a key for the process only if the home directory is unusable', async (t) => {
    const home = path.join(await tempFolder(t), 'file')
    await writeFile(home, '')
    const key = await ensureLedgerKey(home)
    assert.equal(key.length, 32)
    assert.deepEqual(await readLedgerKey(home), key)
    assert.equal(await readFile(home, 'utf8'), '')
  })
})
