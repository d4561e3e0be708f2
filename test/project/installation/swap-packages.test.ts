import assert from 'node:assert/strict'
import {mkdir, rm, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {hasCode} from '@apkg/command-kit'

import {swapPackages} from '../../../src/project/installation/swap-packages.js'
import {PackagesFolder} from '../../../src/project/installation/packages-folder.js'
import {Staging} from '../../../src/project/installation/staging.js'
import {tempFolder} from '../../support/temp-folder.js'
import {treeOf} from '../../support/tree.js'

async function start(t: TestContext) {
  const project = await tempFolder(t)
  const folder = new PackagesFolder(project)
  const put = async (place: string, text: string) => {
    await mkdir(place, {recursive: true})
    await writeFile(path.join(place, 'a.md'), text)
  }
  await put(folder.packagePath('@acme/old'), 'old')
  await put(folder.packagePath('@gone/away'), 'away')
  const scratch = path.join(project, 'scratch')
  const staging = new Staging(scratch)
  const [newer, added] = [staging.nextPath(), staging.nextPath()]
  await put(newer, 'newer')
  await put(added, 'first')
  const replacements = [
    {name: '@acme/old', staged: newer},
    {name: '@fresh/one', staged: added},
    {name: '@gone/away', staged: undefined},
    {name: '@gone/never', staged: undefined},
  ]
  return {project, folder, staging, replacements}
}

describe('swapPackages', () => {
  it('swapPackages: moves new packages into place and removes empty scopes', async (t) => {
    const {folder, staging, replacements} = await start(t)
    await swapPackages(folder, staging, replacements, () => Promise.resolve())
    assert.deepEqual(await treeOf(folder.root), {'@acme/old/a.md': 'newer', '@fresh/one/a.md': 'first'})
  })

  it('swapPackages: restores everything if the commit fails', async (t) => {
    const {folder, staging, replacements} = await start(t)
    const before = await treeOf(folder.root)
    let during: unknown
    const commit = async () => {
      during = await treeOf(folder.root)
      throw new Error('the disk is full')
    }
    await assert.rejects(swapPackages(folder, staging, replacements, commit), /the disk is full/)
    assert.notDeepEqual(during, before)
    assert.deepEqual(await treeOf(folder.root), before)
  })

  it('swapPackages: restores what it can if a step cannot be undone, and throws the first error', async (t) => {
    const {folder, staging, replacements} = await start(t)
    const commit = async () => {
      // So it cannot be moved back to staging.
      await rm(folder.packagePath('@fresh/one'), {recursive: true})
      throw new Error('the disk is full')
    }
    const before = await treeOf(folder.root)
    await assert.rejects(swapPackages(folder, staging, replacements, commit), /the disk is full/)
    assert.deepEqual(await treeOf(folder.root), before)
  })

  it('swapPackages: restores everything if a scope is a link, and writes nothing through it', async (t) => {
    const {project, folder, staging, replacements} = await start(t)
    const elsewhere = path.join(project, 'elsewhere')
    await mkdir(elsewhere)
    await symlink(elsewhere, path.join(folder.root, '@linked'))
    const before = await treeOf(folder.root)
    const last = {name: '@linked/x', staged: staging.nextPath()}
    await mkdir(last.staged)
    await assert.rejects(
      swapPackages(folder, staging, [...replacements, last], () => Promise.resolve()),
      (error) => hasCode(error, 'FOLDER_UNMANAGED'),
    )
    assert.deepEqual(await treeOf(folder.root), before)
    assert.deepEqual(await treeOf(elsewhere), {})
  })
})
