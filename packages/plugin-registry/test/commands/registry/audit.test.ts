import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import RegistryAudit from '../../../src/commands/registry/audit.js'
import {hashSecret} from '../../../src/server/auth/credential-values.js'
import {operator} from '../../../src/server/store/store.js'
import {versionDraft} from '../../support/package-drafts.js'
import {createWorld, hour, minute} from '../../support/world.js'
import {config} from '../../support/oclif-config.js'
import {runCommand, type World as CommandWorld} from '../../../../../test/support/run-command.js'

/** A running registry with a day of history, and a function that reads its audit log. */
async function withHistory(t: TestContext) {
  const world = await createWorld(t)
  await world.addUser('ada')
  await world.addUser('bob')
  world.pass(2 * hour - 5 * minute)
  const {accessToken} = await world.logIn('ada')
  world.pass(5 * minute)
  await world.createToken(accessToken, {name: 'ci-deploy'})
  world.pass(24 * hour)
  await world.call('POST', '/auth/login', {body: {username: 'bob', password: 'a wrong one'}, from: '203.0.113.9'})
  const audit = (argv: string[], commandWorld: Partial<CommandWorld> = {}) =>
    runCommand(RegistryAudit, [...argv, '--data', world.folder], config, {
      home: world.folder,
      now: new Date(world.now()),
      ...commandWorld,
    })
  const actions = async (...argv: string[]) =>
    ((await audit([...argv, '--json'])).result as {entries: {action: string}[]}).entries.map(({action}) => action)
  return {world, audit, actions}
}

describe('registry audit', () => {
  it('audit: lists entries newest first, while a server is running', async (t) => {
    const {actions} = await withHistory(t)
    assert.deepEqual(await actions(), [
      'login.fail',
      'token.create',
      'login',
      'user.add',
      'user.add',
      'signing-key.create',
    ])
    assert.deepEqual(await actions('--limit', '2'), ['login.fail', 'token.create'])
  })

  const filters: [string, string[], string[]][] = [
    ['by actor', ['--user', 'ada'], ['token.create', 'login']],
    ['by a prefix of the action', ['--action', 'login'], ['login.fail', 'login']],
    ['by a prefix of the action with a dot', ['--action', 'token.'], ['token.create']],
    ['not by a part inside an action', ['--action', 'fail'], []],
    ['not by SQL patterns', ['--action', '%'], []],
    ['by the name of a changed user', ['--target', 'bob'], ['user.add']],
    ['by the label of a token', ['--target', 'ci-deploy'], ['token.create']],
    ['by the id of a target', ['--target', 'id-of-ada'], ['user.add']],
    ['by a duration', ['--since', '24h'], ['login.fail', 'token.create']],
    ['by a duration in minutes', ['--since', '1440m'], ['login.fail', 'token.create']],
    ['by a date', ['--since', '2026-11-24'], ['login.fail']],
    ['until the end of a date', ['--until', '2026-11-23', '--limit', '1'], ['token.create']],
    ['until just before a time', ['--until', '2026-11-23T14:00:00Z', '--limit', '1'], ['login']],
    ['by all filters together', ['--user', 'ada', '--action', 'login', '--since', '7d'], ['login']],
  ]
  for (const [title, argv, expected] of filters) {
    it(`audit: filters ${title}`, async (t) => {
      const {actions} = await withHistory(t)
      assert.deepEqual(await actions(...argv), expected)
    })
  }

  it('audit: a package name matches its versions, but not packages with a longer name', async (t) => {
    const {world, actions} = await withHistory(t)
    const {accessToken} = await world.logIn('ada')
    const {token} = await world.createToken(accessToken, {name: 'publisher'})
    const credential = await world.store.credentials.find('token', hashSecret(token))
    assert.ok(credential)
    for (const changes of [{}, {version: '1.1.0'}, {name: '@ada/toolbox'}]) {
      const draft = versionDraft({name: '@ada/tool', ...changes})
      await world.store.packages.publish(draft, credential, operator, world.now())
    }
    assert.deepEqual(await actions('--target', '@ada/tool'), ['package.publish', 'package.publish'])
    assert.deepEqual(await actions('--target', '@ada/tool@1.1.0'), ['package.publish'])
  })

  it('audit: prints columns on a terminal, and tabs otherwise', async (t) => {
    const {world, audit} = await withHistory(t)
    const [token] = await world.store.tokens.list('id-of-ada', {}, world.now())
    const piped = await audit(['--action', 'token.create'])
    const [time, actor, action, , target, name, , agent, detail] = piped.stdout.trimEnd().split('\t')
    assert.deepEqual(
      [time, actor, action, target, name, agent],
      ['2026-11-23T14:00:00.000Z', 'ada', 'token.create', token?.id, 'ci-deploy', 'test'],
    )
    assert.equal(JSON.parse(detail ?? '').label, 'ci-deploy')
    const seen = await audit(['--limit', '2'], {terminal: true})
    assert.equal(
      seen.stdout,
      [
        '2026-11-24 14:00:00Z  bob  login.fail    203.0.113.9  reason=password\n',
        '2026-11-23 14:00:00Z  ada  token.create  127.0.0.1    ci-deploy label=ci-deploy scopes=["read","publish"] patterns=[] lifetime=never\n',
      ].join(''),
    )
  })

  it('audit: escapes control characters that clients sent', async (t) => {
    const {world, audit} = await withHistory(t)
    const body = {username: 'bob', password: 'wrong again'}
    await world.call('POST', '/auth/login', {body, headers: {'user-agent': 'evil\u009b2J'}})
    const {stdout} = await audit(['--limit', '1'])
    assert.ok(!stdout.includes('\u009b'))
  })

  it('audit: reports no matches, and refuses an invalid time', async (t) => {
    const {audit} = await withHistory(t)
    const nothing = await audit(['--user', 'eve'])
    assert.deepEqual([nothing.stdout, nothing.stderr, nothing.exitCode], ['', 'No matching entries\n', 0])
    const wrong = await audit(['--since', 'yesterday'])
    assert.equal(wrong.exitCode, 2)
    assert.match(wrong.stderr, /`yesterday` is not a valid time\n {2}hint: use a duration \(15m, 12h, 30d, 8w or 1y\)/)
    assert.equal((await audit(['--since', 'never'])).exitCode, 2)
  })
})
