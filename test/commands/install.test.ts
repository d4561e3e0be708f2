import assert from 'node:assert/strict'
import {appendFile, cp, mkdir, readdir, readFile, rm, stat, utimes, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import Install from '../../src/commands/install.js'
import {nothingToCheck} from '../../src/project/installation/status-report.js'
import {noSetup} from '../../src/tools/setup-report.js'
import {pinElsewhere, projectState, startAcmeProject} from '../support/acme-project.js'
import {failureOf} from '../support/command.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'
import {treeOf} from '../support/tree.js'

const frozen = ['--frozen-lockfile']

const packuments = ['GET /packages/@acme/app', 'GET /packages/@acme/lib', 'GET /packages/@other/deep']

/** The project shows no tool, and the packages are libraries. */
const onlyShared = {...noSetup, tools: ['agents'], isFallback: true}

describe('install', () => {
  it('install: installs the complete graph, one version of each package, and locks it', async (t) => {
    const {registry, project} = await startAcmeProject(t)
    const {stderr, stdout} = await project.succeed(Install)
    assert.match(
      stderr,
      /^Installed 3 packages in \d+\.\ds\n3 packages are not signed by their authors\nNot set up: @acme\/app, @acme\/lib, @other\/deep \(no tool reads packages of type library\)\n$/,
    )
    assert.equal(stdout, '')
    const versions = {'@acme/app': '1.0.0', '@acme/lib': '1.1.0', '@other/deep': '1.0.0'}
    assert.deepEqual(await project.installed(), versions)
    assert.deepEqual(await project.locked(), versions)
    assert.equal(await readFile(project.at('apkg_packages/@acme/lib/docs/guide.md'), 'utf8'), 'newer guide')
    assert.deepEqual((await readdir(project.at('apkg_packages'))).sort(), [
      '.ledger.json',
      '.setup.json',
      '@acme',
      '@other',
    ])
    const others = registry.requests.filter((request) => !request.startsWith('GET /packages/@'))
    assert.deepEqual(others, ['POST /packages/status'])
  })

  it('install: prints what it did with --json', async (t) => {
    const {registry, project} = await startAcmeProject(t)
    const {stdout} = await project.succeed(Install, ['--json'])
    const {installed, ...rest} = JSON.parse(stdout)
    const unsigned = ['@acme/app@1.0.0', '@acme/lib@1.1.0', '@other/deep@1.0.0']
    const signatures = {unsigned, unrecorded: [], unchecked: [], changed: []}
    // This registry doesn't say which versions were taken down.
    const status = {...nothingToCheck, state: 'unchecked'}
    const unread = [
      {package: '@acme/app', version: '1.0.0', type: 'library'},
      {package: '@acme/lib', version: '1.1.0', type: 'library'},
      {package: '@other/deep', version: '1.0.0', type: 'library'},
    ]
    const setup = {...onlyShared, unread}
    assert.deepEqual(rest, {registry: registry.url, removed: [], unchanged: 0, signatures, status, setup})
    assert.deepEqual(
      installed.map(({name, version}: {name: string; version: string}) => `${name}@${version}`),
      unsigned,
    )
    assert.match(installed[0].integrity, /^sha256-/)
    assert.deepEqual(JSON.parse((await project.succeed(Install, ['--json'])).stdout), {
      registry: registry.url,
      installed: [],
      removed: [],
      unchanged: 3,
      signatures: {...signatures, unsigned: []},
      status,
      setup: onlyShared,
    })
  })

  it('install: a second run changes no file, and only asks for takedowns if the network is allowed', async (t) => {
    const {registry, project} = await startAcmeProject(t)
    await project.succeed(Install)
    const before = await projectState(project)
    registry.requests.length = 0
    for (const argv of [[], frozen, ['--offline']]) {
      const {stderr} = await project.succeed(Install, argv)
      assert.match(stderr, /^Up to date: 3 packages in \d+\.\ds\n$/)
    }
    assert.deepEqual(registry.requests, ['POST /packages/status', 'POST /packages/status'])
    assert.deepEqual(await projectState(project), before)
  })

  it('install: keeps locked versions when newer ones are published, and only requests their packuments', async (t) => {
    const {registry, project} = await startAcmeProject(t)
    await project.succeed(Install)
    await registry.put({name: '@acme/lib', version: '1.2.0'})
    await rm(project.at('apkg_packages'), {recursive: true})
    const lock = await readFile(project.at('apkg-lock.json'), 'utf8')
    registry.requests.length = 0
    await project.succeed(Install)
    assert.equal((await project.installed())['@acme/lib'], '1.1.0')
    assert.equal(await readFile(project.at('apkg-lock.json'), 'utf8'), lock)
    assert.deepEqual(registry.requests.sort(), [...packuments, 'POST /packages/status'])
    registry.requests.length = 0
    await project.succeed(Install)
    assert.deepEqual(registry.requests, ['POST /packages/status'])
  })

  it('install: makes no request if everything is cached, even in another project', async (t) => {
    const {registry, project} = await startAcmeProject(t)
    await project.succeed(Install)
    const other = await startProject(t, registry.url, {'@acme/app': '^1.0.0'})
    await cp(project.at('apkg-lock.json'), other.at('apkg-lock.json'))
    registry.requests.length = 0
    await other.succeed(Install, ['--offline'], {home: project.home})
    await rm(other.at('apkg_packages'), {recursive: true})
    await other.succeed(Install, [...frozen, '--offline'], {home: project.home})
    assert.deepEqual(await other.installed(), await project.installed())
    assert.deepEqual(registry.requests, [])
  })

  it('install: removes packages that are no longer needed, but nothing that apkg did not install', async (t) => {
    const {project} = await startAcmeProject(t)
    await project.succeed(Install)
    await mkdir(project.at('apkg_packages/@mine/own'), {recursive: true})
    await writeFile(project.at('apkg_packages/@mine/own/notes.md'), 'mine')
    await writeFile(project.at('apkg.json'), '{"name": "@ada/p", "version": "1.0.0", "type": "project"}')
    const {stderr} = await project.succeed(Install)
    assert.equal(stderr, 'Removed 3 packages that are no longer needed\nKept (not installed by apkg): @mine/own\n')
    assert.deepEqual(await treeOf(project.at('apkg_packages')), {'@mine/own/notes.md': 'mine'})
    assert.deepEqual(await project.locked(), {})
    assert.match((await project.succeed(Install)).stderr, /^No dependencies to install\.\n/)
  })

  it('install: reports that there is nothing to install, and creates nothing', async (t) => {
    const {project} = await startAcmeProject(t, {})
    for (const argv of [[], frozen]) {
      assert.equal((await project.succeed(Install, argv)).stderr, 'No dependencies to install.\n')
    }
    assert.deepEqual(Object.keys(await project.tree()), ['apkg.json'])
  })

  for (const [damage, make] of Object.entries({
    'a modified file': (folder: string) => writeFile(path.join(folder, 'docs/guide.md'), 'forged'),
    'an extra file': (folder: string) => writeFile(path.join(folder, 'docs/further.md'), ''),
    'a missing file': (folder: string) => rm(path.join(folder, 'docs/guide.md')),
    'a missing directory': (folder: string) => rm(folder, {recursive: true}),
  })) {
    it(`install: reinstalls only the package with ${damage}`, async (t) => {
      const {project} = await startAcmeProject(t)
      await project.succeed(Install)
      const {tree} = await projectState(project)
      for (const argv of [[], frozen]) {
        const other = await stat(project.at('apkg_packages/@other/deep/apkg.json'))
        await make(project.at('apkg_packages/@acme/lib'))
        assert.match((await project.succeed(Install, argv)).stderr, /^Installed 1 package /m)
        const now = await project.tree()
        assert.deepEqual({...now, 'apkg_packages/.ledger.json': ''}, {...tree, 'apkg_packages/.ledger.json': ''})
        assert.equal((await stat(project.at('apkg_packages/@other/deep/apkg.json'))).ino, other.ino)
      }
    })
  }

  it('install: hashes files whose times changed, and updates the ledger once', async (t) => {
    const {project} = await startAcmeProject(t)
    await project.succeed(Install)
    const file = project.at('apkg_packages/@acme/lib/docs/guide.md')
    await utimes(file, 1, 1)
    const before = await stat(file)
    const ledger = await readFile(project.at('apkg_packages/.ledger.json'), 'utf8')
    assert.match((await project.succeed(Install)).stderr, /^Up to date/)
    assert.equal((await stat(file)).ctimeMs, before.ctimeMs)
    const updated = await readFile(project.at('apkg_packages/.ledger.json'), 'utf8')
    assert.notEqual(updated, ledger)
    await project.succeed(Install)
    assert.equal(await readFile(project.at('apkg_packages/.ledger.json'), 'utf8'), updated)
  })

  it('install: warns about deprecated versions when they are installed, and never chooses a yanked one', async (t) => {
    const registry = await startPlainRegistry(t)
    await registry.put({name: '@acme/lib', version: '1.0.0'}, {deprecated: 'use @acme/new\u001b[2J'})
    await registry.put({name: '@acme/lib', version: '1.1.0'}, {yanked: true})
    const project = await startProject(t, registry.url, {'@acme/lib': '^1.0.0'})
    const warning = /^Warning: @acme\/lib@1\.0\.0 is deprecated: use @acme\/new\\u\{1b\}\[2J\n/m
    assert.match((await project.succeed(Install)).stderr, warning)
    assert.doesNotMatch((await project.succeed(Install)).stderr, /deprecated/)
    await rm(project.at('apkg_packages'), {recursive: true})
    assert.match((await project.succeed(Install)).stderr, warning)
  })

  it('install: works if the cache is not writable', async (t) => {
    const {project} = await startAcmeProject(t)
    await writeFile(path.join(project.home, 'file'), '')
    await project.succeed(Install, [], {env: {APKG_CACHE_DIR: path.join(project.home, 'file', 'cache')}})
    assert.equal(Object.keys(await project.installed()).length, 3)
    assert.deepEqual((await readdir(project.at('apkg_packages'))).sort(), [
      '.ledger.json',
      '.setup.json',
      '@acme',
      '@other',
    ])
  })

  it('install: downloads corrupt cached tarballs again, and fails offline', async (t) => {
    const {project} = await startAcmeProject(t)
    await project.succeed(Install)
    const cache = path.join(project.home, '.apkg', 'cache')
    const damage = async () => {
      await rm(project.at('apkg_packages'), {recursive: true})
      const files = await readdir(cache, {recursive: true})
      for (const file of files.filter((each) => each.endsWith('.zst'))) await appendFile(path.join(cache, file), 'x')
    }
    await damage()
    await project.succeed(Install)
    await damage()
    const offline = failureOf(await project.run(Install, ['--offline', '--json']))
    assert.deepEqual([offline.code, offline.exitCode], ['OFFLINE', 5])
    assert.deepEqual(Object.keys(await project.tree()), ['apkg-lock.json', 'apkg.json'])
  })

  it('install: rejects installed packages once their scope is routed to another registry', async (t) => {
    const {project} = await startAcmeProject(t)
    await project.succeed(Install)
    await pinElsewhere(project)
    const before = await projectState(project)
    assert.equal(failureOf(await project.run(Install, ['--json'])).code, 'LOCKFILE_OTHER_REGISTRY')
    assert.deepEqual(await projectState(project), before)
  })

  it('install: rejects packages together with --frozen-lockfile', async (t) => {
    const {project} = await startAcmeProject(t)
    const {code, exitCode} = failureOf(await project.run(Install, ['@acme/lib', ...frozen, '--json']))
    assert.deepEqual([code, exitCode], ['USAGE', 2])
  })

  it('install: adds the given packages', async (t) => {
    const {project} = await startAcmeProject(t, {})
    const {stdout} = await project.succeed(Install, ['@acme/lib@~1.0'])
    assert.match(stdout, /^Range: ~1\.0\nLocation: .*\/apkg_packages\/@acme\/lib\nIntegrity: sha256-.*\n$/)
    assert.deepEqual((await project.manifest()).dependencies, {'@acme/lib': '~1.0'})
    await project.succeed(Install, frozen)
  })
})

describe('install from a hostile registry', () => {
  const lies: Record<string, [string, Parameters<Awaited<ReturnType<typeof startPlainRegistry>>['put']>]> = {
    'other bytes': ['INTEGRITY_MISMATCH', [{name: '@acme/bad'}, {}, Buffer.from('not it')]],
    'another integrity': ['INTEGRITY_MISMATCH', [{name: '@acme/bad'}, {integrity: `sha256-${'A'.repeat(43)}=`}]],
    'another type': ['PACKAGE_MISMATCH', [{name: '@acme/bad', type: 'skill'}, {type: 'rule'}]],
    'hidden dependencies': [
      'PACKAGE_MISMATCH',
      [{name: '@acme/bad', dependencies: {'@acme/lib': '*'}}, {dependencies: {}}],
    ],
    'claimed dependencies': ['PACKAGE_MISMATCH', [{name: '@acme/bad'}, {dependencies: {'@acme/lib': '*'}}]],
  }
  for (const [what, [code, arguments_]] of Object.entries(lies)) {
    it(`install from a hostile registry: rejects a package with ${what}, and changes nothing`, async (t) => {
      const {registry, project} = await startAcmeProject(t)
      await project.succeed(Install)
      await registry.put(...arguments_)
      const before = await projectState(project)
      const failed = failureOf(await project.run(Install, ['@acme/bad', '--json']))
      assert.equal(failed.code, code)
      assert.match(failed.message, /@acme\/bad@1\.0\.0/)
      assert.deepEqual(await projectState(project), before)
    })
  }

  it('install from a hostile registry: rejects a package with another name or version than requested', async (t) => {
    const {registry, project} = await startAcmeProject(t)
    await registry.put({name: '@acme/evil', version: '6.6.6'})
    const {packDraft} = await import('../support/publish-package.js')
    const {tarball, metadata} = await packDraft({name: '@acme/evil', version: '6.6.6'})
    for (const draft of [
      {name: '@acme/good', version: '6.6.6'},
      {name: '@acme/evil', version: '1.0.0'},
    ]) {
      await registry.put(draft, {integrity: metadata.integrity}, tarball)
      const {code} = failureOf(await project.run(Install, [`${draft.name}@${draft.version}`, '--json']))
      assert.equal(code, 'PACKAGE_MISMATCH')
      assert.deepEqual(await project.installed(), {})
    }
  })
})
