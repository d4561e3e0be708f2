import assert from 'node:assert/strict'
import {rm} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {operator} from '@apkg/plugin-registry/dist/server/store/store.js'

import Add from '../../../src/commands/add.js'
import AuditSignatures from '../../../src/commands/audit/signatures.js'
import Install from '../../../src/commands/install.js'
import Update from '../../../src/commands/update.js'
import Verify from '../../../src/commands/verify.js'
import {failureOf} from '../../support/command.js'
import {startProject} from '../../support/project.js'
import {publishPackage, sessionOf} from '../../support/publish-package.js'
import {password, startRegistry} from '../../support/registry.js'

describe('installing from the real registry', () => {
  it('real registry: packages are installed as published, private ones with only APKG_TOKEN and no home directory', async (t) => {
    const registry = await startRegistry(t)
    await registry.addUser('ada')
    const token = await sessionOf(registry.url, 'ada', password)
    const files = {'README.md': '# Lib\n', 'docs/guide.md': 'guide\n'}
    const lib = await publishPackage(registry.url, token, {name: '@ada/lib', visibility: 'private', files})
    await publishPackage(registry.url, token, {name: '@ada/app', dependencies: {'@ada/lib': '^1.0.0'}})
    const project = await startProject(t, registry.url)
    const env = {APKG_TOKEN: token}
    await project.succeed(Add, ['@ada/app'], {env})
    const before = await project.tree()
    await rm(project.at('apkg_packages'), {recursive: true})
    const failed = failureOf(
      await project.run(Install, ['--frozen-lockfile', '--json'], {home: project.at('apkg.json', 'home')}),
    )
    assert.notEqual(failed.exitCode, 0)
    assert.deepEqual(Object.keys(await project.tree()), ['apkg-lock.json', 'apkg.json'])
    await project.succeed(Install, ['--frozen-lockfile'], {env, home: project.at('apkg.json', 'home')})
    const after = await project.tree()
    assert.deepEqual(Object.keys(after), Object.keys(before))
    for (const [path, text] of Object.entries(lib.files)) {
      assert.equal(after[`apkg_packages/@ada/lib/${path}`], text)
    }
  })

  it('real registry: install reports why a version was taken down, and update chooses another', async (t) => {
    const registry = await startRegistry(t, {anonymousRead: true})
    await registry.addUser('ada')
    const token = await sessionOf(registry.url, 'ada', password)
    for (const version of ['1.0.0', '1.1.0']) await publishPackage(registry.url, token, {name: '@ada/lib', version})
    const project = await startProject(t, registry.url, {'@ada/lib': '^1.0.0'})
    await project.succeed(Install)
    const taken = {name: '@ada/lib', version: '1.1.0', reason: 'it stole keys'}
    await registry.store.packages.takeDown(taken, operator, registry.clock.now.getTime())
    const audited = await project.run(AuditSignatures, ['--json'])
    const [{problems: reported}] = JSON.parse(audited.stdout).packages
    assert.deepEqual([reported.length, reported[0].code, audited.exitCode], [1, 'VERSION_TAKEN_DOWN', 1])
    assert.match(reported[0].message, /it stole keys$/)
    for (const folder of [project.at('apkg_packages'), path.join(project.home, '.apkg/cache')]) {
      await rm(folder, {recursive: true})
    }
    const {code, message} = failureOf(await project.run(Install, ['--frozen-lockfile', '--json']))
    assert.equal(code, 'VERSION_TAKEN_DOWN')
    assert.match(message, /^@ada\/lib@1\.1\.0 is no longer available from \S+: it was taken down: it stole keys$/)
    const {stdout, exitCode} = await project.run(Verify, ['--json'])
    const problems = JSON.parse(stdout).packages[0].problems.map((each: {code: string}) => each.code)
    assert.deepEqual(problems, ['VERSION_TAKEN_DOWN'], stdout)
    assert.equal(exitCode, 1)
    await project.succeed(Update)
    assert.deepEqual(await project.installed(), {'@ada/lib': '1.0.0'})
  })
})
