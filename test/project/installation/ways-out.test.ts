import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {generateKeyPair, keyIdOf, type KeyPair} from '@apkg/package-format/signing'
import {operator} from '@apkg/plugin-registry/dist/server/store/store.js'

import Install from '../../../src/commands/install.js'
import Remove from '../../../src/commands/remove.js'
import TrustSet from '../../../src/commands/trust/set.js'
import Update from '../../../src/commands/update.js'
import {errorOf} from '../../support/command.js'
import {startProject} from '../../support/project.js'
import {publishPackage, sessionOf, type Draft} from '../../support/publish-package.js'
import {publishSigned, registerKey} from '../../support/publish-signed.js'
import {password, startRegistry} from '../../support/registry.js'

/** A registry, and a project that has installed these packages from it. */
async function start(t: TestContext, drafts: Draft[], dependencies: Record<string, string>, key?: KeyPair) {
  const registry = await startRegistry(t)
  await registry.addUser('ada')
  const session = await sessionOf(registry.url, 'ada', password)
  const publish = async (draft: Draft, by?: KeyPair) => {
    if (by) await publishSigned(registry.url, session, draft, {key: by})
    else await publishPackage(registry.url, session, draft)
  }
  if (key) await registerKey(registry.url, session, key)
  for (const draft of drafts) await publish(draft, key)
  const project = await startProject(t, registry.url, dependencies)
  await project.succeed(Install)
  const takeDown = (name: string, version: string) =>
    registry.store.packages.takeDown({name, version, reason: 'It stole keys'}, operator, registry.clock.now.getTime())
  const revoke = async ({publicKey}: KeyPair) => {
    const address = `${registry.url}/auth/keys/${encodeURIComponent(keyIdOf(publicKey))}/revoke`
    const headers = {authorization: `Bearer ${session}`, 'content-type': 'application/json'}
    registry.clock.advance(1000)
    assert.ok((await fetch(address, {method: 'POST', headers, body: '{"reason": "key-compromise"}'})).ok)
  }
  /** The hints of an installation that must fail. */
  const hints = async (code: string, ...argv: string[]) => {
    const outcome = errorOf(await project.run(Install, [...argv, '--json']))
    assert.equal(outcome.code, code, outcome.message)
    return outcome.suggestions
  }
  /** Runs the command in a hint as printed. */
  const follow = async (hint = '') => {
    const [, verb, rest = ''] = /`apkg (update|remove|install) ?([^`]*)`/.exec(hint) ?? []
    const command = {update: Update, remove: Remove, install: Install}[verb as 'update' | 'remove' | 'install']
    return project.succeed(command, rest.split(' ').filter(Boolean))
  }
  return {registry, project, session, publish, takeDown, revoke, hints, follow}
}

const tool = '@ada/tool'
const lib = '@ada/lib'

describe('ways out of a takedown', () => {
  it('ways out: an update within the range', async (t) => {
    const drafts = [
      {name: tool, version: '1.0.0'},
      {name: tool, version: '1.1.0'},
    ]
    const {project, takeDown, hints, follow} = await start(t, drafts, {[tool]: '^1.0.0'})
    await takeDown(tool, '1.1.0')
    const [hint, ...others] = await hints('VERSION_TAKEN_DOWN', '--frozen-lockfile')
    assert.deepEqual(
      [hint, others],
      [`run \`apkg update ${tool}\` to change to ${tool}@1.0.0, then commit apkg-lock.json`, []],
    )
    await follow(hint)
    await project.succeed(Install, ['--frozen-lockfile'])
    assert.deepEqual(await project.installed(), {[tool]: '1.0.0'})
  })

  it('ways out: an update beyond the range, if nothing in it is left', async (t) => {
    const drafts = [
      {name: tool, version: '1.0.0'},
      {name: tool, version: '2.0.0'},
    ]
    const {project, takeDown, hints, follow} = await start(t, drafts, {[tool]: '^1.0.0'})
    await takeDown(tool, '1.0.0')
    const [hint] = await hints('VERSION_TAKEN_DOWN')
    assert.match(hint ?? '', /^run `apkg update --latest @ada\/tool` to change to @ada\/tool@2\.0\.0, which the range/)
    await follow(hint)
    await project.succeed(Install, ['--frozen-lockfile'])
    assert.deepEqual(await project.installed(), {[tool]: '2.0.0'})
  })

  it('ways out: removing the package, if no version is left', async (t) => {
    const {project, takeDown, hints, follow} = await start(t, [{name: tool}], {[tool]: '^1.0.0'})
    await takeDown(tool, '1.0.0')
    const [hint] = await hints('VERSION_TAKEN_DOWN')
    assert.match(
      hint ?? '',
      /^no other version can be installed; until its publisher releases one, run `apkg remove @ada\/tool`/,
    )
    await follow(hint)
    await project.succeed(Install)
    assert.deepEqual(await project.installed(), {})
  })

  it('ways out: updating everything for a transitive dependency, or removing what requires it', async (t) => {
    const app = {name: '@ada/app', dependencies: {[lib]: '^1.0.0'}}
    const drafts = [{name: lib, version: '1.0.0'}, app, {name: '@ada/other'}]
    const {project, publish, takeDown, hints, follow} = await start(t, drafts, {'@ada/app': '*', '@ada/other': '*'})
    await publish({name: lib, version: '1.0.1'})
    await takeDown(lib, '1.0.0')
    const [update] = await hints('VERSION_TAKEN_DOWN')
    assert.match(update ?? '', /^run `apkg update` to change to @ada\/lib@1\.0\.1/)
    await follow(update)
    await project.succeed(Install)
    await takeDown(lib, '1.0.1')
    const [removal] = await hints('VERSION_TAKEN_DOWN')
    assert.equal(
      removal,
      'no other version of @ada/lib can be installed; to remove the package that requires it, run `apkg remove @ada/app`',
    )
    await follow(removal)
    await project.succeed(Install)
    assert.deepEqual(await project.installed(), {'@ada/other': '1.0.0'})
  })

  it('ways out: an update to an unsigned version is not suggested if signatures are required', async (t) => {
    const key = generateKeyPair()
    const {project, publish, takeDown, hints, follow} = await start(t, [{name: tool}], {[tool]: '^1.0.0'}, key)
    await publish({name: tool, version: '1.0.1'})
    await takeDown(tool, '1.0.0')
    await project.succeed(TrustSet, ['signatures', 'require'])
    const [hint] = await hints('VERSION_TAKEN_DOWN')
    assert.match(hint ?? '', /`apkg remove @ada\/tool`/)
    await follow(hint)
    await project.succeed(Install)
  })
})

describe('ways out of a compromised signer', () => {
  it('ways out: an update to a version that another key signed, and not to one by the same key', async (t) => {
    const [key, next] = [generateKeyPair(), generateKeyPair()]
    const drafts = [{name: tool, version: '1.0.0'}]
    const {registry, project, session, publish, revoke, hints, follow} = await start(t, drafts, {[tool]: '^1.0.0'}, key)
    await publish({name: tool, version: '1.0.1'}, key)
    await revoke(key)
    const accept = `if its publisher confirms this version, add \`--accept-signer ${keyIdOf(key.publicKey)}\``
    assert.deepEqual(await hints('SIGNER_COMPROMISED'), [
      `no other version can be installed; until its publisher releases one, run \`apkg remove ${tool}\``,
      accept,
    ])
    await project.succeed(Install, ['--accept-signer', keyIdOf(key.publicKey)])
    await registerKey(registry.url, session, next)
    await publish({name: tool, version: '1.0.2'}, next)
    const [hint, other] = await hints('SIGNER_COMPROMISED')
    assert.match(hint ?? '', /^run `apkg update @ada\/tool` to change to @ada\/tool@1\.0\.2/)
    assert.equal(other, accept)
    await follow(hint)
    await project.succeed(Install, ['--frozen-lockfile'])
    assert.deepEqual(await project.installed(), {[tool]: '1.0.2'})
  })
})
