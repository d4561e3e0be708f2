import assert from 'node:assert/strict'
import {describe, it} from 'node:test'
import path from 'node:path'

import {readFiles} from '../../../src/publish/packing/read-files.js'
import {makeExecutable, makeTree} from '../../support/make-tree.js'

const files = {'mode.txt': 'x', 'script.sh': '#!/bin/sh\n', 'plain.md': '# x', short: '#'}

describe('readFiles: executable bits', () => {
  it('read files: git decides about a file that it tracks', async (t) => {
    const root = await makeTree(t, files)
    await makeExecutable(path.join(root, 'mode.txt'))
    const {files: read, notExecutableInGit} = await readFiles(root, [
      {path: 'mode.txt', isExecutable: false, hasMode: true},
      {path: 'script.sh', isExecutable: false, hasMode: true},
      {path: 'plain.md', isExecutable: true, hasMode: true},
    ])
    assert.deepEqual(
      read.map(({isExecutable}) => isExecutable),
      [false, false, true],
    )
    assert.deepEqual(notExecutableInGit, ['mode.txt'])
  })

  it('read files: the mode decides about another file', async (t) => {
    const root = await makeTree(t, files)
    await makeExecutable(path.join(root, 'mode.txt'))
    const collected = Object.keys(files).map((each) => ({path: each, isExecutable: undefined, hasMode: true}))
    const {files: read, notExecutableInGit} = await readFiles(root, collected)
    assert.deepEqual(
      read.map(({isExecutable}) => isExecutable),
      [true, false, false, false],
    )
    assert.deepEqual(notExecutableInGit, [])
  })

  it('read files: `#!` decides without modes', async (t) => {
    const root = await makeTree(t, files)
    await makeExecutable(path.join(root, 'mode.txt'))
    const collected = Object.keys(files).map((each) => ({path: each, isExecutable: undefined, hasMode: false}))
    const {files: read} = await readFiles(root, collected)
    assert.deepEqual(
      read.map(({isExecutable}) => isExecutable),
      [false, true, false, false],
    )
  })
})
