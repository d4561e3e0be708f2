import assert from 'node:assert/strict'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import RegistryTakedown from '../../../src/commands/registry/takedown.js'
import {hashSecret} from '../../../src/server/auth/credential-values.js'
import {loadSqlite} from '../../../src/server/store/sqlite/driver.js'
import {operator} from '../../../src/server/store/store.js'
import {assertFailure, withUsers} from '../../support/operator.js'
import {versionDraft} from '../../support/package-drafts.js'

describe('registry takedown', () => {
  async function withVersions(t: TestContext) {
    const {world, run, session} = await withUsers(t)
    const {token} = await world.createToken(session, {name: 'ci'})
    const credential = await world.store.credentials.find('token', hashSecret(token))
    assert.ok(credential)
    for (const changes of [{version: '1.0.0'}, {version: '1.1.0'}, {version: '2.0.0-rc.1', tag: 'next'}]) {
      const draft = versionDraft({name: '@ada/tool', ...changes})
      await world.store.packages.publish(draft, credential, operator, world.now())
    }
    return {world, run}
  }

  it('takedown: hides a version, reports the reason and moves its dist-tags', async (t) => {
    const {world, run} = await withVersions(t)
    const outcome = await run(RegistryTakedown, ['@ada/tool@1.1.0', '--reason', 'It stole keys', '--yes', '--json'])
    assert.deepEqual(JSON.parse(outcome.stdout), {
      package: '@ada/tool',
      version: '1.1.0',
      reason: 'It stole keys',
      wasDown: false,
      tags: {moved: [{tag: 'latest', version: '1.0.0'}], removed: []},
    })
    assert.match(outcome.stderr, /^Took down @ada\/tool@1\.1\.0\./)
    assert.match(outcome.stderr, /The dist-tag "latest" now points to 1\.0\.0\n/)
    const {distTags, versions} = (await world.store.packages.find('@ada/tool')) ?? assert.fail()
    assert.deepEqual(distTags, {latest: '1.0.0', next: '2.0.0-rc.1'})
    assert.ok(versions.every(({version}) => version !== '1.1.0'))
    const tarball = await world.call('GET', '/packages/@ada%2Ftool/1.1.0/tarball')
    assert.equal(tarball.status, 410)
    assert.match(tarball.body.detail, /It stole keys/)
    assert.match(
      (await run(RegistryTakedown, ['@ada/tool@2.0.0-rc.1', '--reason', 'x', '--yes'])).stderr,
      /"next" was removed\n/,
    )
  })

  it('takedown: asks for confirmation on a terminal, and requires --yes elsewhere', async (t) => {
    const {world, run} = await withVersions(t)
    const argv = ['@ada/tool@1.1.0', '--reason', 'It stole keys']
    const isDown = async () => (await world.call('GET', '/packages/@ada%2Ftool/1.1.0/tarball')).status === 410
    const silent = await run(RegistryTakedown, [...argv, '--json'])
    assertFailure(silent, 'INPUT_MISSING', 2)
    assert.match(JSON.parse(silent.stdout).error.suggestions.join(), /add --yes/)
    const questions: string[] = []
    const answering = (answer: boolean) => ({
      terminal: true,
      prompts: {
        confirm: ({message}: {message: string}) => {
          questions.push(message)
          return Promise.resolve(answer)
        },
      },
    })
    const declined = await run(RegistryTakedown, argv, answering(false))
    assert.deepEqual([declined.exitCode, await isDown()], [1, false])
    assert.match(
      questions[0] ?? '',
      /^Take down @ada\/tool@1\.1\.0 for everyone, with the reason "It stole keys"\? This cannot be undone/,
    )
    const agreed = await run(RegistryTakedown, argv, answering(true))
    assert.deepEqual([agreed.exitCode, await isDown()], [0, true])
    assert.equal((await run(RegistryTakedown, argv)).exitCode, 0)
    assert.equal(questions.length, 2)
  })

  it('takedown: the command in a hint repeats --data', async (t) => {
    const {world, run} = await withVersions(t)
    const {stdout} = await run(RegistryTakedown, ['@ada/tool@9.0.0', '--reason', 'x', '--yes', '--json'])
    const [hint] = JSON.parse(stdout).error.suggestions
    assert.ok(hint.includes(`--target @ada/tool --data ${world.folder}\``), hint)
  })

  it('takedown: a second takedown reports the first reason', async (t) => {
    const {run} = await withVersions(t)
    await run(RegistryTakedown, ['@ada/tool@1.1.0', '--reason', 'first', '--yes'])
    const again = await run(RegistryTakedown, ['@ada/tool@1.1.0', '--reason', 'second', '--yes'])
    assert.equal(again.exitCode, 0)
    assert.equal(again.stderr, '@ada/tool@1.1.0 was already taken down: first\n')
  })

  it('takedown: takes down versions that differ only in build metadata, as older registries published them', async (t) => {
    const {world, run} = await withVersions(t)
    const database = (await loadSqlite()).open(path.join(world.folder, 'registry.db'))
    database.exec(
      "UPDATE dist_tags SET version = '1.0.0'; UPDATE versions SET version = '1.0.0+z' WHERE version = '1.1.0'",
    )
    database.close()
    const {versions} = (await world.call('GET', '/packages/@ada%2Ftool')).body
    assert.deepEqual(Object.keys(versions), ['1.0.0', '1.0.0+z', '2.0.0-rc.1'])
    const {stderr, stdout} = await run(RegistryTakedown, [
      '@ada/tool@1.0.0',
      '--reason',
      'It stole keys',
      '--yes',
      '--json',
    ])
    assert.deepEqual(JSON.parse(stdout).sameVersions, ['1.0.0+z'])
    assert.match(stderr, /^Took down @ada\/tool@1\.0\.0\+z, which differs only in build metadata$/m)
    assert.deepEqual(Object.keys((await world.call('GET', '/packages/@ada%2Ftool')).body.versions), ['2.0.0-rc.1'])
    assert.equal((await world.call('GET', '/packages/@ada%2Ftool/1.0.0+z/tarball')).status, 410)
  })

  const refused: [string, string[], string, number][] = [
    ['an unknown package', ['@ada/other@1.0.0', '--reason', 'x', '--yes'], 'REGISTRY_PACKAGE_NOT_FOUND', 1],
    ['an unknown version', ['@ada/tool@9.0.0', '--reason', 'x', '--yes'], 'REGISTRY_VERSION_NOT_FOUND', 1],
    ['a package without a version', ['@ada/tool', '--reason', 'x', '--yes'], 'USAGE', 2],
    ['a range', ['@ada/tool@^1.0.0', '--reason', 'x', '--yes'], 'USAGE', 2],
    ['a missing reason', ['@ada/tool@1.0.0'], 'USAGE', 2],
    ['a blank reason', ['@ada/tool@1.0.0', '--reason', '  ', '--yes'], 'USAGE', 2],
    ['a reason of two lines', ['@ada/tool@1.0.0', '--reason', 'a\nb', '--yes'], 'USAGE', 2],
    ['a reason of 1025 characters', ['@ada/tool@1.0.0', '--reason', 'x'.repeat(1025)], 'USAGE', 2],
  ]
  for (const [title, argv, code, exitCode] of refused) {
    it(`takedown: refuses ${title}`, async (t) => {
      const {world, run} = await withVersions(t)
      const outcome = await run(RegistryTakedown, [...argv, '--json'])
      assertFailure(outcome, code, exitCode)
      if (exitCode === 1) assert.match(JSON.parse(outcome.stdout).error.suggestions[0], /^run `apkg registry audit /)
      assert.equal((await world.store.packages.find('@ada/tool'))?.versions.length, 3)
    })
  }
})
