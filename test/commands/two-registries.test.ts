import assert from 'node:assert/strict'
import {readFile, rm, writeFile} from 'node:fs/promises'
import {describe, it} from 'node:test'

import Add from '../../src/commands/add.js'
import AuditSignatures from '../../src/commands/audit/signatures.js'
import Deprecate from '../../src/commands/deprecate.js'
import DistTagAdd from '../../src/commands/dist-tag/add.js'
import DistTagLs from '../../src/commands/dist-tag/ls.js'
import DistTagRm from '../../src/commands/dist-tag/rm.js'
import Info from '../../src/commands/info.js'
import Install from '../../src/commands/install.js'
import Outdated from '../../src/commands/outdated.js'
import Publish from '../../src/commands/publish.js'
import Remove from '../../src/commands/remove.js'
import Search from '../../src/commands/search.js'
import TokenCreate from '../../src/commands/token/create.js'
import TrustAdd from '../../src/commands/trust/add.js'
import TrustRemove from '../../src/commands/trust/remove.js'
import Update from '../../src/commands/update.js'
import Verify from '../../src/commands/verify.js'
import {failureOf} from '../support/command.js'
import {makeTree} from '../support/make-tree.js'
import type {TestProject} from '../support/project.js'
import {forget, mentions, startTwoRegistries, type TwoRegistries} from '../support/two-registries.js'

const frozen = ['--frozen-lockfile']

async function editLock(project: TestProject, edit: (lock: {[field: string]: unknown}) => object) {
  const file = project.at('apkg-lock.json')
  await writeFile(file, JSON.stringify(edit(JSON.parse(await readFile(file, 'utf8'))), null, 2))
}

function assertApart({main, acme}: Pick<TwoRegistries, 'main' | 'acme'>) {
  assert.deepEqual(mentions(main, '@acme'), [])
  assert.deepEqual(mentions(acme, '@ada'), [])
}

describe('two registries', () => {
  it('add: gets each package from the registry of its scope, across dependencies', async (t) => {
    const {main, acme, project} = await startTwoRegistries(t)
    await project.succeed(Add, ['@acme/tool'])
    assert.deepEqual(await project.installed(), {'@acme/tool': '1.0.0', '@ada/base': '1.0.0'})
    assert.equal(await readFile(project.at('apkg_packages/@acme/tool/tool.md'), 'utf8'), 'genuine')
    const lock = JSON.parse(await readFile(project.at('apkg-lock.json'), 'utf8'))
    assert.deepEqual([lock.registry, lock.registries], [main.url, {'@acme': acme.url}])
    assertApart({main, acme})
  })

  it('install and commands that only read: each registry is only asked for its own packages', async (t) => {
    const {main, acme, project} = await startTwoRegistries(t, {'@acme/tool': '^1.0.0'})
    await project.succeed(Install)
    const text = await readFile(project.at('apkg-lock.json'), 'utf8')
    for (const [command, argv] of [
      [Install, []],
      [Install, frozen],
      [Update, []],
      [Update, ['--latest']],
      [Outdated, []],
      [Verify, []],
      [AuditSignatures, []],
      [Info, ['@acme/tool']],
      [DistTagLs, ['@acme/tool']],
      [Remove, ['@acme/tool']],
    ] as const) {
      await project.succeed(command, [...argv])
      if (command === Remove) continue
      assert.equal(await readFile(project.at('apkg-lock.json'), 'utf8'), text, command.id)
    }
    assertApart({main, acme})
    assert.ok(mentions(acme, '{"versions":["@acme/tool@1.0.0"]}').length > 0)
    assert.ok(mentions(main, '{"versions":["@ada/base@1.0.0"]}').length > 0)
  })

  it('install: a scope never falls through to another registry', async (t) => {
    const {main, acme, project} = await startTwoRegistries(t)
    for (const [name, dependencies] of [
      ['@acme/missing', {'@acme/missing': '*'}],
      ['@acme/tool', {'@acme/tool': '^9.0.0'}],
    ] as const) {
      await project.depend(dependencies)
      const {message, exitCode} = failureOf(await project.run(Install, ['--json']))
      assert.equal(exitCode, 1)
      assert.match(message, new RegExp(name))
      assert.deepEqual(await project.installed(), {})
    }
    assertApart({main, acme})
  })

  it('install: a dependency of another scope is not taken from the registry of the dependent', async (t) => {
    const {acme, project, publish} = await startTwoRegistries(t, {'@acme/tool': '^1.0.0'})
    await acme.addUser('ada')
    await publish(acme, 'ada', {name: '@ada/base', version: '1.9.0', files: {'base.md': 'planted'}})
    forget(acme)
    await project.succeed(Install)
    assert.deepEqual(await project.installed(), {'@acme/tool': '1.0.0', '@ada/base': '1.0.0'})
    assert.deepEqual(mentions(acme, '@ada'), [])
  })

  it('commands about one package: go to the registry of its scope', async (t) => {
    const {main, acme, project} = await startTwoRegistries(t)
    const {registry, versions} = JSON.parse((await project.succeed(Info, ['@acme/tool', '--json'])).stdout)
    assert.deepEqual([registry, versions.length], [acme.url, 1])
    await project.succeed(DistTagAdd, ['@acme/tool@1.0.0', 'next'])
    await project.succeed(DistTagRm, ['@acme/tool', 'next'])
    await project.succeed(Deprecate, ['@acme/tool', 'Old'])
    const manifest = {name: '@acme/new', version: '1.0.0', type: 'skill', description: 'Reviews'}
    const skill = '---\nname: new\ndescription: Reviews\n---\nReview.\n'
    const cwd = await makeTree(t, {'apkg.json': JSON.stringify(manifest), 'SKILL.md': skill})
    const published = JSON.parse((await project.succeed(Publish, ['--json'], {cwd})).stdout)
    assert.equal(published.registry, acme.url)
    assertApart({main, acme})
    assert.deepEqual([...main.authorizations], [])
  })

  it('search: asks the selected registry', async (t) => {
    const {main, acme, project} = await startTwoRegistries(t)
    await project.succeed(Search, ['tool'])
    assert.deepEqual([main.requests.length, acme.requests.length], [1, 0])
  })

  describe('credentials', () => {
    it('install: sends APKG_TOKEN to the selected registry only', async (t) => {
      const {main, acme, project} = await startTwoRegistries(t, {'@acme/tool': '^1.0.0', '@ada/base': '*'})
      const env = {APKG_TOKEN: 'apkg_of-the-selected-registry'}
      await project.run(Install, [], {env})
      assert.deepEqual([...main.authorizations], ['Bearer apkg_of-the-selected-registry'])
      assert.equal(acme.authorizations.size, 1)
      assert.ok(!acme.authorizations.has('Bearer apkg_of-the-selected-registry'))
    })

    it('info: uses APKG_TOKEN__<HOST> for a routed scope, and never APKG_TOKEN or its file', async (t) => {
      const {acme, project} = await startTwoRegistries(t)
      const login = await project.succeed(TokenCreate, ['--label', 'ci', '--registry', acme.url])
      const token = login.stdout.trim()
      await rm(project.home, {recursive: true})
      await project.succeed(TrustAdd, ['@acme', acme.url])
      const file = project.at('token')
      await writeFile(file, token, {mode: 0o600})
      forget(acme)
      for (const env of [{APKG_TOKEN: token}, {APKG_TOKEN_FILE: file}, {APKG_TOKEN: ' '}]) {
        assert.equal(failureOf(await project.run(Info, ['@acme/tool', '--json'], {env})).code, 'PACKAGE_NOT_FOUND')
        assert.equal(acme.authorizations.size, 0)
      }
      const refused = failureOf(await project.run(Deprecate, ['@acme/tool', 'x', '--json'], {env: {APKG_TOKEN: token}}))
      assert.deepEqual([refused.code, refused.exitCode], ['AUTH_REQUIRED', 4])
      const variable = `APKG_TOKEN__127_0_0_1_${new URL(acme.url).port}`
      for (const env of [{[variable]: token}, {APKG_TOKEN: token, APKG_TOKEN_REGISTRY: acme.url}]) {
        await project.succeed(Info, ['@acme/tool'], {env})
      }
      await project.succeed(Info, ['@acme/tool'], {env: {APKG_TOKEN: token, APKG_REGISTRY: acme.url}})
    })
  })

  describe('--registry', () => {
    it('--registry: contradicting the route of a named package, or of all packages of a project, is a usage error', async (t) => {
      const {main, acme, project} = await startTwoRegistries(t, {'@acme/tool': '^1.0.0'})
      await project.succeed(Install)
      forget(main, acme)
      for (const [command, argv] of [
        [Add, ['@acme/tool']],
        [Install, []],
        [Install, frozen],
        [Update, ['@acme/tool']],
        [Outdated, ['@acme/tool']],
        [Verify, ['@acme/tool']],
        [Info, ['@acme/tool']],
        [Deprecate, ['@acme/tool', 'x']],
        [DistTagAdd, ['@acme/tool@1.0.0', 'next']],
        [DistTagRm, ['@acme/tool', 'next']],
        [DistTagLs, ['@acme/tool']],
      ] as const) {
        const outcome = await project.run(command, [...argv, '--registry', main.url, '--json'])
        const {code, exitCode, message} = failureOf(outcome)
        assert.deepEqual([code, exitCode], ['ROUTE_CONTRADICTED', 2], command.id)
        assert.equal(message, `Packages of @acme come from ${acme.url}, but --registry is ${main.url}`)
      }
      assert.deepEqual([...main.requests, ...acme.requests], [])
      await project.succeed(Info, ['@acme/tool', '--registry', `${acme.url}/`])
    })

    it('--registry: selects the registry of the other packages of a project', async (t) => {
      const {main, acme, project} = await startTwoRegistries(t, {'@acme/tool': '^1.0.0', '@ada/base': '*'})
      await project.succeed(Install, ['--registry', main.url], {env: {APKG_REGISTRY: 'http://127.0.0.1:9'}})
      assertApart({main, acme})
      assert.equal((await project.installed())['@acme/tool'], '1.0.0')
    })
  })

  describe('lockfile', () => {
    for (const [what, edit] of [
      ['claims that a scope comes from another registry', () => ({'@acme': 'https://evil.example'})],
      ['claims that a scope comes from the selected registry', () => undefined],
      ['moves a scope to the registry of another', (acme: string) => ({'@acme': acme, '@ada': acme})],
    ] as const) {
      it(`lockfile: one that ${what} is refused, and nothing is requested`, async (t) => {
        const {main, acme, project} = await startTwoRegistries(t, {'@acme/tool': '^1.0.0'})
        await project.succeed(Install)
        await editLock(project, (lock) => ({...lock, registries: edit(acme.url)}))
        forget(main, acme)
        for (const [command, argv] of [
          [Install, []],
          [Install, frozen],
          [Add, ['@acme/tool']],
          [Add, ['@acme/tool@next']],
          [Update, []],
          [Update, ['--latest']],
          [Outdated, []],
          [Verify, []],
          [AuditSignatures, []],
        ] as const) {
          const {code, exitCode} = failureOf(await project.run(command, [...argv, '--json']))
          assert.deepEqual([code, exitCode], ['LOCKFILE_OTHER_REGISTRY', 3], command.id)
        }
        assert.deepEqual([...main.requests, ...acme.requests], [])
      })
    }

    it('lockfile: an invalid `registries` is reported as damage', async (t) => {
      const {project} = await startTwoRegistries(t, {'@acme/tool': '^1.0.0'})
      await project.succeed(Install)
      for (const registries of [[], 'x', {acme: 'https://a.example'}, {'@acme': 1}, null]) {
        await editLock(project, (lock) => ({...lock, registries}))
        assert.equal(failureOf(await project.run(Install, ['--json'])).code, 'LOCKFILE_DAMAGED')
      }
    })

    it('lockfile: the URLs of packages are never requested', async (t) => {
      const {main, acme, project} = await startTwoRegistries(t, {'@acme/tool': '^1.0.0'})
      await project.succeed(Install)
      await rm(project.at('apkg_packages'), {recursive: true})
      const text = await readFile(project.at('apkg-lock.json'), 'utf8')
      await writeFile(
        project.at('apkg-lock.json'),
        text.replaceAll(`"resolved": "${acme.url}`, `"resolved": "${main.url}`),
      )
      await project.succeed(Install, frozen)
      assertApart({main, acme})
      assert.equal(await readFile(project.at('apkg_packages/@acme/tool/tool.md'), 'utf8'), 'genuine')
    })

    it('lockfile: without the route of its author, install names the command that adds it', async (t) => {
      const {main, acme, project} = await startTwoRegistries(t, {'@acme/tool': '^1.0.0'})
      await project.succeed(Install)
      await project.succeed(TrustRemove, ['@acme'])
      forget(main, acme)
      const {stdout, exitCode} = await project.run(Install, ['--json'])
      const {code, suggestions} = JSON.parse(stdout).error
      assert.deepEqual([code, exitCode], ['LOCKFILE_OTHER_REGISTRY', 3])
      assert.match(suggestions[0], new RegExp(`run \`apkg trust add @acme ${acme.url}\``))
      assert.deepEqual([...main.requests, ...acme.requests], [])
    })
  })
})
