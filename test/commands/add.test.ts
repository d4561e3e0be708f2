import assert from 'node:assert/strict'
import {readFile, readlink, rm, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import Add from '../../src/commands/add.js'
import Install from '../../src/commands/install.js'
import {nothingToCheck} from '../../src/project/installation/status-report.js'
import {noSetup} from '../../src/tools/setup-report.js'
import {failureOf} from '../support/command.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'

async function start(t: TestContext, dependencies: Record<string, string> = {}) {
  const registry = await startPlainRegistry(t)
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) await registry.put({name: '@acme/lib', version})
  await registry.put({name: '@acme/lib', version: '3.0.0-rc.1'})
  registry.tag('@acme/lib', 'latest', '2.0.0')
  registry.tag('@acme/lib', 'next', '3.0.0-rc.1')
  await registry.put({name: '@acme/old', dependencies: {'@acme/lib': '^1.0.0'}})
  await registry.put({name: '@acme/new', dependencies: {'@acme/lib': '^2.0.0'}})
  return {registry, project: await startProject(t, registry.url, dependencies)}
}

const frozen = ['--frozen-lockfile']

/** The project shows no tool, and the packages are libraries. */
const onlyShared = {...noSetup, tools: ['agents'], isFallback: true}

describe('add', () => {
  it('add: writes manifest and lockfile, installs, and prints who publishes the packages of a new scope', async (t) => {
    const {registry, project} = await start(t)
    const {stdout, stderr} = await project.succeed(Add, ['@acme/new'])
    assert.match(
      stderr,
      /^Added @acme\/new@1\.0\.0\nAlso installed 1 transitive dependency\nInstalled 2 packages in \d+\.\ds\nNew scope @acme: @acme\/new is published by ada\n2 packages are not signed by their authors\nNot set up: @acme\/lib, @acme\/new \(no tool reads packages of type library\)\n$/,
    )
    assert.match(stdout, /^Range: \^1\.0\.0\nLocation: .*\/apkg_packages\/@acme\/new\nIntegrity: sha256-\S{44}\n$/)
    assert.deepEqual((await project.manifest()).dependencies, {'@acme/new': '^1.0.0'})
    assert.deepEqual(await project.locked(), {'@acme/lib': '2.0.0', '@acme/new': '1.0.0'})
    assert.deepEqual(await project.installed(), await project.locked())
    await project.succeed(Install, frozen)
    const second = await project.succeed(Add, ['@acme/lib', '--json'])
    const {added, signatures: _, ...rest} = JSON.parse(second.stdout)
    // This registry doesn't say which versions were taken down.
    const unchecked = {...nothingToCheck, state: 'unchecked'}
    const nothing = {installed: [], removed: [], unchanged: 2, status: unchecked, setup: onlyShared}
    assert.deepEqual(rest, {registry: registry.url, ...nothing})
    assert.deepEqual(
      added.map(({name, version, range}: Record<string, string>) => ({name, version, range})),
      [{name: '@acme/lib', version: '2.0.0', range: '^2.0.0'}],
    )
    assert.doesNotMatch(second.stderr, /New scope/)
  })

  it('add: names each package before its details if there are several', async (t) => {
    const {project} = await start(t)
    const {stdout} = await project.succeed(Add, ['@acme/new', '@acme/lib'])
    assert.match(stdout, /^Package: @acme\/new@1\.0\.0\nRange: [^]*\nPackage: @acme\/lib@2\.0\.0\nRange: /)
  })

  it('add: warns about a deprecated package that is already installed', async (t) => {
    const {registry, project} = await start(t)
    await registry.put({name: '@acme/old', version: '1.0.1'}, {deprecated: 'Use @acme/new'})
    for (let time = 1; time <= 2; time++) {
      const {stderr} = await project.succeed(Add, ['@acme/old'])
      assert.match(stderr, /Warning: @acme\/old@1\.0\.1 is deprecated: Use @acme\/new\n/)
    }
  })

  it('add: prints the publishers once for each new scope', async (t) => {
    const {registry, project} = await start(t)
    await registry.put({name: '@other/one'})
    const {stderr} = await project.succeed(Add, ['@acme/new', '@other/one', '@acme/lib'])
    assert.deepEqual(
      stderr.split('\n').filter((line) => line.includes('New scope')),
      [
        'New scope @acme: @acme/new, @acme/lib are published by ada',
        'New scope @other: @other/one is published by ada',
      ],
    )
  })

  for (const [spec, range, version] of [
    ['@acme/lib', '^2.0.0', '2.0.0'],
    ['@acme/lib@1.0.0', '1.0.0', '1.0.0'],
    ['@acme/lib@~1.0', '~1.0', '1.0.0'],
    ['@acme/lib@^1', '^1', '1.1.0'],
    ['@acme/lib@next', '^3.0.0-rc.1', '3.0.0-rc.1'],
  ] as const) {
    it(`add: saves ${range} for ${spec}, and installs ${version}`, async (t) => {
      const {project} = await start(t)
      await project.succeed(Add, [spec])
      assert.deepEqual((await project.manifest()).dependencies, {'@acme/lib': range})
      assert.deepEqual(await project.installed(), {'@acme/lib': version})
      await project.succeed(Install, frozen)
    })
  }

  it('add: installs the newest version even if an older one is locked', async (t) => {
    const {project} = await start(t, {'@acme/lib': '^1.0.0'})
    await project.succeed(Install)
    assert.deepEqual(await project.installed(), {'@acme/lib': '1.1.0'})
    await project.succeed(Add, ['@acme/lib'])
    assert.deepEqual(await project.installed(), {'@acme/lib': '2.0.0'})
    assert.deepEqual(await project.locked(), {'@acme/lib': '2.0.0'})
  })

  it('add: rejects a package that conflicts with existing dependencies, and changes nothing', async (t) => {
    const {project} = await start(t, {'@acme/old': '^1.0.0'})
    await project.succeed(Install)
    const before = await project.tree()
    const {code, message} = failureOf(await project.run(Add, ['@acme/new', '--json']))
    assert.equal(code, 'DEPENDENCY_CONFLICT')
    assert.match(message, /@acme\/old[^]*@acme\/lib/)
    assert.match(message, /@acme\/new 1\.0\.0 \(requested: 1\.0\.0\) requires @acme\/lib \^2\.0\.0/)
    assert.match(message, /@acme\/old 1\.0\.0 \(apkg\.json: \^1\.0\.0\) requires/)
    const {stderr} = await project.run(Add, ['@acme/new'])
    assert.match(stderr, /request a compatible version of @acme\/new\n.*change the range of @acme\/old in apkg\.json\n/)
    assert.deepEqual(await project.tree(), before)
  })

  it('add: keeps the other fields of the manifest and its indentation', async (t) => {
    const {project} = await start(t)
    const text = '{\n    "name": "@ada/p",\n    "x-tool": {"a": 1},\n    "version": "1.0.0",\n    "type": "project"\n}'
    await writeFile(project.at('apkg.json'), text)
    const {stderr} = await project.succeed(Add, ['@acme/lib'])
    assert.match(stderr, /^Warning: `x-tool` is not a field of apkg\.json\n/)
    const now = await readFile(project.at('apkg.json'), 'utf8')
    assert.match(
      now,
      /^\{\n {4}"name"[^]*"x-tool"[^]*"type": "project",\n {4}"dependencies": \{\n {8}"@acme\/lib"[^]*\}$/,
    )
  })

  for (const [what, argv, code, exit] of [
    ['an invalid name', ['Lib'], 'SPEC_INVALID', 2],
    ['a name without a scope', ['lib'], 'PACKAGE_NOT_FOUND', 1],
    ['an unknown package', ['@acme/none'], 'PACKAGE_NOT_FOUND', 1],
    ['an unknown tag', ['@acme/lib@beta'], 'TAG_NOT_FOUND', 1],
    ['a range without a matching version', ['@acme/lib@^9'], 'VERSION_NOT_FOUND', 1],
    ['the same package twice', ['@acme/lib', '@acme/lib@1'], 'USAGE', 2],
    ['no arguments', [], 'USAGE', 2],
  ] as const) {
    it(`add: rejects ${what}, and changes nothing`, async (t) => {
      const {project} = await start(t)
      const before = await project.tree()
      const failed = failureOf(await project.run(Add, [...argv, '--json']))
      assert.deepEqual([failed.code, failed.exitCode], [code, exit])
      assert.deepEqual(await project.tree(), before)
    })
  }

  it('add: reports a package that cannot be downloaded, and changes nothing', async (t) => {
    const {registry, project} = await start(t)
    registry.removeTarball('@acme/lib', '2.0.0')
    const before = await project.tree()
    const {code, message} = failureOf(await project.run(Add, ['@acme/new', '--json']))
    assert.equal(code, 'PACKAGE_NOT_FOUND')
    assert.match(message, /^Package not found: @acme\/lib@2\.0\.0 on /)
    const {stderr} = await project.run(Add, ['@acme/new'])
    assert.match(stderr, /run `apkg login --registry http:\S+` or set APKG_TOKEN to an API token\n/)
    assert.deepEqual(await project.tree(), before)
  })

  it('add: creates a missing apkg.json, and reports it', async (t) => {
    const {project} = await start(t)
    await rm(project.at('apkg.json'))
    const {stderr} = await project.succeed(Add, ['@acme/new'])
    const {name, type, dependencies} = JSON.parse(await readFile(project.at('apkg.json'), 'utf8'))
    assert.match(stderr, new RegExp(`^Created apkg\\.json for ${name}$`, 'm'))
    assert.deepEqual(
      {name, type, dependencies},
      {
        name: `@scope/${path.basename(project.folder).toLowerCase()}`,
        type: 'project',
        dependencies: {'@acme/new': '^1.0.0'},
      },
    )
    assert.deepEqual(await project.installed(), {'@acme/lib': '2.0.0', '@acme/new': '1.0.0'})
    await project.succeed(Install, frozen)
    const second = await project.succeed(Add, ['@acme/lib', '--json'])
    assert.ok(!('createdManifest' in JSON.parse(second.stdout)))
  })

  it('add --json: reports the new apkg.json, and so does install with a package', async (t) => {
    for (const command of [Add, Install]) {
      const {project} = await start(t)
      await rm(project.at('apkg.json'))
      const {stdout} = await project.succeed(command, ['@acme/lib', '--json'])
      assert.equal(JSON.parse(stdout).createdManifest, project.at('apkg.json'))
    }
  })

  it('add: a failure without an apkg.json creates nothing, and a dangling link is never replaced', async (t) => {
    const {registry, project} = await start(t)
    await rm(project.at('apkg.json'))
    assert.equal(failureOf(await project.run(Add, ['@acme/none', '--json'])).code, 'PACKAGE_NOT_FOUND')
    registry.removeTarball('@acme/lib', '2.0.0')
    assert.equal(failureOf(await project.run(Add, ['@acme/new', '--json'])).code, 'PACKAGE_NOT_FOUND')
    assert.equal(failureOf(await project.run(Install, ['--json'])).code, 'MANIFEST_NOT_FOUND')
    assert.deepEqual(await project.tree(), {})
    await symlink(project.at('nowhere'), project.at('apkg.json'))
    assert.equal(failureOf(await project.run(Add, ['@acme/old', '--json'])).code, 'MANIFEST_NOT_FOUND')
    assert.equal(await readlink(project.at('apkg.json')), project.at('nowhere'))
  })
})
