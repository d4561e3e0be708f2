import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {chmod, readFile, rm, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {parseGitIndex} from '../../../src/publish/git/git-index.js'
import {collectFiles} from '../../../src/publish/packing/collect-files.js'
import {makeExecutable, makeTree, writeTree} from '../../support/make-tree.js'

/** A repository with files, and git that reads no settings of the machine. */
async function repository(t: TestContext, files: readonly string[] | Record<string, string>, init: string[] = []) {
  const tree = Array.isArray(files) ? Object.fromEntries(files.map((file) => [file, 'x'])) : files
  const root = await makeTree(t, tree as Record<string, string>)
  const home = await makeTree(t, {})
  const env = {PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1'}
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], {encoding: 'utf8', env})
  git('init', '--quiet', ...init)
  const user = {home, env: {}}
  const packed = async (folder = '') => {
    const {files, skipped} = await collectFiles(path.join(root, folder), {type: 'library', user})
    return {
      paths: files.map((file) => file.path),
      executable: files.filter(({isExecutable}) => isExecutable).map((file) => file.path),
      ignored: skipped.filter(({reason}) => reason === 'git').map((each) => each.path),
    }
  }
  /** What git tracks, or would add. */
  const known = (folder = '') => {
    const list = git('-C', folder || '.', 'ls-files', '-z', '--cached', '--others', '--exclude-standard')
    return [...new Set(list.split('\0').filter(Boolean))].sort()
  }
  return {root, home, git, packed, known}
}

const files = [
  ...['a.md', 'a.log', 'dist/x', 'dist/keep/y', 'sub/a.log', 'sub/dist/z', 'sub/keep.log', 'sub/deep/a.md'],
  ...['local/s', 'sub/local/s', '#hash', 'sp ace/a', '[x]/b.log', 'ä.log', 'sub/deep/only.tmp'],
]

describe('git: what it ignores', () => {
  const cases: Record<string, Record<string, string>> = {
    'one at the top': {'.gitignore': '*.log\ndist/\n'},
    'a negation': {'.gitignore': '*.log\n!keep.log\n/local\n'},
    'one in a folder overrides an outer one': {'.gitignore': '*.log\n', 'sub/.gitignore': '!a.log\n/dist\n'},
    'in a folder with pattern characters': {'[x]/.gitignore': '*\n'},
    '.git/info/exclude is overridden by .gitignore': {'.git/info/exclude': '*.log\nlocal/\n', '.gitignore': '!a.log\n'},
    'comments, escapes, blanks and CRLF': {'.gitignore': '# a.md\r\n\\#hash\r\n*.tmp   \r\n'},
  }
  for (const [title, rules] of Object.entries(cases)) {
    it(`git: packs exactly the files that git does not ignore: ${title}`, async (t) => {
      const {root, packed, known} = await repository(t, files)
      await writeTree(root, rules)
      const {paths} = await packed()
      assert.deepEqual([...paths].sort(), known())
      assert.ok(paths.length < files.length + Object.keys(rules).filter((file) => !file.startsWith('.git/')).length)
    })
  }

  it('git: a tracked file is packed even if a rule matches it, also in an ignored directory', async (t) => {
    const {root, git, packed, known} = await repository(t, files)
    git('add', '--force', 'dist/keep/y', 'a.log')
    await writeTree(root, {'.gitignore': '*.log\ndist\n'})
    const {paths, ignored} = await packed()
    assert.deepEqual([...paths].sort(), known())
    assert.ok(paths.includes('dist/keep/y') && paths.includes('a.log') && !paths.includes('dist/x'))
    assert.ok(ignored.includes('dist/x'))
  })

  it("git: the user's own rules apply, from the default file and from core.excludesFile", async (t) => {
    const {root, home, git, packed, known} = await repository(t, files)
    await writeTree(home, {'.config/git/ignore': '*.log\n'})
    assert.deepEqual([...(await packed()).paths].sort(), known())
    assert.ok(!(await packed()).paths.includes('a.log'))
    await writeTree(home, {
      '.gitconfig': '[user]\n\tname = x\n[core]\n\texcludesFile = "~/my ignores" # mine\n',
      'my ignores': 'dist\n',
    })
    assert.deepEqual([...(await packed()).paths].sort(), known())
    assert.ok((await packed()).paths.includes('a.log') && !(await packed()).paths.includes('dist/x'))
    git('config', 'core.excludesFile', path.join(root, 'a.md'))
    await writeFile(path.join(root, 'a.md'), 'local\n')
    assert.deepEqual([...(await packed()).paths].sort(), known())
    assert.ok((await packed()).paths.includes('dist/x') && !(await packed()).paths.includes('local/s'))
  })

  it('git: rules above the package apply, unless the package itself is ignored', async (t) => {
    const {root, packed, known} = await repository(t, files)
    await writeTree(root, {'.gitignore': '*.log\n/sub/dist\n'})
    const {paths} = await packed('sub')
    assert.deepEqual([...paths].sort(), known('sub'))
    assert.deepEqual(paths, ['deep/a.md', 'deep/only.tmp', 'local/s'])
    await writeTree(root, {'.gitignore': 'sub/\n', 'sub/.gitignore': '*.tmp\n'})
    const generated = await packed('sub')
    assert.deepEqual(generated.ignored, ['deep/only.tmp'])
    assert.ok(generated.paths.includes('dist/z') && generated.paths.includes('a.log'))
  })

  it('git: linked worktrees and submodules have their own index and the rules of the common directory', async (t) => {
    const {root, git, packed} = await repository(t, {'a.md': 'x', 'run.sh': '#!/bin/sh\n', '.gitignore': '*.log\n'})
    git('add', '.')
    git('update-index', '--chmod=+x', 'run.sh')
    git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'x')
    git('worktree', 'add', '--quiet', 'tree')
    await writeTree(root, {'tree/b.log': 'x', 'tree/c.tmp': 'x', '.git/info/exclude': '*.tmp\ntree\n'})
    await chmod(path.join(root, 'tree/run.sh'), 0o644)
    const {paths, executable} = await packed('tree')
    assert.deepEqual(paths, ['.gitignore', 'a.md', 'run.sh'])
    assert.deepEqual(executable, ['run.sh'])

    git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', root, 'module')
    await writeTree(root, {'module/b.log': 'x'})
    await chmod(path.join(root, 'module/run.sh'), 0o644)
    const outer = await packed()
    assert.ok(outer.executable.includes('module/run.sh') && !outer.paths.includes('module/b.log'))
  })

  it('git: without a repository, .gitignore applies', async (t) => {
    const {root, packed} = await repository(t, files)
    await rm(path.join(root, '.git'), {recursive: true})
    await writeTree(root, {'.gitignore': 'dist\n', 'sub/.gitignore': '*.log\n'})
    const {paths, ignored} = await packed()
    assert.deepEqual(ignored, ['dist/', 'sub/a.log', 'sub/dist/', 'sub/keep.log'])
    assert.ok(paths.includes('a.log'))
  })

  it('git: a hostile .git file is refused in linear time', async (t) => {
    const {root, packed} = await repository(t, files)
    await rm(path.join(root, '.git'), {recursive: true})
    await writeFile(path.join(root, '.git'), `gitdir: a${' '.repeat(1_000_000)}b`)
    const began = performance.now()
    await assert.rejects(packed(), {code: 'FILE_UNREADABLE'})
    assert.ok(performance.now() - began < 5000)
  })

  it('git: a package without git on the PATH is packed the same', async (t) => {
    const {root, git, packed} = await repository(t, files)
    git('add', '.')
    await writeTree(root, {'.gitignore': '*.log\nlocal\n', 'sub/local/new': 'x'})
    const before = await packed()
    const {PATH} = process.env
    t.after(() => (process.env['PATH'] = PATH))
    process.env['PATH'] = ''
    assert.deepEqual(await packed(), before)
  })
})

describe('git: what it tracks', () => {
  for (const [title, init, after] of [
    ['version 2', [], []],
    ['version 3, with a file that is only intended to be added', [], [['add', '--intent-to-add', 'late.md']]],
    ['version 4', [], [['update-index', '--index-version', '4']]],
    ['a SHA-256 repository', ['--object-format=sha256'], []],
    [
      'an index without a checksum',
      [],
      [
        ['config', 'index.skipHash', 'true'],
        ['add', 'late.md'],
      ],
    ],
  ] as [string, string[], string[][]][]) {
    it(`git index: reads every path and mode: ${title}`, async (t) => {
      const names = Array.from({length: 40}, (_, index) => `${'d/'.repeat(index % 4)}${'n'.repeat(index)}ä${index}.md`)
      const {root, git} = await repository(t, [...names, 'late.md'], init)
      for (const name of names.slice(0, 7)) await makeExecutable(path.join(root, name))
      await symlink('x', path.join(root, 'link'))
      git('add', '--', ...names, 'link')
      for (const args of after) git(...args)
      const index = await readFile(path.join(root, '.git/index'))
      const hashSize = init.length > 0 ? 32 : 20
      const found = parseGitIndex(index, hashSize)
      const kinds: Record<string, string> = {'100644': 'file', '100755': 'executable', '120000': 'other'}
      const expected = git('ls-files', '--stage', '-z')
        .split('\0')
        .filter(Boolean)
        .map((line) => ({path: line.split('\t')[1], kind: kinds[line.slice(0, 6)]}))
      assert.deepEqual(found, expected)
      assert.ok(found.length > names.length)
      for (const length of [0, 11, 40, 200, index.length - 45]) {
        assert.throws(() => parseGitIndex(index.subarray(0, length), hashSize), {name: 'GitIndexProblem'})
      }
    })
  }

  it('git index: a split index and an unknown version are refused with a reason', async (t) => {
    const {root, git, packed} = await repository(t, files)
    git('add', '.')
    git('update-index', '--split-index')
    await assert.rejects(packed(), {
      code: 'FILE_UNREADABLE',
      message: /it is split$/,
      suggestions: ['run `git update-index --no-split-index`'],
    })
    git('update-index', '--no-split-index')
    await packed()
    const index = path.join(root, '.git/index')
    const bytes = await readFile(index)
    bytes.writeUInt32BE(9, 4)
    await writeFile(index, bytes)
    await assert.rejects(packed(), {code: 'FILE_UNREADABLE', message: /it has the unknown version 9/})
  })

  it('git: a file that git tracks as a symbolic link is refused on every system', async (t) => {
    const {root, git, packed} = await repository(t, {'a.md': 'x'})
    await symlink('a.md', path.join(root, 'link'))
    git('add', '.')
    await rm(path.join(root, 'link'))
    await writeFile(path.join(root, 'link'), 'a.md')
    await assert.rejects(packed(), {code: 'PACKAGE_NOT_PACKABLE', message: /link is a symbolic link in git/})
  })
})
