import assert from 'node:assert/strict'
import {chmod, chown, mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {program} from '../support/machine.js'
import {giveAway, onlyRoot, otherUser, runAsOther} from '../support/other-user.js'
import {startOtherUsersProject} from '../support/other-users-project.js'
import {tempFolder} from '../support/temp-folder.js'

const placed = '.claude/skills/ada-base/SKILL.md'

describe('a home directory that cannot be written', onlyRoot, () => {
  for (const args of [['install'], ['install', '--frozen-lockfile'], ['update'], ['add', '@ada/base']]) {
    it(`apkg ${args.join(' ')}: sets up tools`, async (t) => {
      const {project, home, run} = await checkedOut(t)
      await chown(home, 0, 0)
      await chmod(home, 0o755)
      const {stderr, exitCode} = await run(...args)
      assert.equal(exitCode, 0, stderr)
      assert.doesNotMatch(stderr, /denied|failed/)
      assert.match(await readFile(path.join(project, placed), 'utf8'), /Read\./)
    })
  }

  it('apkg setup --check: compares the tool files with the installed packages as they are', async (t) => {
    const {project, home, run} = await checkedOut(t)
    await chown(home, 0, 0)
    await chmod(home, 0o755)
    assert.equal((await run('install', '--frozen-lockfile')).exitCode, 0)
    const check = async () => {
      const {stdout, exitCode} = await run('setup', '--check', '--json')
      const {packages, limitations} = JSON.parse(stdout)
      assert.equal(limitations.length, 1)
      assert.match(limitations[0], /^Cannot verify the packages in .*apkg_packages: /)
      return [
        exitCode,
        packages.map((each: {state: string; problems: {kind: string}[]}) => [
          each.state,
          ...each.problems.map(({kind}) => kind),
        ]),
      ]
    }
    assert.deepEqual(await check(), [0, [['loads']]])
    const {stderr} = await run('setup', '--check')
    assert.match(stderr, /^Warning: Cannot verify the packages in .*\nAll packages load in Claude Code\.\n$/)
    const doctor = JSON.parse((await run('doctor', '--offline', '--json')).stdout)
    const tools = doctor.findings.filter(({title}: {title: string}) => title === 'Tools')
    // Whether the packages are intact could not be checked.
    assert.deepEqual([...new Set(tools.map(({status}: {status: string}) => status))].sort(), ['ok', 'skipped'])
    await rm(path.join(project, placed))
    assert.deepEqual(await check(), [1, [['fails', 'missing']]])
    await writeFile(path.join(project, placed), 'changed')
    assert.deepEqual(await check(), [1, [['fails', 'unread', 'unread']]])
    await rm(path.join(project, 'apkg_packages/@ada/base/apkg.json'))
    assert.deepEqual(await check(), [1, [['fails', 'package']]])
  })

  it('apkg setup --check: a package at another version than the locked one is not installed', async (t) => {
    const {project, home, run} = await checkedOut(t)
    await chown(home, 0, 0)
    await chmod(home, 0o755)
    assert.equal((await run('install', '--frozen-lockfile')).exitCode, 0)
    const manifest = path.join(project, 'apkg_packages/@ada/base/apkg.json')
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('1.0.0', '1.0.1'))
    const {stdout, exitCode} = await run('setup', '--check', '--json')
    const [checked] = JSON.parse(stdout).packages
    assert.deepEqual(
      [checked.state, checked.problems[0].reason, exitCode],
      ['fails', 'not installed; run `apkg install`', 1],
    )
  })

  it('apkg setup: does not claim that all is well, because it cannot know what is installed', async (t) => {
    const {home, run} = await checkedOut(t)
    await chown(home, 0, 0)
    await chmod(home, 0o755)
    assert.equal((await run('install', '--no-setup')).exitCode, 0)
    const {stderr, exitCode} = await run('setup')
    assert.equal(exitCode, 1)
    assert.match(stderr, /^Error: Cannot determine what apkg installed in .*\n {2}hint: run `apkg install`/)
  })
})

describe('a ~/.apkg that cannot be read', onlyRoot, () => {
  for (const args of [['install'], ['install', '--frozen-lockfile']]) {
    it(`apkg ${args.join(' ')}: with APKG_TOKEN and a lockfile, installs what is locked and warns once`, async (t) => {
      const {project, home, run} = await checkedOut(t)
      await close(home)
      const {stderr, exitCode} = await run(...args)
      assert.equal(exitCode, 0, stderr)
      assert.equal(stderr.match(/trust\.json/g)?.length, 1, stderr)
      assert.match(
        stderr,
        /^Warning: Cannot read .*trust\.json: permission denied\. Your routes, pinned keys and policies are ignored/m,
      )
      assert.match(await readFile(path.join(project, placed), 'utf8'), /Read\./)
    })

    it(`apkg ${args.join(' ')}: without APKG_TOKEN, or without a lockfile, installs nothing`, async (t) => {
      const {project, home, env, run} = await checkedOut(t)
      await close(home)
      const {APKG_TOKEN: _, ...anonymous} = env
      const refused = await runAsOther([...program, ...args], {env: anonymous, cwd: project})
      assert.equal(refused.exitCode, 1, refused.stderr)
      assert.match(refused.stderr, /^Error: Cannot read .*permission denied/m)
      await rm(path.join(project, 'apkg-lock.json'))
      const unlocked = await run(...args)
      assert.equal(unlocked.exitCode, 1, unlocked.stderr)
      await assert.rejects(readFile(path.join(project, placed)), {code: 'ENOENT'})
      await assert.rejects(readFile(path.join(project, 'apkg-lock.json')), {code: 'ENOENT'})
    })
  }

  it('apkg setup --check: works, and warns that settings are ignored', async (t) => {
    const {home, run} = await checkedOut(t)
    await close(home)
    assert.equal((await run('install', '--frozen-lockfile')).exitCode, 0)
    const {stdout, stderr, exitCode} = await run('setup', '--check')
    assert.equal(exitCode, 0, stderr)
    assert.match(stdout, /@ada\/base@1\.0\.0\tClaude Code\tloads/)
    assert.match(stderr, /^Warning: Cannot read .*config\.json: permission denied\. Your settings are ignored$/m)
  })

  for (const args of [
    ['dist-tag', 'add', '@ada/tool@1.0.0', 'next'],
    ['dist-tag', 'rm', '@ada/tool', 'next'],
    ['deprecate', '@ada/tool', 'Old'],
  ]) {
    it(`apkg ${args.join(' ')}: works with APKG_TOKEN, and warns that routes were not read`, async (t) => {
      const {project, home, env, run} = await checkedOut(t)
      await close(home)
      assert.equal((await run('publish', '--tag', 'next')).exitCode, 0)
      const {stderr, exitCode} = await run(...args)
      assert.equal(exitCode, 0, stderr)
      assert.match(stderr, /trust\.json: permission denied\. The routes of scopes were not read\./)
      const {APKG_TOKEN: _, ...anonymous} = env
      const refused = await runAsOther([...program, ...args], {env: anonymous, cwd: project})
      assert.notEqual(refused.exitCode, 0)
    })
  }

  it('apkg add: installs nothing, because versions would be chosen without the policies', async (t) => {
    const {home, run} = await checkedOut(t)
    await close(home)
    const {stderr, exitCode} = await run('add', '@ada/base')
    assert.equal(exitCode, 1)
    assert.match(stderr, /^Error: Cannot read .*permission denied/m)
  })

  it('apkg publish: works with APKG_TOKEN, and warns that routes were not read', async (t) => {
    const {home, run} = await checkedOut(t)
    await close(home)
    const {stderr, exitCode} = await run('publish')
    assert.equal(exitCode, 0, stderr)
    assert.equal(stderr.match(/trust\.json/g)?.length, 1, stderr)
    assert.match(stderr, /Published @ada\/tool/)
  })
})

describe('apkg setup in directories that cannot be written', onlyRoot, () => {
  it('apkg setup: exits with 6 if some files were refused and with 1 if all were, and says what to check', async (t) => {
    const {project, run} = await checkedOut(t)
    await mkdir(path.join(project, '.cursor'))
    await giveAway(project)
    assert.equal((await run('install', '--no-setup')).exitCode, 0)
    await chmod(path.join(project, '.claude'), 0o555)
    const some = await run('setup')
    assert.equal(some.exitCode, 6, some.stderr)
    assert.match(some.stderr, /\(permission denied\)\. Check the owner and permissions of \.claude\/skills\/ada-base/)
    assert.doesNotMatch(some.stderr, /out of the way/)
    assert.equal((await run('setup')).exitCode, 6)
    await rm(path.join(project, '.cursor'), {recursive: true})
    const all = await run('setup')
    assert.equal(all.exitCode, 1, all.stderr)
    await chmod(path.join(project, '.claude'), 0o755)
    assert.equal((await run('setup')).exitCode, 0)
  })
})

describe('files and directories without access', onlyRoot, () => {
  it('apkg doctor: reports that ~/.apkg cannot be created', async (t) => {
    const {home, run} = await checkedOut(t)
    await chmod(home, 0o555)
    const {stdout, exitCode} = await run('doctor', '--offline', '--json')
    assert.equal(exitCode, 1)
    assert.match(stdout, /Cannot write [^"]*: permission denied/)
  })

  it('apkg install: reports a project directory that cannot be written', async (t) => {
    const {project, run} = await checkedOut(t)
    await chmod(project, 0o555)
    const {stdout, exitCode} = await run('install', '--json')
    assert.deepEqual([JSON.parse(stdout).error.code, exitCode], ['FILE_UNWRITABLE', 1])
  })

  it('apkg install --gitignore: warns about a .gitignore that cannot be read, and installs', async (t) => {
    const {project, run} = await checkedOut(t)
    await mkdir(path.join(project, '.git'))
    const ignored = path.join(project, '.gitignore')
    await writeFile(ignored, 'x\n', {mode: 0})
    const {stderr, exitCode} = await run('install', '--gitignore')
    assert.equal(exitCode, 0, stderr)
    assert.match(stderr, /^Warning: apkg_packages\/ was not added to \.gitignore: .*permission denied/m)
    assert.equal(await readFile(ignored, 'utf8'), 'x\n')
    assert.match(await readFile(path.join(project, placed), 'utf8'), /Read\./)
  })

  it('apkg cache verify: reports a cached tarball that cannot be read, and apkg install downloads it again', async (t) => {
    const {project, home, run} = await checkedOut(t)
    assert.equal((await run('install')).exitCode, 0)
    await rm(path.join(project, 'apkg_packages'), {recursive: true})
    const tarballs = path.join(home, '.apkg', 'cache', 'tarballs')
    const files = (await readdir(tarballs, {recursive: true})).filter((file) => file.endsWith('.tar.zst'))
    assert.equal(files.length, 1)
    await chmod(path.join(tarballs, files[0] ?? ''), 0)
    const {stdout, exitCode} = await run('cache', 'verify', '--json')
    assert.deepEqual([JSON.parse(stdout).error?.code, exitCode], ['FILE_UNREADABLE', 1], stdout)
    const installed = await run('install')
    assert.equal(installed.exitCode, 0, installed.stderr)
  })
})

/** Makes `~/.apkg` unreadable. */
async function close(home: string): Promise<void> {
  const folder = path.join(home, '.apkg')
  await mkdir(folder, {recursive: true})
  await writeFile(path.join(folder, 'trust.json'), '{"scopes": {}}')
  await chown(folder, otherUser, otherUser)
  await chmod(folder, 0)
}

/** A registry, and a package with a lockfile, in a directory of the uid. */
async function checkedOut(t: TestContext) {
  const {project, env: access} = await startOtherUsersProject(t)
  const home = await tempFolder(t)
  await giveAway(home)
  const env = {...access, HOME: home}
  const run = (...args: string[]) => runAsOther([...program, ...args], {env, cwd: project})
  const locked = await run('install')
  assert.equal(locked.exitCode, 0, locked.stderr)
  await Promise.all([
    rm(path.join(project, 'apkg_packages'), {recursive: true}),
    rm(path.join(home, '.apkg'), {recursive: true}),
  ])
  await mkdir(path.join(project, '.claude'))
  await giveAway(project)
  return {project, home, env, run}
}
