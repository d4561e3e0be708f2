import assert from 'node:assert/strict'
import {writeFile} from 'node:fs/promises'
import {describe, it, type TestContext} from 'node:test'

import Add from '../../src/commands/add.js'
import Deprecate from '../../src/commands/deprecate.js'
import DistTagAdd from '../../src/commands/dist-tag/add.js'
import DistTagLs from '../../src/commands/dist-tag/ls.js'
import Info from '../../src/commands/info.js'
import Install from '../../src/commands/install.js'
import Link from '../../src/commands/link.js'
import List from '../../src/commands/list.js'
import Publish from '../../src/commands/publish.js'
import Remove from '../../src/commands/remove.js'
import Update from '../../src/commands/update.js'
import Verify from '../../src/commands/verify.js'
import Yank from '../../src/commands/yank.js'
import {failureOf} from '../support/command.js'
import {makeTree} from '../support/make-tree.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'

const skill = {'SKILL.md': '---\nname: x\ndescription: Reviews code\n---\nRead it.\n'}

/** A registry from before packages had scopes. */
async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  const draft = {type: 'skill', files: skill} as const
  await registry.put({...draft, name: 'review', version: '1.0.0', dependencies: {constructor: '^1.0.0'}})
  await registry.put({...draft, name: 'constructor', version: '1.0.0'})
  await registry.put({...draft, name: '@acme/review', version: '1.0.0'})
  return {registry, project: await startProject(t, registry.url)}
}

describe('packages without a scope', () => {
  it('unscoped names: are added, installed, listed, updated, verified and removed next to scoped ones', async (t) => {
    const {registry, project} = await start(t)
    await project.succeed(Add, ['review', '@acme/review', '--setup', 'claude-code'])
    const versions = {'@acme/review': '1.0.0', constructor: '1.0.0', review: '1.0.0'}
    assert.deepEqual(await project.installed(), versions)
    assert.deepEqual(await project.locked(), versions)
    assert.deepEqual((await project.manifest()).dependencies, {'@acme/review': '^1.0.0', review: '^1.0.0'})
    const skills = Object.keys(await project.tree()).filter((file) => file.startsWith('.claude/skills/'))
    assert.deepEqual(skills.sort(), [
      '.claude/skills/acme-review/SKILL.md',
      '.claude/skills/constructor/SKILL.md',
      '.claude/skills/review/SKILL.md',
    ])
    await project.succeed(Install, ['--frozen-lockfile'])
    await project.succeed(Verify, ['review'])
    assert.match((await project.succeed(List, [])).stdout, /review@1\.0\.0/)
    await registry.put({type: 'skill', files: skill, name: 'review', version: '1.1.0'})
    await project.succeed(Update, ['review'])
    assert.deepEqual(await project.installed(), {'@acme/review': '1.0.0', review: '1.1.0'})
    await project.succeed(Remove, ['review'])
    assert.deepEqual(await project.installed(), {'@acme/review': '1.0.0'})
  })

  it('unscoped names: an installed one that is not locked is reported', async (t) => {
    const {project} = await start(t)
    await project.succeed(Add, ['review'])
    const lockfile = JSON.parse((await project.tree())['apkg-lock.json'] ?? '')
    await project.depend({})
    await writeFile(project.at('apkg-lock.json'), JSON.stringify({...lockfile, packages: {}}))
    assert.match((await project.run(Verify, [])).stderr, /review/)
  })

  it('unscoped names: are shown with their dist-tags', async (t) => {
    const {project} = await start(t)
    assert.match((await project.succeed(Info, ['review@^1'])).stdout, /^review@1\.0\.0\n/)
    assert.match((await project.succeed(DistTagLs, ['review'])).stdout, /^latest\s+1\.0\.0\n/)
  })

  it('unscoped names: the error for an unknown one says that the scope is probably missing', async (t) => {
    const {project} = await start(t)
    assert.match((await project.run(Info, ['style'])).stderr, /^Error: Package not found: style on [^]*@scope\/style\n/)
  })

  it('unscoped names: can be linked, but not published', async (t) => {
    const {project} = await start(t)
    const cwd = await makeTree(t, {
      'apkg.json': JSON.stringify({name: 'style', version: '1.0.0', type: 'skill'}),
      ...skill,
    })
    await project.succeed(Link, [cwd])
    assert.match((await project.succeed(List, [])).stdout, /style/)
    const failure = failureOf(await project.run(Publish, ['--json'], {cwd}))
    assert.equal(failure.code, 'MANIFEST_UNPUBLISHABLE')
    assert.match(failure.message, /must be scoped/)
  })

  for (const [command, ...argv] of [
    [Deprecate, '../x', 'Use another'],
    [DistTagAdd, '../x@1.0.0', 'next'],
    [Yank, '../x@1.0.0'],
  ] as const) {
    it(`${command.id}: reports a missing credential before an invalid name, and never sends the name`, async (t) => {
      const {registry, project} = await start(t)
      const code = async (env = {}) => failureOf(await project.run(command, [...argv, '--json'], {env})).code
      assert.equal(await code(), 'AUTH_REQUIRED')
      assert.equal(await code({APKG_TOKEN: 'a-token-of-the-registry'}), 'SPEC_INVALID')
      assert.deepEqual(registry.requests, [])
    })
  }

  for (const [command, message, ...argv] of [
    [Deprecate, /deprecation message is required/, '../x'],
    [DistTagAdd, /Version is required/, '../x', 'next'],
    [Yank, /Version is required/, '../x'],
  ] as const) {
    it(`${command.id}: reports a missing argument before an invalid name`, async (t) => {
      const {project} = await start(t)
      assert.match(failureOf(await project.run(command, [...argv, '--json'])).message, message)
    })
  }
})
