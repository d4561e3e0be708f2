import assert from 'node:assert/strict'
import {rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import RegistryOrgAdd from '../../src/commands/registry/org/add.js'
import RegistryOrgCreate from '../../src/commands/registry/org/create.js'
import RegistryOrgList from '../../src/commands/registry/org/list.js'
import RegistryOrgRemove from '../../src/commands/registry/org/remove.js'
import RegistryTakedown from '../../src/commands/registry/takedown.js'
import RegistryTokenResume from '../../src/commands/registry/token/resume.js'
import RegistryTokenSuspended from '../../src/commands/registry/token/suspended.js'
import RegistryUserAdd from '../../src/commands/registry/user/add.js'
import {hashSecret} from '../../src/server/auth/secrets.js'
import {loadSqlite} from '../../src/server/store/sqlite/driver.js'
import {operator} from '../../src/server/store/store.js'
import {versionDraft} from '../support/package-drafts.js'
import {createWorld, password, second} from '../support/world.js'
import {config} from '../support/oclif-config.js'
import {type Outcome, runCommand} from '../../../../test/support/run-command.js'

/** A running registry with ada and bob, and a function that runs the operator's commands. */
async function withUsers(t: TestContext) {
  const world = await createWorld(t)
  await world.addUser('ada')
  await world.addUser('bob')
  const {accessToken: session} = await world.logIn('ada')
  const run = (command: Parameters<typeof runCommand>[0], argv: string[], {stdin = '', terminal = false} = {}) =>
    runCommand(command, [...argv, '--data', world.folder], config, {
      home: world.folder,
      now: new Date(world.now()),
      stdin,
      terminal,
    })
  return {world, run, session}
}

function assertFailure(outcome: Outcome, code: string, exitCode: number): void {
  assert.equal(outcome.exitCode, exitCode)
  assert.equal(JSON.parse(outcome.stdout).error.code, code)
}

describe('registry org', () => {
  it('org: creates an organization, adds members and lists them', async (t) => {
    const {run} = await withUsers(t)
    const steps: [Parameters<typeof runCommand>[0], string[], string][] = [
      [
        RegistryOrgCreate,
        ['acme'],
        'Created organization acme. To add members, run `apkg registry org add acme <user>`.\n',
      ],
      [RegistryOrgAdd, ['acme', 'ada', '--role', 'publisher'], 'ada is now a publisher of acme\n'],
      [RegistryOrgAdd, ['acme', 'bob'], 'bob is now a reader of acme\n'],
      [RegistryOrgAdd, ['acme', 'bob'], 'bob is already a reader of acme\n'],
    ]
    for (const [command, argv, stderr] of steps) {
      const outcome = await run(command, argv)
      assert.deepEqual([outcome.exitCode, outcome.stdout, outcome.stderr], [0, '', stderr])
    }
    assert.equal((await run(RegistryOrgList, [])).stdout, 'acme\tada\tpublisher\nacme\tbob\treader\n')
    assert.equal(
      (await run(RegistryOrgList, [], {terminal: true})).stdout,
      'ORGANIZATION  USER  ROLE\nacme          ada   publisher\nacme          bob   reader\n',
    )
    const json = JSON.parse((await run(RegistryOrgList, ['acme', '--json'])).stdout)
    assert.deepEqual(json, {
      organizations: [
        {
          name: 'acme',
          createdAt: '2026-11-23T12:00:00.000Z',
          members: [
            {name: 'ada', role: 'publisher'},
            {name: 'bob', role: 'reader'},
          ],
        },
      ],
    })
  })

  it('org: changes of a membership take effect with the next request', async (t) => {
    const {world, run, session} = await withUsers(t)
    const orgs = async () => (await world.call('GET', '/auth/whoami', {token: session})).body.orgs
    const before = await orgs()
    await run(RegistryOrgCreate, ['acme'])
    await run(RegistryOrgAdd, ['acme', 'ada', '--role', 'publisher'])
    assert.notDeepEqual(await orgs(), before)
    const removed = await run(RegistryOrgRemove, ['acme', 'ada'])
    assert.equal(removed.stderr, 'ada is no longer a member of acme\n')
    assert.deepEqual(await orgs(), before)
  })

  it('org: shares a namespace with users, and names are never reused', async (t) => {
    const {run} = await withUsers(t)
    await run(RegistryOrgCreate, ['acme'])
    assertFailure(await run(RegistryOrgCreate, ['acme', '--json']), 'ORG_NAME_TAKEN', 3)
    assertFailure(await run(RegistryOrgCreate, ['ada', '--json']), 'ORG_NAME_TAKEN', 3)
    const user = await run(RegistryUserAdd, ['acme', '--email', 'a@example.com', '--password-stdin', '--json'], {
      stdin: password,
    })
    assertFailure(user, 'USER_NAME_TAKEN', 3)
    for (const name of ['Acme', 'a/b', '@acme', '']) {
      assertFailure(await run(RegistryOrgCreate, [name, '--json']), 'USAGE', 2)
    }
  })

  it('org: unknown organizations, users and members are errors', async (t) => {
    const {run} = await withUsers(t)
    await run(RegistryOrgCreate, ['acme'])
    assertFailure(await run(RegistryOrgAdd, ['other', 'ada', '--json']), 'ORG_UNKNOWN', 1)
    assertFailure(await run(RegistryOrgList, ['other', '--json']), 'ORG_UNKNOWN', 1)
    assertFailure(await run(RegistryOrgAdd, ['acme', 'eve', '--json']), 'USER_UNKNOWN', 1)
    assertFailure(await run(RegistryOrgRemove, ['acme', 'ada', '--json']), 'ORG_MEMBER_UNKNOWN', 1)
    assertFailure(await run(RegistryOrgAdd, ['acme', 'ada', '--role', 'king', '--json']), 'USAGE', 2)
    assert.equal((await run(RegistryOrgList, [])).stdout, 'acme\t-\t-\n')
  })
})

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
    const outcome = await run(RegistryTakedown, ['@ada/tool@1.1.0', '--reason', 'It stole keys', '--json'])
    assert.deepEqual(JSON.parse(outcome.stdout), {
      package: '@ada/tool',
      version: '1.1.0',
      reason: 'It stole keys',
      wasDown: false,
      tags: {moved: [{tag: 'latest', version: '1.0.0'}], removed: []},
    })
    assert.match(outcome.stderr, /^Took down @ada\/tool@1\.1\.0\./)
    assert.match(outcome.stderr, /The dist-tag latest now points to 1\.0\.0\n/)
    const {distTags, versions} = (await world.store.packages.find('@ada/tool')) ?? assert.fail()
    assert.deepEqual(distTags, {latest: '1.0.0', next: '2.0.0-rc.1'})
    assert.ok(versions.every(({version}) => version !== '1.1.0'))
    const tarball = await world.call('GET', '/packages/@ada%2Ftool/1.1.0/tarball')
    assert.equal(tarball.status, 410)
    assert.match(tarball.body.detail, /It stole keys/)
    assert.match((await run(RegistryTakedown, ['@ada/tool@2.0.0-rc.1', '--reason', 'x'])).stderr, /next was removed\n/)
  })

  it('takedown: the second one reports the first reason', async (t) => {
    const {run} = await withVersions(t)
    await run(RegistryTakedown, ['@ada/tool@1.1.0', '--reason', 'first'])
    const again = await run(RegistryTakedown, ['@ada/tool@1.1.0', '--reason', 'second'])
    assert.equal(again.exitCode, 0)
    assert.equal(again.stderr, '@ada/tool@1.1.0 was already taken down: first\n')
  })

  const refused: [string, string[], string, number][] = [
    ['an unknown package', ['@ada/other@1.0.0', '--reason', 'x'], 'PACKAGE_UNKNOWN', 1],
    ['an unknown version', ['@ada/tool@9.0.0', '--reason', 'x'], 'VERSION_UNKNOWN', 1],
    ['a package without a version', ['@ada/tool', '--reason', 'x'], 'USAGE', 2],
    ['a range', ['@ada/tool@^1.0.0', '--reason', 'x'], 'USAGE', 2],
    ['a missing reason', ['@ada/tool@1.0.0'], 'USAGE', 2],
    ['a blank reason', ['@ada/tool@1.0.0', '--reason', '  '], 'USAGE', 2],
    ['a reason of two lines', ['@ada/tool@1.0.0', '--reason', 'a\nb'], 'USAGE', 2],
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

describe('registry token', () => {
  async function withSuspended(t: TestContext) {
    const {world, run, session} = await withUsers(t)
    const {accessToken: ofBob} = await world.logIn('bob')
    const tokens = {
      one: await world.createToken(session, {name: 'one'}),
      two: await world.createToken(session, {name: 'two'}),
      bobs: await world.createToken(ofBob, {name: 'bobs'}),
    }
    await world.store.tokens.suspendAll(operator, world.now())
    const statuses = async () => {
      const values = Object.values(tokens).map(({token}) => world.call('GET', '/auth/whoami', {token}))
      return (await Promise.all(values)).map(({status}) => status)
    }
    return {world, run, tokens, statuses}
  }

  it('token: lists suspended tokens, which are refused with their own code', async (t) => {
    const {world, run, tokens} = await withSuspended(t)
    const answer = await world.call('GET', '/auth/whoami', {token: tokens.one.token})
    assert.deepEqual([answer.status, answer.body.error.code], [401, 'CREDENTIAL_SUSPENDED'])
    const {stdout} = await run(RegistryTokenSuspended, [])
    const time = '2026-11-23T12:00:00.000Z'
    assert.equal(
      stdout,
      [
        `ada\tone\t${tokens.one.id}\t${time}`,
        `ada\ttwo\t${tokens.two.id}\t${time}`,
        `bob\tbobs\t${tokens.bobs.id}\t${time}`,
      ]
        .map((line) => `${line}\n`)
        .join(''),
    )
  })

  it('token: resumes tokens by id, by user or all, and lists them', async (t) => {
    const {run, tokens, statuses} = await withSuspended(t)
    const byId = await run(RegistryTokenResume, [tokens.two.id])
    assert.deepEqual([byId.exitCode, byId.stderr], [0, 'Resumed 1 token\n'])
    assert.match(byId.stdout, /^ada\ttwo\t/)
    assert.deepEqual(await statuses(), [401, 200, 401])
    await run(RegistryTokenResume, ['--user', 'bob'])
    assert.deepEqual(await statuses(), [401, 200, 200])
    const rest = await run(RegistryTokenResume, ['--all', '--json'])
    assert.deepEqual(
      JSON.parse(rest.stdout).tokens.map(({label}: {label: string}) => label),
      ['one'],
    )
    assert.deepEqual(await statuses(), [200, 200, 200])
    assert.equal((await run(RegistryTokenSuspended, [])).stderr, 'No suspended tokens\n')
  })

  it('token: a revoked token cannot be resumed', async (t) => {
    const {world, run, tokens, statuses} = await withSuspended(t)
    await world.store.tokens.revoke({userId: 'id-of-ada', id: tokens.one.id}, operator, world.now())
    await run(RegistryTokenResume, ['--all'])
    assert.deepEqual(await statuses(), [401, 200, 200])
  })

  it('token: an unknown id or an ambiguous selection resumes nothing', async (t) => {
    const {run, tokens, statuses} = await withSuspended(t)
    assertFailure(await run(RegistryTokenResume, [tokens.one.id, 'nonsense', '--json']), 'TOKEN_NOT_SUSPENDED', 1)
    assertFailure(await run(RegistryTokenResume, ['--user', 'eve', '--json']), 'USER_UNKNOWN', 1)
    assertFailure(await run(RegistryTokenResume, ['--json']), 'INPUT_MISSING', 2)
    assertFailure(await run(RegistryTokenResume, ['--all', '--user', 'ada', '--json']), 'USAGE', 2)
    assert.deepEqual(await statuses(), [401, 401, 401])
  })
})

describe('readiness', () => {
  it('readiness: ready while the registry can read and write', async (t) => {
    const {world} = await withUsers(t)
    const answer = await world.call('GET', '/readyz')
    assert.deepEqual([answer.status, answer.body], [200, {status: 'ok', version: '0.1.0'}])
  })

  it('readiness: not ready if tarballs cannot be written, but still healthy', async (t) => {
    const {world} = await withUsers(t)
    const drafts = path.join(world.folder, 'blobs', 'tmp')
    rmSync(drafts, {recursive: true})
    writeFileSync(drafts, '')
    const answer = await world.call('GET', '/readyz')
    assert.deepEqual([answer.status, answer.body.detail], [503, 'Not ready: tarballs cannot be written'])
    assert.equal(answer.headers['retry-after'], '1')
    assert.equal((await world.call('GET', '/healthz')).status, 200)
  })

  it('readiness: not ready if the database is unavailable', async (t) => {
    const {world} = await withUsers(t)
    const database = (await loadSqlite()).open(path.join(world.folder, 'registry.db'))
    database.exec('DROP TABLE audit')
    database.close()
    const answer = await world.call('GET', '/readyz')
    assert.deepEqual([answer.status, answer.body.detail], [503, 'Not ready: the database is unavailable'])
  })

  it('readiness: a result is reused for a second', async (t) => {
    const {world} = await withUsers(t)
    assert.equal((await world.call('GET', '/readyz')).status, 200)
    rmSync(path.join(world.folder, 'blobs', 'tmp'), {recursive: true})
    assert.equal((await world.call('GET', '/readyz')).status, 200)
    world.pass(second)
    assert.equal((await world.call('GET', '/readyz')).status, 503)
  })
})
