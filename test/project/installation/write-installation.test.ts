import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {mkdir, rm, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {writeInstallation} from '../../../src/project/installation/write-installation.js'
import {ensureLedgerKey} from '../../../src/files/ledger-key.js'
import {readLedger, writeLedger, type Ledger} from '../../../src/project/installation/ledger.js'
import {PackagesFolder} from '../../../src/project/installation/packages-folder.js'
import {Staging} from '../../../src/project/installation/staging.js'
import {writeTree} from '../../support/make-tree.js'
import {tempFolder} from '../../support/temp-folder.js'
import {treeOf} from '../../support/tree.js'

describe('writeInstallation', () => {
  it('writeInstallation: throws the first error even if the ledger cannot be restored', async (t) => {
    const home = await tempFolder(t)
    const folder = new PackagesFolder(await tempFolder(t))
    await writeTree(folder.packagePath('@acme/tool'), {'a.md': 'old'})
    const staging = new Staging(path.join(folder.staging, '1'))
    await mkdir(staging.path, {recursive: true})
    const staged = staging.nextPath()
    await writeTree(staged, {'a.md': 'new'})
    const key = await ensureLedgerKey(home)
    const tool = {name: '@acme/tool', version: '1.0.0', integrity: 'sha256-x', files: []}
    const before: Ledger = {basis: 'b', packages: new Map([[tool.name, tool]]), changing: new Set(), links: new Set()}
    await writeLedger(folder.ledgerFile, before, {key, scratch: staging.path})
    await assert.rejects(
      writeInstallation(folder, staging, home, {
        before,
        after: {...before, basis: 'c'},
        replacements: [{name: tool.name, staged}],
        async commit() {
          // The replaced package is in there: without it, neither the package nor the ledger can be restored.
          await rm(staging.path, {recursive: true})
          throw new Error('the first error')
        },
      }),
      /the first error/,
    )
    assert.ok((await readLedger(folder.ledgerFile, key)).packages.has(tool.name))
    assert.equal((await treeOf(folder.root))['@acme/tool/a.md'], 'new')
  })

  it('writeInstallation: lists links in the ledger before they are created and until they are removed', async (t) => {
    const home = await tempFolder(t)
    const folder = new PackagesFolder(await tempFolder(t))
    const staging = new Staging(path.join(folder.staging, '1'))
    await mkdir(staging.path, {recursive: true})
    const key = await ensureLedgerKey(home)
    const staged = staging.nextPath()
    await symlink(home, staged)
    const [without, linked] = [new Set<string>(), new Set(['@acme/tool'])].map((links): Ledger => ({
      basis: 'b',
      packages: new Map(),
      changing: new Set(),
      links,
    }))
    assert.ok(without && linked)
    for (const [before, after, next] of [
      [without, linked, staged],
      [linked, without, undefined],
    ] as const) {
      let duringSwap = ''
      const replacement = {
        name: '@acme/tool',
        // Read right before the package is swapped.
        get staged() {
          duringSwap = readFileSync(folder.ledgerFile, 'utf8')
          return next
        },
      }
      const commit = () => Promise.resolve()
      await writeInstallation(folder, staging, home, {before, after, replacements: [replacement], commit})
      await writeFile(path.join(home, 'during-swap.json'), duringSwap)
      const {links, changing} = await readLedger(path.join(home, 'during-swap.json'), key)
      assert.deepEqual([links, changing], [linked.links, linked.links])
      assert.deepEqual((await readLedger(folder.ledgerFile, key)).links, after.links)
    }
  })
})
