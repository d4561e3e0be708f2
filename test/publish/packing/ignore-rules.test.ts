import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {GitignoreRules} from '../../../src/publish/git/gitignore-rules.js'
import {collectFiles} from '../../../src/publish/packing/collect-files.js'
import {makeTree} from '../../support/make-tree.js'

const manifest = {'apkg.json': '{"name":"@ada/tool","version":"1.0.0","type":"skill"}'}

/** As deep as a package can be, and with names that rules almost match. */
const deep = `${'a/'.repeat(32)}${'a'.repeat(200)}c`

/** Rules that careless matchers take forever for, and whether they are refused. */
const rules: [rule: string, isRefused: boolean][] = [
  [`${'**/a/'.repeat(54)}b`, true],
  [`${'a/**/'.repeat(20)}b`, true],
  [`${'**/*/'.repeat(5)}b`, true],
  [`${'**/a/'.repeat(4)}b`, true],
  [`${'a/**/'.repeat(3)}b`, true],
  [`!/${'a/***/'.repeat(3)}b/`, true],
  [`${'a/**/'.repeat(2)}b`, false],
  [`**/${'a/**/'.repeat(2)}b`, false],
  [`a/${'**/'.repeat(300)}b`, false],
  [`${'*a'.repeat(100)}b`, false],
  ['{a,b}'.repeat(54), false],
  [`${'[a-z]*'.repeat(40)}9`, false],
  [`${'(a+)+'.repeat(50)}b`, false],
  [`${'?*'.repeat(120)}b`, false],
  [`${' '.repeat(900_000)}b`, true],
  [`${'*'.repeat(900_000)}b`, true],
  [`${'*'.repeat(4000)}b`, false],
  [`${' '.repeat(4000)}b`, false],
]

describe('rules and patterns that careless matchers take forever for', () => {
  for (const [rule, isRefused] of rules) {
    const shown = rule.slice(0, 20).trim()
    for (const file of ['.apkgignore', '.gitignore', 'a/a/.gitignore', '.git/info/exclude']) {
      it(`ignore rules: ${shown}… of ${rule.length} bytes in ${file} ${isRefused ? 'is refused' : 'takes no noticeable time'}`, async (t) => {
        const repository = file.startsWith('.git/') ? {'.git/HEAD': 'ref: refs/heads/main\n'} : {}
        const root = await makeTree(t, {...manifest, ...repository, [deep]: '', [file]: `# rules\n${rule}\n`})
        const start = performance.now()
        if (isRefused) {
          const message =
            /(\.apkgignore|\.gitignore|exclude): the rule on line 2 (has more than 2 `\*\*` between other parts|is longer than 4096 characters)$/
          await assert.rejects(collectFiles(root, {type: 'library'}), {code: 'FILE_UNREADABLE', message})
        } else assert.ok((await collectFiles(root, {type: 'library'})).files.some((each) => each.path === deep))
        assert.ok(performance.now() - start < 5000)
      })
    }

    it(`files in apkg.json: ${shown}… of ${rule.length} bytes ${isRefused ? 'is refused' : 'takes no noticeable time'}`, async (t) => {
      const root = await makeTree(t, {...manifest, [deep]: ''})
      const start = performance.now()
      const collected = collectFiles(root, {type: 'library', files: ['a', rule]})
      if (isRefused) {
        const message = /in `files` (has more than 2 `\*\*` between other parts|is longer than 4096 characters)$/
        await assert.rejects(collected, {code: 'PACKAGE_NOT_PACKABLE', message})
      } else assert.ok((await collected).files.some((each) => each.path === deep))
      assert.ok(performance.now() - start < 5000)
    })
  }

  it("ignore rules: the user's own file is named when one of its rules is refused", async (t) => {
    const excludes = `${'a/**/'.repeat(3)}b\n`
    const home = await makeTree(t, {'.config/git/ignore': excludes})
    const root = await makeTree(t, {...manifest, '.git/HEAD': 'ref: refs/heads/main\n', 'a.md': ''})
    const message = new RegExp(`${home}/\\.config/git/ignore: the rule on line 1 has more`)
    await assert.rejects(collectFiles(root, {type: 'library', user: {home, env: {}}}), {message})
  })

  it('ignore rules: two `**` in a row mean the same as one', () => {
    const entries = ['a', 'a/', 'a/b', 'a/b/', 'a/x/b', 'a/x/y/b/', 'b', 'x/b', 'a/x/y/b/c', 'x/a/b']
    for (const [written, simple] of [
      ['a/**/**/b', 'a/**/b'],
      ['**/***/b', '**/b'],
      ['/**/**/**/b/', '/**/b/'],
      ['a/**/**', 'a/**'],
      ['a/**/**/', 'a/**/'],
    ] as const) {
      for (const folder of ['', 'x']) {
        const [one, other] = [written, simple].map((rule) => {
          const only = GitignoreRules.none().with(`*\n!*/\n!${rule}`, folder)
          return entries.map((entry) => [entry, only.ignores(folder === '' ? entry : `x/${entry}`)])
        })
        assert.deepEqual(one, other, written)
      }
    }
  })

  it('collect files: a directory that is too deep is named and not entered', async (t) => {
    const root = await makeTree(t, manifest)
    const folder = 'a/'.repeat(600)
    await mkdir(path.join(root, folder), {recursive: true})
    await writeFile(path.join(root, folder, 'b.md'), '')
    await writeFile(path.join(root, '.gitignore'), '**/a/**/a/**/a/b\n'.repeat(100))
    const start = performance.now()
    const message = `The package cannot be packed:\n  - ${'a/'.repeat(33).slice(0, -1)} is more than 32 directories deep`
    await assert.rejects(collectFiles(root, {type: 'library'}), {code: 'PACKAGE_NOT_PACKABLE', message})
    assert.ok(performance.now() - start < 5000)
  })

  it('collect files: a package that is too deep in its repository is refused', async (t) => {
    const below = 'a/'.repeat(65)
    const root = await makeTree(t, {'.git/HEAD': 'ref: refs/heads/main\n', [`${below}apkg.json`]: '{}'})
    const message = /it is more than 64 directories below its git repository$/
    await assert.rejects(collectFiles(path.join(root, below), {type: 'library'}), {code: 'FILE_UNREADABLE', message})
  })
})
