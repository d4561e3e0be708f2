import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {appendFile, chmod, cp, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import Install from '../../src/commands/install.js'
import {noSetup} from '../../src/tools/setup-report.js'
import {basisOf} from '../../src/project/installation/basis.js'
import {ensureLedgerKey} from '../../src/project/installation/ledger-key.js'
import {readLedger, writeLedger} from '../../src/project/installation/ledger.js'
import {failureOf} from '../support/command.js'
import {writeTree} from '../support/make-tree.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject, type TestProject} from '../support/project.js'
import {tempFolder} from '../support/temp-folder.js'
import {treeOf} from '../support/tree.js'

/** `@acme/app` needs `@acme/lib` and `@other/deep`, which needs `@acme/lib` too. */
async function start(t: TestContext, dependencies: Record<string, string> = {'@acme/app': '^1.0.0'}) {
  const registry = await startPlainRegistry(t)
  await registry.put({name: '@acme/lib', version: '1.0.0', files: {'docs/guide.md': 'guide'}})
  await registry.put({name: '@acme/lib', version: '1.1.0', files: {'docs/guide.md': 'newer guide'}})
  await registry.put({name: '@other/deep', dependencies: {'@acme/lib': '^1.0.0'}})
  await registry.put({name: '@acme/app', dependencies: {'@acme/lib': '^1.0.0', '@other/deep': '*'}})
  return {registry, project: await startProject(t, registry.url, dependencies)}
}

const frozen = ['--frozen-lockfile']

const packuments = ['GET /packages/@acme/app', 'GET /packages/@acme/lib', 'GET /packages/@other/deep']

async function pinElsewhere({home}: TestProject) {
  const trust = {scopes: {'@other': 'https://r.example'}}
  await writeFile(path.join(home, '.apkg/trust.json'), JSON.stringify(trust))
}

/** Everything that a failed installation has to leave as it was. */
async function stateOf(project: TestProject) {
  const tree = await project.tree()
  const stats = await Promise.all(Object.keys(tree).map((name) => stat(project.at(name))))
  return {tree, stats: stats.map(({mtimeMs, ctimeMs, ino}) => [mtimeMs, ctimeMs, ino])}
}

describe('apkg install', () => {
  it('installs the whole graph, one version of each package, and locks it', async (t) => {
    const {registry, project} = await start(t)
    const {stderr, stdout} = await project.succeed(Install)
    assert.match(stderr, /^Warning: Not signed by their authors: [^\n]*\nInstalled 3 packages in \d+\.\ds\n$/)
    assert.equal(stdout, '')
    const versions = {'@acme/app': '1.0.0', '@acme/lib': '1.1.0', '@other/deep': '1.0.0'}
    assert.deepEqual(await project.installed(), versions)
    assert.deepEqual(await project.locked(), versions)
    assert.equal(await readFile(project.at('apkg_packages/@acme/lib/docs/guide.md'), 'utf8'), 'newer guide')
    assert.deepEqual((await readdir(project.at('apkg_packages'))).sort(), ['.ledger.json', '@acme', '@other'])
    assert.ok(registry.requests.every((request) => request.startsWith('GET /packages/@')))
  })

  it('says what it did under --json', async (t) => {
    const {registry, project} = await start(t)
    const {stdout} = await project.succeed(Install, ['--json'])
    const {installed, ...rest} = JSON.parse(stdout)
    const unsigned = ['@acme/app@1.0.0', '@acme/lib@1.1.0', '@other/deep@1.0.0']
    const signatures = {unsigned, unrecorded: [], unchecked: [], changed: []}
    assert.deepEqual(rest, {registry: registry.url, removed: [], unchanged: 0, signatures, setup: noSetup})
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
      setup: noSetup,
    })
  })

  it('has nothing to do the second time: no request, no file touched', async (t) => {
    const {registry, project} = await start(t)
    await project.succeed(Install)
    const before = await stateOf(project)
    registry.requests.length = 0
    for (const argv of [[], frozen, ['--offline']]) {
      const {stderr} = await project.succeed(Install, argv)
      assert.match(stderr, /^Up to date: 3 packages in \d+\.\ds\n$/)
    }
    assert.deepEqual(registry.requests, [])
    assert.deepEqual(await stateOf(project), before)
  })

  it('keeps locked versions when newer ones appear, and asks only what became of what it installs', async (t) => {
    const {registry, project} = await start(t)
    await project.succeed(Install)
    await registry.put({name: '@acme/lib', version: '1.2.0'})
    await rm(project.at('apkg_packages'), {recursive: true})
    const lock = await readFile(project.at('apkg-lock.json'), 'utf8')
    registry.requests.length = 0
    await project.succeed(Install)
    assert.equal((await project.installed())['@acme/lib'], '1.1.0')
    assert.equal(await readFile(project.at('apkg-lock.json'), 'utf8'), lock)
    assert.deepEqual(registry.requests.sort(), packuments)
    registry.requests.length = 0
    await project.succeed(Install)
    assert.deepEqual(registry.requests, [])
  })

  it('asks no registry where the cache has everything, for another project too', async (t) => {
    const {registry, project} = await start(t)
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

  it('removes what is no longer needed, and nothing that it did not install', async (t) => {
    const {project} = await start(t)
    await project.succeed(Install)
    await mkdir(project.at('apkg_packages/@mine/own'), {recursive: true})
    await writeFile(project.at('apkg_packages/@mine/own/notes.md'), 'mine')
    await writeFile(project.at('apkg.json'), '{"name": "@ada/p", "version": "1.0.0", "type": "project"}')
    const {stderr} = await project.succeed(Install)
    assert.equal(
      stderr,
      'Removed 3 packages that nothing needs any more\nLeft as it is, since apkg did not install it: @mine/own\n',
    )
    assert.deepEqual(await treeOf(project.at('apkg_packages')), {'@mine/own/notes.md': 'mine'})
    assert.deepEqual(await project.locked(), {})
    assert.match((await project.succeed(Install)).stderr, /^No dependencies to install\.\n/)
  })

  it('says so where nothing is to be installed, and makes nothing', async (t) => {
    const {project} = await start(t, {})
    for (const argv of [[], frozen]) {
      assert.equal((await project.succeed(Install, argv)).stderr, 'No dependencies to install.\n')
    }
    assert.deepEqual(Object.keys(await project.tree()), ['apkg.json'])
  })

  for (const [damage, make] of Object.entries({
    'a changed file': (folder: string) => writeFile(path.join(folder, 'docs/guide.md'), 'forged'),
    'a further file': (folder: string) => writeFile(path.join(folder, 'docs/further.md'), ''),
    'a missing file': (folder: string) => rm(path.join(folder, 'docs/guide.md')),
    'a missing folder': (folder: string) => rm(folder, {recursive: true}),
  })) {
    it(`mends a package with ${damage}, and only that`, async (t) => {
      const {project} = await start(t)
      await project.succeed(Install)
      const {tree} = await stateOf(project)
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

  it('reads files again whose times changed, finds them whole, and notes the times once', async (t) => {
    const {project} = await start(t)
    await project.succeed(Install)
    const file = project.at('apkg_packages/@acme/lib/docs/guide.md')
    await utimes(file, 1, 1)
    const before = await stat(file)
    const ledger = await readFile(project.at('apkg_packages/.ledger.json'), 'utf8')
    assert.match((await project.succeed(Install)).stderr, /^Up to date/)
    assert.equal((await stat(file)).ctimeMs, before.ctimeMs)
    const noted = await readFile(project.at('apkg_packages/.ledger.json'), 'utf8')
    assert.notEqual(noted, ledger)
    await project.succeed(Install)
    assert.equal(await readFile(project.at('apkg_packages/.ledger.json'), 'utf8'), noted)
  })

  it('warns of deprecated versions when they are installed, and never chooses a yanked one', async (t) => {
    const registry = await startPlainRegistry(t)
    await registry.put({name: '@acme/lib', version: '1.0.0'}, {deprecated: 'use @acme/new\u001b[2J'})
    await registry.put({name: '@acme/lib', version: '1.1.0'}, {yanked: true})
    const project = await startProject(t, registry.url, {'@acme/lib': '^1.0.0'})
    const caution = /^Warning: @acme\/lib@1\.0\.0 is deprecated: use @acme\/new\\u\{1b\}\[2J\n/m
    assert.match((await project.succeed(Install)).stderr, caution)
    assert.doesNotMatch((await project.succeed(Install)).stderr, /deprecated/)
    await rm(project.at('apkg_packages'), {recursive: true})
    assert.match((await project.succeed(Install)).stderr, caution)
  })

  it('goes on where the cache cannot be written', async (t) => {
    const {project} = await start(t)
    await writeFile(path.join(project.home, 'file'), '')
    await project.succeed(Install, [], {env: {APKG_CACHE_DIR: path.join(project.home, 'file', 'cache')}})
    assert.equal(Object.keys(await project.installed()).length, 3)
    assert.deepEqual((await readdir(project.at('apkg_packages'))).sort(), ['.ledger.json', '@acme', '@other'])
  })

  it('fetches again what is damaged in the cache, and tells offline that it cannot', async (t) => {
    const {project} = await start(t)
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

  it('refuses what is installed once its scope is pinned to another registry', async (t) => {
    const {project} = await start(t)
    await project.succeed(Install)
    await pinElsewhere(project)
    const before = await stateOf(project)
    assert.equal(failureOf(await project.run(Install, ['--json'])).code, 'SCOPE_PINNED')
    assert.deepEqual(await stateOf(project), before)
  })

  it('takes no packages together with --frozen-lockfile', async (t) => {
    const {project} = await start(t)
    const {code, exitCode} = failureOf(await project.run(Install, ['@acme/lib', ...frozen, '--json']))
    assert.deepEqual([code, exitCode], ['USAGE', 2])
  })

  it('adds the packages that are named', async (t) => {
    const {project} = await start(t, {})
    const {stdout} = await project.succeed(Install, ['@acme/lib@~1.0'])
    assert.match(stdout, /^Range: ~1\.0\nLocation: .*\/apkg_packages\/@acme\/lib\nIntegrity: sha256-.*\n$/)
    assert.deepEqual((await project.manifest()).dependencies, {'@acme/lib': '~1.0'})
    await project.succeed(Install, frozen)
  })
})

describe('apkg install --frozen-lockfile', () => {
  it('installs what the lockfile holds and touches neither it nor the manifest', async (t) => {
    const {registry, project} = await start(t)
    await project.succeed(Install)
    await registry.put({name: '@acme/lib', version: '1.2.0'})
    for (const folder of [project.at('apkg_packages'), path.join(project.home, '.apkg/cache')]) {
      await rm(folder, {recursive: true})
    }
    const before = await stateOf(project)
    registry.requests.length = 0
    await project.succeed(Install, frozen)
    const files = ['apkg.json', 'apkg-lock.json']
    const now = await Promise.all(files.map((file) => stat(project.at(file))))
    assert.deepEqual(now.map(({mtimeMs, ctimeMs, ino}) => [mtimeMs, ctimeMs, ino]).sort(), before.stats.sort())
    assert.equal((await project.installed())['@acme/lib'], '1.1.0')
    assert.deepEqual(registry.requests.sort(), [
      'GET /packages/@acme/app/1.0.0/tarball',
      'GET /packages/@acme/lib/1.1.0/tarball',
      'GET /packages/@other/deep/1.0.0/tarball',
    ])
  })

  it('finds a changed file that its times and size do not show', async (t) => {
    const {project} = await start(t)
    await project.succeed(Install)
    const ledger = project.at('apkg_packages/.ledger.json')
    const guide = project.at('apkg_packages/@acme/lib/docs/guide.md')
    await writeFile(guide, 'NEWER GUIDE')
    const {mtimeMs, ctimeMs, ino} = await stat(guide)
    const key = await ensureLedgerKey(project.home)
    const content = await readLedger(ledger, key)
    for (const file of [...content.packages.values()].flatMap(({files}) => files)) {
      if (file.path === 'docs/guide.md') Object.assign(file, {mtimeMs, ctimeMs, ino})
    }
    await writeLedger(ledger, content, {key, scratch: project.folder})
    assert.match((await project.succeed(Install)).stderr, /^Up to date/)
    assert.match((await project.succeed(Install, frozen)).stderr, /^Installed 1 package/m)
    assert.equal(await readFile(guide, 'utf8'), 'newer guide')
  })

  it('installs again what came with a ledger of another user, whatever that vouches for', async (t) => {
    const {project} = await start(t)
    await project.succeed(Install)
    const guide = project.at('apkg_packages/@acme/lib/docs/guide.md')
    await writeFile(guide, 'forged')
    const ledgerFile = project.at('apkg_packages/.ledger.json')
    const key = await ensureLedgerKey(project.home)
    const ledger = await readLedger(ledgerFile, key)
    const forged = {size: 6, sha256: createHash('sha256').update('forged').digest('hex')}
    for (const file of ledger.packages.get('@acme/lib')?.files ?? []) {
      if (file.path === 'docs/guide.md') Object.assign(file, forged)
    }
    await writeLedger(ledgerFile, ledger, {key, scratch: project.folder})
    assert.match((await project.succeed(Install, frozen)).stderr, /^Up to date/)
    for (const argv of [[], frozen]) {
      const copy = await tempFolder(t)
      await cp(project.folder, copy, {recursive: true})
      await writeFile(path.join(project.home, '.apkg/ledger.key'), randomBytes(32))
      const {stderr} = await project.succeed(Install, argv, {cwd: copy})
      assert.match(stderr, /^Installed 3 packages/m)
      assert.equal(await readFile(path.join(copy, 'apkg_packages/@acme/lib/docs/guide.md'), 'utf8'), 'newer guide')
    }
  })

  const refusals: Record<string, [string, (project: TestProject) => Promise<unknown>]> = {
    'there is no lockfile': ['LOCKFILE_NOT_FOUND', (project) => rm(project.at('apkg-lock.json'))],
    'the manifest has another range': [
      'LOCKFILE_STALE',
      async (project) => {
        const text = await readFile(project.at('apkg.json'), 'utf8')
        await writeFile(project.at('apkg.json'), text.replace('^1.0.0', '^2.0.0'))
      },
    ],
    'the lockfile has a package that nothing needs': [
      'LOCKFILE_STALE',
      async (project) => {
        const text = await readFile(project.at('apkg.json'), 'utf8')
        await writeFile(project.at('apkg.json'), text.replace('@acme/app', '@other/deep').replace('^1.0.0', '*'))
      },
    ],
    'the lockfile is damaged': ['LOCKFILE_DAMAGED', (project) => writeFile(project.at('apkg-lock.json'), '{')],
    'the lockfile is of another registry': [
      'LOCKFILE_OTHER_REGISTRY',
      async (project) => {
        const lock = JSON.parse(await readFile(project.at('apkg-lock.json'), 'utf8'))
        await writeFile(project.at('apkg-lock.json'), JSON.stringify({...lock, registry: 'https://r.example'}))
      },
    ],
    'the manifest is damaged': ['MANIFEST_INVALID', (project) => writeFile(project.at('apkg.json'), '{')],
    'there is no manifest': ['MANIFEST_NOT_FOUND', (project) => rm(project.at('apkg.json'))],
    'the scope is pinned elsewhere': [
      'SCOPE_PINNED',
      async (project) => {
        await rm(project.at('apkg_packages'), {recursive: true})
        await pinElsewhere(project)
      },
    ],
    'the scope is pinned elsewhere since its packages were installed': ['SCOPE_PINNED', pinElsewhere],
    'the lockfile is of another registry, and the ledger is in line with it': [
      'LOCKFILE_OTHER_REGISTRY',
      async (project) => {
        const lock = JSON.parse(await readFile(project.at('apkg-lock.json'), 'utf8'))
        const registry = lock.registry
        const lockfile = JSON.stringify({...lock, registry: 'https://r.example'})
        await writeFile(project.at('apkg-lock.json'), lockfile)
        const {dependencies = {}} = await project.manifest()
        const key = await ensureLedgerKey(project.home)
        const ledger = await readLedger(project.at('apkg_packages/.ledger.json'), key)
        const basis = basisOf({registry, dependencies, lockfile, signatures: 'warn'})
        await writeLedger(project.at('apkg_packages/.ledger.json'), {...ledger, basis}, {key, scratch: project.folder})
      },
    ],
  }
  for (const [what, [code, make]] of Object.entries(refusals)) {
    it(`changes nothing and asks nobody where ${what}`, async (t) => {
      const {registry, project} = await start(t)
      await project.succeed(Install)
      await make(project)
      const before = await stateOf(project)
      registry.requests.length = 0
      assert.equal(failureOf(await project.run(Install, [...frozen, '--json'])).code, code)
      assert.deepEqual(await stateOf(project), before)
      assert.deepEqual(registry.requests, [])
    })
  }
})

describe('what a registry hands out', () => {
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
    it(`is not installed with ${what}, and nothing changes`, async (t) => {
      const {registry, project} = await start(t)
      await project.succeed(Install)
      await registry.put(...arguments_)
      const before = await stateOf(project)
      const failed = failureOf(await project.run(Install, ['@acme/bad', '--json']))
      assert.equal(failed.code, code)
      assert.match(failed.message, /@acme\/bad@1\.0\.0/)
      assert.deepEqual(await stateOf(project), before)
    })
  }

  it('is not installed under another name or version than its own', async (t) => {
    const {registry, project} = await start(t)
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

describe('folders where packages belong', () => {
  for (const [what, files] of Object.entries({
    'somebody’s own work': {'mine.txt': 'my work'},
    'another package': {'apkg.json': '{"name": "@acme/other", "version": "1.0.0", "type": "skill"}'},
    'what only looks like a package': {'apkg.json/mine.txt': 'my work'},
  })) {
    it(`stay where they hold ${what}`, async (t) => {
      const {registry, project} = await start(t)
      const place = project.at('apkg_packages/@acme/lib')
      await writeTree(place, files)
      const before = await stateOf(project)
      for (const argv of [['--json'], ['@acme/lib', '--json']]) {
        const {code, message} = failureOf(await project.run(Install, argv))
        assert.equal(code, 'FOLDER_FOREIGN')
        assert.ok(message.startsWith(`${place} is not a package that apkg installed`))
        assert.deepEqual(await stateOf(project), before)
      }
      assert.ok(registry.requests.every((request) => !request.endsWith('/tarball')))
    })
  }

  it('are replaced where they hold the package, as another client left it', async (t) => {
    const {project} = await start(t)
    await writeTree(project.at('apkg_packages/@acme/lib'), {
      'apkg.json': '{"name": "@acme/lib", "version": "0.1.0", "type": "skill"}',
      'old.md': 'old',
    })
    await project.succeed(Install)
    assert.equal((await project.installed())['@acme/lib'], '1.1.0')
    assert.equal((await project.tree())['apkg_packages/@acme/lib/old.md'], undefined)
  })
})

describe('links where packages belong', () => {
  for (const place of ['apkg_packages', 'apkg_packages/@acme', 'apkg_packages/@acme/lib', 'apkg_packages/.staging']) {
    it(`are refused: ${place}`, async (t) => {
      const {registry, project} = await start(t)
      const elsewhere = path.join(project.home, 'elsewhere')
      await mkdir(path.join(elsewhere, '@acme', 'lib'), {recursive: true})
      await mkdir(path.dirname(project.at(place)), {recursive: true})
      await symlink(elsewhere, project.at(place))
      const before = [await stateOf(project), await treeOf(elsewhere)]
      for (const argv of [['--json'], ['@acme/lib', '--json']]) {
        const {code, message} = failureOf(await project.run(Install, argv))
        assert.equal(code, 'FOLDER_FOREIGN')
        assert.ok(message.startsWith(`${project.at(place)} is a symbolic link`))
      }
      assert.deepEqual([await stateOf(project), await treeOf(elsewhere)], before)
      assert.ok(registry.requests.every((request) => !request.endsWith('/tarball')))
    })
  }

  it('are refused where they lead away from what is installed and whole', async (t) => {
    const {project} = await start(t)
    await project.succeed(Install)
    const scope = project.at('apkg_packages/@other')
    await cp(scope, path.join(project.home, 'copy'), {recursive: true, preserveTimestamps: true})
    await rm(scope, {recursive: true})
    await symlink(path.join(project.home, 'copy'), scope)
    for (const argv of [['--json'], ['--json', ...frozen]]) {
      assert.equal(failureOf(await project.run(Install, argv)).code, 'FOLDER_FOREIGN')
    }
  })

  it(
    'are named where something cannot be written',
    {skip: process.getuid?.() === 0 && 'root may write everywhere'},
    async (t) => {
      const {project} = await start(t)
      await chmod(project.folder, 0o555)
      assert.equal(failureOf(await project.run(Install, ['--json'])).code, 'FILE_UNWRITABLE')
      await chmod(project.folder, 0o755)
    },
  )
})
