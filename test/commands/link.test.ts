import assert from 'node:assert/strict'
import {lstat, mkdir, readFile, readlink, realpath, rename, rm, stat, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import Install from '../../src/commands/install.js'
import Link from '../../src/commands/link.js'
import Remove from '../../src/commands/remove.js'
import Unlink from '../../src/commands/unlink.js'
import Update from '../../src/commands/update.js'
import {readLedgerKey} from '../../src/files/ledger-key.js'
import {readLedger, writeLedger} from '../../src/project/installation/ledger.js'
import {readLinks} from '../../src/project/linking/read-links.js'
import {noSetup} from '../../src/tools/setup-report.js'
import {failureOf} from '../support/command.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject, type TestProject} from '../support/project.js'
import {tempFolder} from '../support/temp-folder.js'
import {treeOf} from '../support/tree.js'

const tool = 'apkg_packages/@acme/tool'

/** A project with `@acme/tool` and `@acme/other` installed, and a directory where the tool is developed. */
async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  await registry.put({name: '@acme/tool'})
  await registry.put({name: '@acme/other'})
  const project = await startProject(t, registry.url, {'@acme/tool': '^1.0.0', '@acme/other': '^1.0.0'})
  await project.succeed(Install)
  const work = await workOn(t, '@acme/tool')
  registry.requests.length = 0
  return {registry, project, work}
}

async function workOn(t: TestContext, name: string): Promise<string> {
  const folder = await realpath(await tempFolder(t))
  await writeFile(path.join(folder, 'apkg.json'), JSON.stringify({name, version: '9.0.0', type: 'skill'}))
  await writeFile(path.join(folder, 'work.md'), 'in progress')
  return folder
}

describe('link', () => {
  it('link: replaces an installed package with a link, and changes nothing else', async (t) => {
    const {registry, project, work} = await start(t)
    const before = await project.tree()
    const {stderr, stdout} = await project.succeed(Link, [work, '--no-setup', '--json'])
    assert.equal(stderr, `Linked @acme/tool → ${work}\n`)
    assert.deepEqual(JSON.parse(stdout), {
      name: '@acme/tool',
      path: work,
      location: project.at(tool),
      setup: noSetup,
    })
    assert.equal(await readlink(project.at(tool)), work)
    assert.equal(await readFile(project.at(tool, 'work.md'), 'utf8'), 'in progress')
    const after = await project.tree()
    for (const file of ['apkg.json', 'apkg-lock.json', 'apkg_packages/@acme/other/apkg.json']) {
      assert.equal(after[file], before[file])
    }
    assert.deepEqual(await readLinks(project.folder, project.home), [{name: '@acme/tool', path: work}])
    assert.deepEqual(registry.requests, [])
  })

  it('link: registers a package globally in a private file (0600) in the format of the original client', async (t) => {
    const {project, work} = await start(t)
    const {stderr} = await project.succeed(Link, [], {cwd: work, now: new Date('2027-01-31T12:00:00Z')})
    assert.equal(stderr, 'Registered @acme/tool globally.\nTo use it in a project, run `apkg link @acme/tool` there.\n')
    const file = path.join(project.home, '.apkg/links/%40acme%2Ftool.json')
    const entry = {name: '@acme/tool', path: work, linkedAt: '2027-01-31T12:00:00.000Z'}
    assert.equal(await readFile(file, 'utf8'), JSON.stringify(entry, undefined, 2))
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    assert.equal((await stat(path.dirname(file))).mode & 0o777, 0o700)
    await project.succeed(Link, ['@acme/tool'])
    assert.equal(await readlink(project.at(tool)), work)
    const unlinked = await project.succeed(Unlink, [], {cwd: work})
    assert.equal(unlinked.stderr, 'Removed the global registration of @acme/tool.\n')
    const again = await project.succeed(Unlink, ['--json'], {cwd: work})
    assert.equal(again.stderr, 'Warning: @acme/tool was not registered globally.\n')
    assert.deepEqual(JSON.parse(again.stdout), {name: '@acme/tool', status: 'unknown', installed: null, setup: noSetup})
    assert.equal(await readlink(project.at(tool)), work)
  })

  it('link: replaces an existing link', async (t) => {
    const {project, work} = await start(t)
    const other = await workOn(t, '@acme/tool')
    await project.succeed(Link, [work])
    await project.succeed(Link, [other])
    assert.equal(await readlink(project.at(tool)), other)
    assert.equal(await readFile(path.join(work, 'work.md'), 'utf8'), 'in progress')
  })

  it('link: rejects missing targets, invalid names, the project itself and packages installed in it', async (t) => {
    const {project, work} = await start(t)
    const before = await project.tree()
    const refused = async (target: string) => failureOf(await project.run(Link, [target, '--json']))
    assert.equal((await refused('./nowhere')).message, 'Path does not exist: ./nowhere')
    assert.equal((await refused('@acme/unknown')).code, 'LINK_UNREGISTERED')
    assert.equal((await refused('../../etc/passwd\u001b[2J')).code, 'LINK_TARGET_NOT_FOUND')
    assert.equal((await refused('.')).code, 'LINK_TO_ITSELF')
    assert.equal((await refused(tool)).code, 'LINK_TO_ITSELF')
    await project.succeed(Link, [], {cwd: work})
    await rename(path.join(work, 'apkg.json'), path.join(work, 'x'))
    assert.equal((await refused('@acme/tool')).code, 'MANIFEST_NOT_FOUND')
    const traversing = {name: '../../../evil', version: '1.0.0', type: 'skill'}
    await writeFile(path.join(work, 'apkg.json'), JSON.stringify(traversing))
    assert.equal((await refused(work)).code, 'MANIFEST_INVALID')
    await writeFile(path.join(work, 'apkg.json'), JSON.stringify({...traversing, name: '@acme/renamed'}))
    assert.match((await refused('@acme/tool')).message, /^Linked path no longer contains @acme\/tool: /)
    await rm(work, {recursive: true})
    assert.equal((await refused('@acme/tool')).message, `Linked path no longer exists: ${work}`)
    assert.deepEqual(await project.tree(), before)
  })

  it('link: rejects a damaged registration, and does not change it', async (t) => {
    const {project, work} = await start(t)
    await project.succeed(Link, [], {cwd: work})
    const file = path.join(project.home, '.apkg/links/%40acme%2Ftool.json')
    for (const text of ['', 'null', '{"name":"@acme/other","path":"/x","linkedAt":""}', '{"name":"@acme/tool"}']) {
      await writeFile(file, text)
      assert.equal(failureOf(await project.run(Link, ['@acme/tool', '--json'])).code, 'FILE_DAMAGED')
      assert.equal(await readFile(file, 'utf8'), text)
    }
  })

  it('link: refuses to replace links and directories that apkg did not create', async (t) => {
    const {project, work} = await start(t)
    await rm(project.at(tool), {recursive: true})
    await symlink(await tempFolder(t), project.at(tool))
    assert.equal(failureOf(await project.run(Link, [work, '--json'])).code, 'FOLDER_UNMANAGED')
    const mine = await workOn(t, '@mine/own')
    await mkdir(project.at('apkg_packages/@mine/own'), {recursive: true})
    await writeFile(project.at('apkg_packages/@mine/own/notes.md'), 'notes')
    assert.equal(failureOf(await project.run(Link, [mine, '--json'])).code, 'FOLDER_UNMANAGED')
    await symlink(await tempFolder(t), project.at('apkg_packages/@led'))
    assert.equal(failureOf(await project.run(Link, [await workOn(t, '@led/x'), '--json'])).code, 'FOLDER_UNMANAGED')
  })
})

describe('a linked package', () => {
  it('linked package: is skipped by install and update, which report it every time', async (t) => {
    const {registry, project, work} = await start(t)
    await project.succeed(Link, [work])
    await registry.put({name: '@acme/tool', version: '1.1.0'})
    const note = `Skipped linked package: @acme/tool → ${work}`
    for (const run of ['first', 'second']) {
      const {stderr} = await project.succeed(Install)
      assert.match(stderr, /^Up to date: 1 package in [\d.]+s\n/, run)
      assert.ok(stderr.endsWith(`${note}\n`), run)
    }
    const {stderr} = await project.succeed(Update)
    assert.ok(stderr.endsWith(`${note}\n`), stderr)
    assert.equal((await project.locked())['@acme/tool'], '1.1.0')
    const {stdout} = await project.succeed(Install, ['--json'])
    assert.deepEqual(JSON.parse(stdout).linked, [{name: '@acme/tool', path: work}])
    assert.equal(await readlink(project.at(tool)), work)
    assert.ok(!registry.requests.some((request) => request.includes('tarball')), registry.requests.join('\n'))
  })

  it('linked package: is replaced with the locked version by a frozen install, which reports it', async (t) => {
    const {project, work} = await start(t)
    const before = await installedFiles(project)
    const stray = await workOn(t, '@acme/stray')
    await project.succeed(Link, [work])
    await project.succeed(Link, [stray])
    const files = await treeOf(work)
    const {stderr} = await project.succeed(Install, ['--frozen-lockfile'])
    assert.match(stderr, /Installed 1 package in/)
    assert.ok(stderr.includes(`Unlinked @acme/tool (was linked to ${work})\n`), stderr)
    assert.deepEqual(await installedFiles(project), before)
    assert.deepEqual(await treeOf(work), files)
    assert.ok(!(await lstat(project.at(tool))).isSymbolicLink())
    assert.deepEqual(await readLinks(project.folder, project.home), [])
  })

  it('linked package: stays linked if a frozen install fails', async (t) => {
    const {project, work} = await start(t)
    await project.succeed(Link, [work])
    await rm(path.join(project.home, '.apkg/cache'), {recursive: true})
    const outcome = await project.run(Install, ['--frozen-lockfile', '--offline', '--json'])
    assert.notEqual(outcome.exitCode, 0)
    assert.equal(await readlink(project.at(tool)), work)
    assert.deepEqual(await readLinks(project.folder, project.home), [{name: '@acme/tool', path: work}])
  })

  it('linked package: is unlinked by remove, and its directory does not change', async (t) => {
    const {project, work} = await start(t)
    await project.succeed(Link, [work])
    const files = await treeOf(work)
    const {stdout, stderr} = await project.succeed(Remove, ['@acme/tool', '--json'])
    assert.match(stderr, /^Unlinked @acme\/tool \(the linked directory was not changed\)$/m)
    assert.deepEqual(JSON.parse(stdout), {
      dependencies: ['@acme/tool'],
      removed: [],
      unlinked: ['@acme/tool'],
      setup: noSetup,
    })
    assert.equal(await lstat(project.at(tool)).catch(() => 'gone'), 'gone')
    assert.deepEqual(await treeOf(work), files)
    assert.deepEqual(await project.installed(), {'@acme/other': '1.0.0'})
  })

  it('linked package: is installed again if the link was deleted', async (t) => {
    const {project, work} = await start(t)
    await project.succeed(Link, [work])
    await rm(project.at(tool))
    await project.succeed(Install)
    assert.equal((await project.installed())['@acme/tool'], '1.0.0')
    assert.deepEqual(await readLinks(project.folder, project.home), [])
  })

  it('linked package: stays linked if a process was killed after creating the link, but not before', async (t) => {
    const {project, work} = await start(t)
    const file = project.at('apkg_packages/.ledger.json')
    const key = await readLedgerKey(project.home)
    assert.ok(key)
    const before = await readLedger(file, key)
    const killed = {...before, basis: undefined, changing: new Set(['@acme/tool']), links: new Set(['@acme/tool'])}
    await writeLedger(file, killed, {key, scratch: project.folder})
    await project.succeed(Install)
    assert.ok((await lstat(project.at(tool))).isDirectory())
    await writeLedger(file, killed, {key, scratch: project.folder})
    await rm(project.at(tool), {recursive: true})
    await symlink(work, project.at(tool))
    await project.succeed(Install)
    assert.equal(await readlink(project.at(tool)), work)
    assert.deepEqual(await readLinks(project.folder, project.home), [{name: '@acme/tool', path: work}])
  })
})

describe('unlink', () => {
  it('unlink: restores the locked version, offline from the cache, and does not change the linked directory', async (t) => {
    const {project, work, registry} = await start(t)
    const before = await installedFiles(project)
    await project.succeed(Link, [work])
    const files = await treeOf(work)
    const {stderr, stdout} = await project.succeed(Unlink, ['@acme/tool', '--offline', '--json'])
    assert.match(
      stderr,
      /^Unlinked @acme\/tool\. Installed @acme\/tool@1\.0\.0 instead\.\n1 package is not signed by its author\nNot set up: @acme\/tool \(no tool reads packages of type library\)\n$/,
    )
    const unread = [{package: '@acme/tool', version: '1.0.0', type: 'library'}]
    const setup = {...noSetup, tools: ['agents'], isFallback: true, unread}
    assert.deepEqual(JSON.parse(stdout), {name: '@acme/tool', status: 'unlinked', installed: '1.0.0', setup})
    assert.deepEqual(await installedFiles(project), before)
    assert.deepEqual(await treeOf(work), files)
    assert.deepEqual(registry.requests, [])
    await project.succeed(Install, ['--frozen-lockfile'])
    assert.equal(failureOf(await project.run(Unlink, ['@acme/tool', '--json'])).code, 'LINK_NOT_FOUND')
  })

  it('unlink: removes the link of a package that is not a dependency', async (t) => {
    const {project} = await start(t)
    const stray = await workOn(t, '@acme/stray')
    await project.succeed(Link, [stray])
    const {stderr} = await project.succeed(Unlink, ['@acme/stray'])
    assert.equal(stderr, 'Unlinked @acme/stray.\n')
    assert.equal(await lstat(project.at('apkg_packages/@acme/stray')).catch(() => 'gone'), 'gone')
    assert.equal(await readFile(path.join(stray, 'work.md'), 'utf8'), 'in progress')
  })

  it('unlink: rejects packages that are not linked, and path traversals', async (t) => {
    const {project} = await start(t)
    const before = await project.tree()
    for (const name of ['@acme/tool', '@acme/none', '../../etc']) {
      const {code, message} = failureOf(await project.run(Unlink, [name, '--json']))
      assert.deepEqual([code, message], ['LINK_NOT_FOUND', `${name} is not a linked package`])
    }
    assert.deepEqual(await project.tree(), before)
  })
})

/** The project's files without the ledger, which contains times. */
async function installedFiles(project: TestProject): Promise<[string, string][]> {
  return Object.entries(await project.tree()).filter(([file]) => !file.endsWith('.ledger.json'))
}
