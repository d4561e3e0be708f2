import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {generateKeyPair} from '@apkg/package-format/signing'

import Deprecate from '../../src/commands/deprecate.js'
import Info from '../../src/commands/info.js'
import {failureOf, seen, startSession} from '../support/command.js'
import {Machine} from '../support/machine.js'
import {sessionOf} from '../support/publish-package.js'
import {publishSigned, registerKey} from '../support/publish-signed.js'
import {startPublished} from '../support/published.js'
import {password} from '../support/registry.js'

async function start(t: TestContext) {
  const fields = {
    ...{name: '@ada/tool', type: 'skill', description: 'Reviews code', license: 'MIT'},
    ...{origin: 'cursor', targets: ['cursor']},
  }
  return startPublished(t, [
    {name: '@ada/lib'},
    {...fields, version: '1.0.0'},
    {...fields, version: '1.1.0', dependencies: {'@ada/lib': '^1.0.0'}},
    {...fields, version: '2.0.0-rc.1', tag: 'next'},
  ])
}

describe('info --files', () => {
  const skill = `---
name: review
description: Reviews a change. Use it before a commit.
allowed-tools: Bash(git diff:*)
---

See https://example.com/guide
`

  it('info --files: lists the files, and what they let tools do, also from the cache', async (t) => {
    const files = {'SKILL.md': skill, 'scripts/run.py': 'print(1)\n'}
    const {run, registry} = await startPublished(t, [{name: '@ada/review', type: 'skill', files}])
    const {stdout, stderr, exitCode} = await run(Info, ['@ada/review', '--files'])
    assert.deepEqual([stderr, exitCode], ['', 0])
    assert.match(
      stdout,
      /^Files:\n {2}139 B {2}SKILL\.md\n {2}.* apkg\.json\n {4}9 B {2}scripts\/run\.py\n\nFor tools:\n/,
    )
    assert.match(stdout, /^ {2}Claude Code, .* may use Bash\(git diff:\*\) without asking \(SKILL\.md\)$/m)
    assert.match(stdout, /^ {2}skill SKILL\.md\n {2}host example\.com \(SKILL\.md:7\)\n {2}program scripts\/run\.py$/m)
    registry.requests.length = 0
    const offline = await run(Info, ['@ada/review', '--files', '--json', '--offline'])
    const {content} = JSON.parse(offline.stdout)
    assert.deepEqual(content.files[2], {path: 'scripts/run.py', size: 9, executable: false})
    assert.equal(content.unread, null)
    assert.deepEqual(registry.requests, [])
  })

  it('info --files: says why no tool loads a package', async (t) => {
    const {run} = await startPublished(t, [{name: '@ada/lib', type: 'library'}])
    const {stdout} = await run(Info, ['@ada/lib', '--files'])
    assert.match(stdout, /^For tools: nothing \(no tool reads packages of type library\)$/m)
  })
})

describe('info', () => {
  it('info: shows the package, its latest version and all versions', async (t) => {
    const {run} = await start(t)
    await run(Deprecate, ['@ada/tool@1.0.0', 'Misses files'])
    const {stdout, stderr, exitCode} = await run(Info, ['@ada/tool'])
    assert.deepEqual([stderr, exitCode], ['', 0])
    const scrubbed = stdout
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
      .replace(/\d{4}-\d\d-\d\d/g, '<date>')
      .replace(/sha256-\S{44}/, '<integrity>')
      .replace(/\d+ B/g, '<size>')
    assert.equal(
      scrubbed,
      `@ada/tool@1.1.0
Reviews code

Install: apkg add @ada/tool

Visibility: public
Type: skill
License: MIT
Origin: cursor
Targets: cursor
Published: <time>
Published by: ada
Size: <size>
Unpacked size: <size>
Files: 1
Integrity: <integrity>
Signed by: no one

Readme: no

Dependencies:
  @ada/lib  ^1.0.0

Dist-Tags:
  latest  1.1.0
  next    2.0.0-rc.1

Versions:
  2.0.0-rc.1 [skill] <date>
  1.1.0 [skill] <date>
  1.0.0 [skill] <date> (deprecated: Misses files)

Maintainers: ada (owner)
Created: <time>
Updated: <time>
`,
    )
  })

  for (const [wanted, version] of [
    ['1.0.0', '1.0.0'],
    ['next', '2.0.0-rc.1'],
    ['latest', '1.1.0'],
    ['^1.0.0', '1.1.0'],
    ['1', '1.1.0'],
  ] as const) {
    it(`info: @${wanted} selects ${version}`, async (t) => {
      const {run} = await start(t)
      const {stdout} = await run(Info, [`@ada/tool@${wanted}`, '--json'])
      assert.equal(JSON.parse(stdout).version.version, version)
    })
  }

  it('info: --json includes integrity, license, dependencies, deprecation and readme', async (t) => {
    const {run, registry} = await start(t)
    await run(Deprecate, ['@ada/tool', 'Use @ada/new'])
    const info = JSON.parse((await run(Info, ['@ada/tool', '--json'])).stdout)
    assert.match(info.version.integrity, /^sha256-\S{44}$/)
    assert.deepEqual(
      [info.registry, info.deprecated, info.version.license, info.version.dependencies, info.hasReadme],
      [registry.url, 'Use @ada/new', 'MIT', {'@ada/lib': '^1.0.0'}, false],
    )
    assert.deepEqual(
      info.versions.map(({version, yanked}: {version: string; yanked: boolean}) => [version, yanked]),
      [
        ['2.0.0-rc.1', false],
        ['1.1.0', false],
        ['1.0.0', false],
      ],
    )
    assert.match(
      (await run(Info, ['@ada/tool'])).stdout,
      /^@ada\/tool@1\.1\.0\nReviews code\nDeprecated: Use @ada\/new\n/,
    )
  })

  for (const [argument, code, exitCode, message] of [
    ['@ada/tool@9.9.9', 'VERSION_NOT_FOUND', 1, /9\.9\.9 does not exist/],
    ['@ada/tool@^3.0.0', 'VERSION_NOT_FOUND', 1, /none satisfies \^3\.0\.0/],
    ['@ada/tool@beta', 'TAG_NOT_FOUND', 1, /"beta"/],
    ['@ada/none', 'PACKAGE_NOT_FOUND', 1, /^Package not found: @ada\/none on /],
    ['tool', 'PACKAGE_NOT_FOUND', 1, /^Package not found: tool on /],
    ['@ada/../tool', 'SPEC_INVALID', 2, /is not a valid package spec/],
  ] as const) {
    it(`info: ${argument} fails with ${code}`, async (t) => {
      const {run} = await start(t)
      const failure = failureOf(await run(Info, [argument, '--json']))
      assert.deepEqual([failure.code, failure.exitCode], [code, exitCode])
      assert.match(failure.message, message)
    })
  }

  it('info: offline, shows cached metadata or fails', async (t) => {
    const {run} = await start(t)
    const online = await run(Info, ['@ada/tool'])
    assert.deepEqual(seen(await run(Info, ['@ada/tool', '--offline'])), seen(online))
    const failure = failureOf(await run(Info, ['@ada/lib', '--offline', '--json']))
    assert.deepEqual([failure.code, failure.exitCode], ['OFFLINE', 5])
    assert.equal(failure.message, 'Offline mode: cannot look up @ada/lib')
  })
})

describe('info: the readme, the signature and the install line', () => {
  const readme = '# Tool\n\n\u001B[2JReviews code.\n'

  async function startSigned(t: TestContext) {
    const world = await startSession(t)
    const session = await sessionOf(world.registry.url, 'ada', password)
    const key = generateKeyPair()
    const keyId = await registerKey(world.registry.url, session, key)
    await publishSigned(
      world.registry.url,
      session,
      {name: '@ada/tool', files: {'README.md': readme}, readme} as Parameters<typeof publishSigned>[2],
      {key},
    )
    return {...world, keyId}
  }

  it('info: shows who signed the version, and how to install it', async (t) => {
    const {run, registry, keyId} = await startSigned(t)
    const {stdout} = await run(Info, ['@ada/tool@^1', '--registry', registry.url])
    assert.ok(stdout.includes(`Install: apkg add @ada/tool@^1 --registry ${registry.url}\n`), stdout)
    assert.ok(stdout.includes(`Signed by: ${keyId} (ada)\n`), stdout)
    const {signature, install, readme: absent} = JSON.parse((await run(Info, ['@ada/tool', '--json'])).stdout)
    assert.deepEqual(signature, {status: 'verified', signer: keyId, username: 'ada'})
    assert.deepEqual([install, absent], ['apkg add @ada/tool', undefined])
    const offline = await run(Info, ['@ada/tool@>=1', '--offline'])
    assert.ok(offline.stdout.includes(`Signed by: ${keyId} (ada)\n`), offline.stdout + offline.stderr)
    assert.ok(offline.stdout.includes("Install: apkg add '@ada/tool@>=1'\n"))
  })

  it('info --readme: prints the readme alone, with control characters escaped', async (t) => {
    const {run} = await startSigned(t)
    assert.deepEqual(seen(await run(Info, ['@ada/tool', '--readme'])), {
      stdout: '# Tool\n\n\\u{1b}[2JReviews code.\n',
      stderr: '',
      exitCode: 0,
    })
    assert.equal(JSON.parse((await run(Info, ['@ada/tool', '--readme', '--json'])).stdout).readme, readme)
  })

  it('info --readme: reports a missing readme', async (t) => {
    const {run} = await start(t)
    const outcome = seen(await run(Info, ['@ada/tool', '--readme']))
    assert.deepEqual(outcome, {stdout: '', stderr: '@ada/tool has no readme.\n', exitCode: 0})
    assert.equal(JSON.parse((await run(Info, ['@ada/tool', '--readme', '--json'])).stdout).definition, null)
  })

  it('info --readme: shows the definition of a package without a readme, and names it', async (t) => {
    const [one, two] = ['---\ndescription: First\n---\nRead.\u001B[2J\n', '---\ndescription: Second\n---\nRun.\n']
    const files = {'agents/one.md': one, 'agents/two.md': two}
    const {run} = await startPublished(t, [{name: '@ada/agents', type: 'agent', files}])
    assert.deepEqual(seen(await run(Info, ['@ada/agents', '--readme'])), {
      stdout: '---\ndescription: First\n---\nRead.\\u{1b}[2J\n',
      stderr: '@ada/agents has no readme. This is agents/one.md of 1.0.0, the first of its 2 definitions:\n',
      exitCode: 0,
    })
    const {readme: empty, definition} = JSON.parse((await run(Info, ['@ada/agents', '--readme', '--json'])).stdout)
    assert.deepEqual([empty, definition], ['', {path: 'agents/one.md', text: one, count: 2}])
  })

  it('info --readme on a terminal: uses the pager, or none if it cannot be started', async (t) => {
    const {registry} = await startSigned(t)
    const machine = await Machine.start(t)
    const show = async (pager: string) => {
      const terminal = machine.terminal(['info', '@ada/tool', '--readme'], {APKG_REGISTRY: registry.url, PAGER: pager})
      assert.equal(await terminal.ended, 0, terminal.text)
      return terminal.text
    }
    assert.match(await show('sed s/Reviews/Paged/'), /^# Tool\n\n.*Paged code\.\n/)
    for (const pager of ['no-such-pager', '']) assert.match(await show(pager), /^# Tool\n\n.*Reviews code\.\n/, pager)
  })
})
