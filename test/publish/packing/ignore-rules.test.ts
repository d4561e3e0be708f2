import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {collectFiles} from '../../../src/publish/packing/collect-files.js'
import {makeTree} from '../../support/make-tree.js'

const manifest = {'apkg.json': '{"name":"@ada/tool","version":"1.0.0","type":"skill"}'}

/** As deep as a package can be, and with names that rules almost match. */
const path = `${'a/'.repeat(31)}${'a'.repeat(200)}c`

describe('ignore rules that careless matchers take forever for', () => {
  for (const [rule, isRefused] of [
    [`${'**/a/'.repeat(54)}b`, true],
    [`${'a/**/'.repeat(20)}b`, true],
    [`${'**/*/'.repeat(5)}b`, true],
    [`${'**/a/'.repeat(4)}b`, false],
    [`${'*a'.repeat(100)}b`, false],
    ['{a,b}'.repeat(54), false],
    [`${'[a-z]*'.repeat(40)}9`, false],
    [`${'(a+)+'.repeat(50)}b`, false],
    [`${'?*'.repeat(120)}b`, false],
  ] as const) {
    it(`ignore rules: ${rule.slice(0, 20)}… of ${rule.length} bytes ${isRefused ? 'is refused' : 'takes no noticeable time'}`, async (t) => {
      const root = await makeTree(t, {...manifest, [path]: '', '.apkgignore': `# rules\n${rule}\n`})
      const start = performance.now()
      if (isRefused) {
        const message = /\.apkgignore: the rule on line 2 has more than 4 `\*\*`$/
        await assert.rejects(collectFiles(root, {type: 'library'}), {code: 'FILE_UNREADABLE', message})
      } else assert.ok((await collectFiles(root, {type: 'library'})).files.some((file) => file.path === path))
      assert.ok(performance.now() - start < 5000)
    })
  }
})
