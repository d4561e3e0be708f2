import assert from 'node:assert/strict'
import {chmod, mkdir, readdir, rename, rm, symlink, unlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import Install from '../../src/commands/install.js'
import Link from '../../src/commands/link.js'
import Verify from '../../src/commands/verify.js'
import {failureOf} from '../support/command.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject, type TestProject} from '../support/project.js'
import {tempFolder} from '../support/temp-folder.js'

/** A project with `@acme/app`, which requires `@acme/lib`, both unsigned. */
async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  await registry.put({name: '@acme/lib', files: {'lib.md': 'lib'}})
  await registry.put({name: '@acme/app', dependencies: {'@acme/lib': '^1.0.0'}, files: {'docs/a.md': 'a', 'b.md': 'b'}})
  const project = await startProject(t, registry.url, {'@acme/app': '^1.0.0'})
  await project.succeed(Install)
  registry.requests.length = 0
  return {registry, project}
}

async function verify(project: TestProject, argv: string[] = []) {
  const outcome = await project.run(Verify, [...argv, '--json'])
  return {...JSON.parse(outcome.stdout), exitCode: outcome.exitCode, stderr: outcome.stderr}
}

describe('verify', () => {
  it('verify: prints a table of signature, integrity, files and provenance of each locked package', async (t) => {
    const {project} = await start(t)
    const {stdout, stderr, exitCode} = await project.run(Verify, [], {terminal: true})
    assert.equal(
      stdout,
      [
        'PACKAGE          SIGNATURE  INTEGRITY  FILES  PROVENANCE',
        '@acme/app@1.0.0  unsigned   ok         ok     none',
        '@acme/lib@1.0.0  unsigned   ok         ok     none\n',
      ].join('\n'),
    )
    assert.match(
      stderr,
      /Checked 2 packages: 0 signed, 2 with matching integrity, 2 with unchanged files, 0 with provenance\n$/,
    )
    assert.equal(exitCode, 0)
  })

  it('verify: the command in a hint repeats --registry', async (t) => {
    const project = await startProject(t, 'https://one.example', {})
    const hint = async (...argv: string[]) =>
      JSON.parse((await project.run(Verify, [...argv, '--json'])).stdout).error.suggestions[0]
    assert.equal(await hint(), 'run `apkg install` and commit apkg-lock.json')
    const repeated = 'run `apkg install --registry https://two.example` and commit apkg-lock.json'
    assert.equal(await hint('--registry', 'https://two.example'), repeated)
  })

  it('verify: exits with 8 with --strict if a package is not signed', async (t) => {
    const {project} = await start(t)
    assert.equal((await verify(project, ['--strict'])).exitCode, 8)
  })

  it('verify: lists the packages that failed', async (t) => {
    const {project} = await start(t)
    const strict = await project.run(Verify, ['--strict'])
    assert.match(strict.stderr, /\nVerification failed for 2 packages: @acme\/app@1\.0\.0, @acme\/lib@1\.0\.0\n$/)
    await writeFile(project.at('apkg_packages', '@acme', 'app', 'b.md'), 'B')
    assert.match((await project.run(Verify)).stderr, /\nVerification failed for 1 package: @acme\/app@1\.0\.0\n$/)
  })

  it('verify: lists modified, missing and extra files', async (t) => {
    const {project} = await start(t)
    await writeFile(project.at('apkg_packages', '@acme', 'app', 'docs', 'a.md'), 'A')
    await unlink(project.at('apkg_packages', '@acme', 'app', 'b.md'))
    await writeFile(project.at('apkg_packages', '@acme', 'app', 'z.md'), 'z')
    const {packages, exitCode, stderr} = await verify(project)
    assert.deepEqual(packages[0].files, [
      {path: 'b.md', what: 'missing'},
      {path: 'docs/a.md', what: 'modified'},
      {path: 'z.md', what: 'extra'},
    ])
    assert.deepEqual([packages[0].installed, packages[0].integrity, packages[1].installed], ['modified', 'ok', 'ok'])
    assert.match(stderr, /@acme\/app@1\.0\.0: .*b\.md \(missing\), docs\/a\.md \(modified\), z\.md \(extra\)/)
    assert.equal(exitCode, 1)
  })

  it('verify: does not rely on the ledger, and follows no links', async (t) => {
    const {project} = await start(t)
    const file = project.at('apkg_packages', '@acme', 'lib', 'lib.md')
    await rm(project.at('apkg_packages', '.ledger.json'))
    assert.equal((await verify(project)).exitCode, 0)
    await unlink(file)
    await writeFile(project.at('same.md'), 'lib')
    await symlink(project.at('same.md'), file)
    const {packages, exitCode} = await verify(project)
    assert.deepEqual(packages[1].files, [{path: 'lib.md', what: 'modified'}])
    assert.equal(exitCode, 1)
  })

  it('verify: refuses a package that was replaced with a link', async (t) => {
    const {project} = await start(t)
    const place = project.at('apkg_packages', '@acme', 'lib')
    await rename(place, project.at('elsewhere'))
    await symlink(project.at('elsewhere'), place)
    assert.equal(failureOf(await project.run(Verify, ['--json'])).code, 'FOLDER_UNMANAGED')
  })

  it(
    'verify: reports a file that was made executable as modified',
    {skip: process.platform === 'win32' && 'Windows has no modes'},
    async (t) => {
      const {project} = await start(t)
      await chmod(project.at('apkg_packages', '@acme', 'lib', 'lib.md'), 0o755)
      assert.deepEqual((await verify(project)).packages[1].files, [{path: 'lib.md', what: 'modified'}])
    },
  )

  it('verify: finds a modified tarball in the cache, and downloads it again', async (t) => {
    const {registry, project} = await start(t)
    const cache = path.join(project.home, '.apkg', 'cache', 'tarballs')
    const tarballs = (await readdir(cache, {recursive: true})).filter((file) => file.endsWith('.tar.zst'))
    const app = tarballs.find((file) => file.includes('app')) ?? ''
    await writeFile(path.join(cache, app), 'something else')
    const {packages, exitCode} = await verify(project)
    assert.deepEqual([packages[0].integrity, packages[0].installed, exitCode], ['mismatch', 'ok', 1])
    assert.equal(packages[0].problems[0].code, 'CACHE_CORRUPT')
    assert.ok(registry.requests.includes('GET /packages/@acme/app/1.0.0/tarball'))
    assert.equal((await verify(project)).exitCode, 0)
  })

  it('verify: finds a registry tarball that differs from the lockfile', async (t) => {
    const {registry, project} = await start(t)
    await rm(path.join(project.home, '.apkg', 'cache'), {recursive: true})
    await registry.put({name: '@acme/lib', files: {'lib.md': 'other'}})
    const {packages, exitCode} = await verify(project)
    assert.deepEqual([packages[1].integrity, packages[1].installed, exitCode], ['mismatch', 'unchecked', 1])
    assert.equal(packages[1].problems.at(-1).code, 'INTEGRITY_MISMATCH')
  })

  it('verify: downloads missing tarballs to the cache', async (t) => {
    const {registry, project} = await start(t)
    await rm(path.join(project.home, '.apkg', 'cache'), {recursive: true})
    assert.equal((await verify(project, ['@acme/lib'])).exitCode, 0)
    const downloads = () => registry.requests.filter((each) => each.endsWith('/tarball'))
    assert.deepEqual(downloads(), ['GET /packages/@acme/lib/1.0.0/tarball'])
    await verify(project, ['@acme/lib'])
    assert.equal(downloads().length, 1)
  })

  it('verify: reports missing, linked and unlocked packages without failing', async (t) => {
    const {project} = await start(t)
    await rm(project.at('apkg_packages', '@acme', 'lib'), {recursive: true})
    await mkdir(project.at('apkg_packages', '@acme', 'mine'))
    const folder = await tempFolder(t)
    await writeFile(`${folder}/apkg.json`, JSON.stringify({name: '@acme/app', version: '1.1.0', type: 'skill'}))
    await project.succeed(Link, [folder])
    const {packages, unlocked, exitCode, stderr} = await verify(project)
    assert.deepEqual([packages[0].installed, packages[1].installed, exitCode], ['linked', 'missing', 0])
    assert.deepEqual(unlocked, ['@acme/mine'])
    assert.match(stderr, /@acme\/mine is in apkg_packages but not in apkg-lock\.json/)
  })

  it('verify: verifies cached data offline, and reports the rest as unchecked', async (t) => {
    const {registry, project} = await start(t)
    const {packages, exitCode} = await verify(project, ['--offline'])
    assert.deepEqual([packages[0].integrity, packages[0].installed, exitCode], ['ok', 'ok', 0])
    assert.equal(packages[0].provenance, 'unchecked')
    await rm(path.join(project.home, '.apkg', 'cache'), {recursive: true})
    const without = await verify(project, ['--offline'])
    assert.deepEqual([without.packages[0].integrity, without.packages[0].installed], ['unchecked', 'unchecked'])
    assert.equal(without.exitCode, 0)
    assert.match(without.stderr, /@acme\/app@1\.0\.0: Offline mode: cannot look up @acme\/app/)
    assert.equal((await verify(project, ['--offline', '--strict'])).exitCode, 8)
    assert.deepEqual(registry.requests, [])
  })

  it('verify: does not change the project', async (t) => {
    const {project} = await start(t)
    const before = await project.tree()
    await verify(project)
    assert.deepEqual(await project.tree(), before)
  })

  it('verify: prints an empty result for a lockfile without packages, and fails without a lockfile', async (t) => {
    const registry = await startPlainRegistry(t)
    const project = await startProject(t, registry.url)
    assert.equal(failureOf(await project.run(Verify, ['--json'])).code, 'LOCKFILE_NOT_FOUND')
    const lockfile = {lockfileVersion: 1, requires: true, resolved: '1970-01-01T00:00:00+00:00', packages: {}}
    await writeFile(project.at('apkg-lock.json'), JSON.stringify(lockfile))
    const {packages, summary, exitCode, stderr} = await verify(project, ['--strict'])
    assert.deepEqual([packages, summary.total, exitCode], [[], 0, 0])
    assert.equal(stderr, 'No packages to verify.\n')
  })

  it('verify: rejects a name that is not locked, and a lockfile with a path traversal', async (t) => {
    const {project} = await start(t)
    const unknown = failureOf(await project.run(Verify, ['@acme/none', '--json']))
    assert.deepEqual(
      [unknown.code, unknown.message],
      ['PACKAGE_UNLOCKED', 'Package "@acme/none" not found in lockfile'],
    )
    const entry = {version: '../../x', integrity: `sha256-${'A'.repeat(43)}=`, dependencies: {}, type: 'skill'}
    const lockfile = {lockfileVersion: 1, packages: {'@acme/app@../../x': entry}}
    await writeFile(project.at('apkg-lock.json'), JSON.stringify(lockfile))
    assert.equal(failureOf(await project.run(Verify, ['--json'])).code, 'LOCKFILE_DAMAGED')
  })
})
