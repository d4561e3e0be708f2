import assert from 'node:assert/strict'
import {mkdir, stat, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {hasCode} from '@apkg/command-kit'

import {replaceFiles} from '../../src/files/replace-files.js'
import {tempFolder} from '../support/temp-folder.js'
import {treeOf} from '../support/tree.js'

describe('replaceFiles', () => {
  it('replaceFiles: writes files that change, and does not touch the others', async (t) => {
    const folder = await tempFolder(t)
    const at = (name: string) => path.join(folder, name)
    for (const name of ['same', 'other', 'gone']) await writeFile(at(name), name)
    const before = await stat(at('same'))
    await replaceFiles([
      {file: at('same'), before: 'same', after: 'same'},
      {file: at('other'), before: 'other', after: 'changed'},
      {file: at('gone'), before: 'gone', after: undefined},
      {file: at('new'), before: undefined, after: 'made'},
    ])
    assert.deepEqual(await treeOf(folder), {new: 'made', other: 'changed', same: 'same'})
    assert.equal((await stat(at('same'))).ino, before.ino)
  })

  it('replaceFiles: restores earlier files if a later one cannot be written', async (t) => {
    const folder = await tempFolder(t)
    const at = (name: string) => path.join(folder, name)
    await writeFile(at('first'), 'first')
    await mkdir(at('folder'))
    const before = await treeOf(folder)
    await assert.rejects(
      replaceFiles([
        {file: at('first'), before: 'first', after: 'changed'},
        {file: at('second'), before: undefined, after: 'made'},
        {file: at('folder'), before: '', after: 'a file cannot take the place of a folder'},
      ]),
      (error) => hasCode(error, 'FILE_UNWRITABLE'),
    )
    assert.deepEqual(await treeOf(folder), before)
  })

  it('replaceFiles: restores the others if one cannot be restored, and throws the first error', async (t) => {
    const folder = await tempFolder(t)
    const at = (...parts: string[]) => path.join(folder, ...parts)
    await writeFile(at('first'), 'first')
    await mkdir(at('folder'))
    await writeFile(at('folder', 'second'), 'second')
    await symlink('folder', at('link'))
    await assert.rejects(
      replaceFiles([
        {file: at('first'), before: 'first', after: 'changed'},
        {file: at('link', 'second'), before: 'second', after: 'changed'},
        // Restoring it creates a file, so `second` is no longer below it.
        {file: at('link'), before: 'link', after: undefined},
        {file: at('folder'), before: '', after: 'a file cannot take the place of a folder'},
      ]),
      (error) => hasCode(error, 'FILE_UNWRITABLE') && error.message.includes(at('folder')),
    )
    assert.deepEqual(await treeOf(folder), {first: 'first', 'folder/second': 'changed', link: 'link'})
  })
})
