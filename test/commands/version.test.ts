import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import Version from '../../src/commands/version.js'
import {failureOf, seen, startWorld} from '../support/command.js'
import {makeTree} from '../support/make-tree.js'

const text = '{\n  "name": "@ada/tool",\n  "version": "1.2.3",\n  "type": "skill",\n  "x": 1.0\n}\n'

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, {cwd, encoding: 'utf8'}).trim()
}

const identity = {
  'user.name': 'Ada',
  'user.email': 'ada@example.com',
  'commit.gpgsign': 'false',
  'tag.gpgsign': 'false',
}

/** A package in a git repository, at its root or below it. */
async function start(t: TestContext, folder = '.') {
  const {run} = await startWorld(t)
  const root = await makeTree(t, {'README.md': '# Repository\n'})
  const cwd = path.join(root, folder)
  await mkdir(cwd, {recursive: true})
  await writeFile(path.join(cwd, 'apkg.json'), text)
  git(root, 'init', '--quiet')
  for (const [key, value] of Object.entries(identity)) git(root, 'config', key, value)
  git(root, 'add', '.')
  git(root, 'commit', '--quiet', '--message', 'Start')
  const manifest = () => readFile(path.join(cwd, 'apkg.json'), 'utf8')
  return {
    root,
    cwd,
    manifest,
    version: (...argv: string[]) => run(Version, argv, {cwd, env: {PATH: process.env['PATH']}}),
  }
}

describe('version', () => {
  it('version: prints the version once on a terminal', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await makeTree(t, {'apkg.json': text})
    const {stdout, stderr} = await run(Version, ['patch', '--no-git'], {cwd, terminal: true})
    assert.deepEqual([stdout, stderr.trim()], ['', '✓ @ada/tool: 1.2.3 → 1.2.4'])
  })

  it('version: sets the version, commits apkg.json alone and tags the commit', async (t) => {
    const {root, version, manifest} = await start(t)
    await writeFile(path.join(root, 'untracked.md'), 'x')
    assert.deepEqual(seen(await version('patch')), {
      stdout: '1.2.4\n',
      stderr: '@ada/tool: 1.2.3 → 1.2.4, committed and tagged v1.2.4\n',
      exitCode: 0,
    })
    assert.equal(await manifest(), text.replace('1.2.3', '1.2.4'))
    assert.equal(git(root, 'show', '--format=%s', '--name-only', 'v1.2.4^{commit}'), 'v1.2.4\n\napkg.json')
    const {git: release, ...change} = JSON.parse((await version('2.0.0-rc.1', '--json')).stdout)
    assert.deepEqual(change, {name: '@ada/tool', version: '2.0.0-rc.1', previous: '1.2.4'})
    assert.deepEqual(release, {commit: git(root, 'rev-parse', 'HEAD'), tag: 'v2.0.0-rc.1'})
    assert.equal((await version('major')).stdout, '2.0.0\n')
  })

  it('version: the tag of a package in a subdirectory has its name', async (t) => {
    const {root, version} = await start(t, 'packages/tool')
    assert.equal((await version('minor')).exitCode, 0)
    assert.equal(git(root, 'tag', '--list'), '@ada/tool@1.3.0')
  })

  it('version: uncommitted changes, an existing tag and a failing hook leave everything unchanged', async (t) => {
    const {root, version, manifest} = await start(t)
    const head = git(root, 'rev-parse', 'HEAD')
    const fails = async (code: string, pattern: RegExp) => {
      const failure = failureOf(await version('patch', '--json'))
      assert.deepEqual([failure.code, failure.exitCode], [code, 1])
      assert.match(failure.message, pattern)
      assert.deepEqual([await manifest(), git(root, 'rev-parse', 'HEAD')], [text, head])
    }
    await writeFile(path.join(root, 'README.md'), 'changed')
    await fails('GIT_UNCLEAN', /M README\.md/)
    git(root, 'checkout', '--quiet', 'README.md')
    git(root, 'tag', 'v1.2.4')
    await fails('GIT_FAILED', /the tag v1\.2\.4 already exists/)
    git(root, 'tag', '--delete', 'v1.2.4')
    const hook = path.join(root, '.git', 'hooks', 'pre-commit')
    await writeFile(hook, '#!/bin/sh\necho "tests failed" >&2\nexit 1\n', {mode: 0o755})
    await fails('GIT_FAILED', /tests failed/)
  })

  for (const [title, setting] of [
    ['the tag cannot be signed', (root: string) => git(root, 'config', 'tag.gpgsign', 'true')],
    ['a tag is in the way', (root: string) => git(root, 'tag', 'v1.2.4/rc')],
  ] as const) {
    it(`version: undoes the commit if ${title}`, async (t) => {
      const {root, version, manifest} = await start(t)
      git(root, 'config', 'gpg.program', 'false')
      setting(root)
      const head = git(root, 'rev-parse', 'HEAD')
      assert.equal(failureOf(await version('patch', '--json')).code, 'GIT_FAILED')
      assert.deepEqual(
        [await manifest(), git(root, 'rev-parse', 'HEAD'), git(root, 'status', '--short')],
        [text, head, ''],
      )
      assert.equal(git(root, 'tag', '--list', 'v1.2.4'), '')
    })
  }

  it('version: a failing commit leaves nothing staged, even if it is the first one', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await makeTree(t, {'apkg.json': text})
    git(cwd, 'init', '--quiet')
    for (const [key, value] of Object.entries({...identity, 'gpg.program': 'false'})) git(cwd, 'config', key, value)
    const version = () => run(Version, ['patch', '--json'], {cwd, env: {PATH: process.env['PATH']}})
    git(cwd, 'config', 'commit.gpgsign', 'true')
    assert.equal(failureOf(await version()).code, 'GIT_FAILED')
    assert.equal(git(cwd, 'status', '--short'), '?? apkg.json')
    git(cwd, 'config', 'commit.gpgsign', 'false')
    git(cwd, 'config', 'tag.gpgsign', 'true')
    assert.equal(failureOf(await version()).code, 'GIT_FAILED')
    assert.equal(git(cwd, 'status', '--short'), '?? apkg.json')
    assert.equal(await readFile(path.join(cwd, 'apkg.json'), 'utf8'), text)
    assert.throws(() => git(cwd, 'rev-parse', '--verify', '--quiet', 'HEAD'))
  })

  it('version: if the branch has moved in the meantime, the error says what was committed and how to finish', async (t) => {
    const {root, version, manifest} = await start(t)
    // Simulates another process that commits between the commit and the tag.
    const signer = path.join(root, '.git', 'signer')
    await writeFile(signer, '#!/bin/sh\ngit commit --quiet --allow-empty --no-gpg-sign -m other\nexit 1\n', {
      mode: 0o755,
    })
    git(root, 'config', 'gpg.program', signer)
    git(root, 'config', 'tag.gpgsign', 'true')
    const {stderr, exitCode} = await version('patch')
    assert.equal(exitCode, 1)
    const commit = git(root, 'rev-parse', 'HEAD~1')
    assert.match(
      stderr,
      new RegExp(`^Error: Set the version and committed it as ${commit}, but git could not tag it: `),
    )
    assert.equal(await manifest(), text.replace('1.2.3', '1.2.4'))
    assert.equal(git(root, 'status', '--short'), '')
    const [, finishing = ''] = /run `git (tag [^`]+)`/.exec(stderr) ?? []
    git(root, ...finishing.split(' '), '--no-sign')
    assert.equal(git(root, 'rev-parse', 'v1.2.4^{commit}'), commit)
  })

  it('version: --no-git only changes apkg.json, even with uncommitted changes', async (t) => {
    const {root, version, manifest} = await start(t)
    await writeFile(path.join(root, 'README.md'), 'changed')
    const {stderr, exitCode} = await version('minor', '--no-git')
    assert.deepEqual([stderr, exitCode], ['@ada/tool: 1.2.3 → 1.3.0\n', 0])
    assert.equal(await manifest(), text.replace('1.2.3', '1.3.0'))
    assert.equal(git(root, 'tag', '--list'), '')
  })

  it('version: outside a git repository, only apkg.json changes', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await makeTree(t, {'apkg.json': text})
    const {stdout} = await run(Version, ['major', '--json'], {cwd, env: {PATH: process.env['PATH']}})
    assert.deepEqual(JSON.parse(stdout), {name: '@ada/tool', version: '2.0.0', previous: '1.2.3', git: null})
  })

  it('version: rejects an invalid version, and the one that is already set', async (t) => {
    const {version, manifest} = await start(t)
    for (const [wanted, message] of [
      ['huge', '`huge` is not a version'],
      ['1.2', '`1.2` is not a version'],
      ['1.2.3', 'The version is already 1.2.3'],
    ] as const) {
      assert.deepEqual(failureOf(await version(wanted, '--json')), {code: 'USAGE', message, exitCode: 2})
    }
    assert.equal(await manifest(), text)
  })
})
