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

  it('audit: --credential finds a token by its ID, its start and the ID of a later value, and a session', async (t) => {
    const {world, audit, actions} = await withHistory(t)
    const session = (await world.logIn('ada')).accessToken
    const {id, token} = await world.createToken(session, {name: 'other', scopes: ['admin']})
    await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session})
    const rotated = await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session})
    await world.call('GET', '/auth/whoami', {token: rotated.body.token})
    await world.call('DELETE', '/auth/tokens/current', {token: rotated.body.token})
    await world.call('GET', '/auth/whoami', {token})
    const expected = ['token.revoke', 'token.rotate', 'token.rotate', 'token.create']
    const value = await world.store.credentials.find('token', hashSecret(rotated.body.token))
    assert.ok(value?.kind === 'token' && value.valueId !== id)
    for (const given of [id, id.slice(0, 8), value.valueId]) {
      assert.deepEqual(await actions('--credential', given), expected, given)
    }
    const {id: sessionId} = (await world.store.credentials.find('session', hashSecret(session)))!
    assert.deepEqual(await actions('--credential', sessionId, '--action', 'token.'), expected.slice(1))
    assert.deepEqual(await actions('--credential', id, '--action', 'token.create'), ['token.create'])

    for (const [given, code, exitCode] of [
      ['0000000000000000', 'REGISTRY_CREDENTIAL_NOT_FOUND', 1],
      [id.slice(0, 7), 'USAGE', 2],
      [token, 'USAGE', 2],
      ['%%%%%%%%', 'USAGE', 2],
    ] as const) {
      const outcome = await audit(['--credential', given, '--json'])
      assert.deepEqual([JSON.parse(outcome.stdout).error.code, outcome.exitCode], [code, exitCode], given)
    }
  })

  it('audit: --credential refuses an ambiguous prefix', async (t) => {
    const {world, audit} = await withHistory(t)
    const {accessToken} = await world.logIn('ada')
    const credential = await world.store.credentials.find('session', hashSecret(accessToken))
    assert.ok(credential?.kind === 'session')
    const {id: sessionId, owner} = credential
    for (const id of ['12345678aaaaaaaa', '12345678bbbbbbbb']) {
      const draft = {
        ...{id, label: id, prefix: 'apkgt_', hash: hashSecret(id), userId: owner.id, sessionId},
        ...{lifetime: 'never', expiresAt: null, scopes: ['read' as const], patterns: [], note: null},
        ...{addresses: null, uses: null, release: null, organization: null},
      }
      assert.equal(await world.store.tokens.create(draft, operator, world.now()), 'created')
    }
    const {stderr, exitCode} = await audit(['--credential', '12345678'])
    assert.equal(exitCode, 1)
    assert.match(stderr, /Several IDs start with 12345678:\n {2}token 12345678a{8}\n {2}token 12345678b{8}\n/)
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

  it('audit: prints a table on a terminal, and tab-separated fields otherwise', async (t) => {
    const {world, audit} = await withHistory(t)
    const [token] = await world.store.tokens.list({kind: 'user', id: 'id-of-ada'}, {}, world.now())
    const piped = await audit(['--action', 'token.create'])
    const [time, actor, action, , target, name, , agent, detail] = piped.stdout.trimEnd().split('\t')
    assert.deepEqual(
      [time, actor, action, target, name, agent],
      ['2026-11-23T14:00:00.000Z', 'ada', 'token.create', token?.id, 'ci-deploy', 'test'],
    )
    assert.equal(JSON.parse(detail ?? '').label, 'ci-deploy')
    const seen = await audit(['--limit', '2'], {terminal: true})
    const [titles, failure, creation] = seen.stdout.split('\n').map((line) => line.split(/ {2,}/).slice(1))
    assert.deepEqual(titles?.slice(0, 2), ['USER', 'ACTION'])
    assert.deepEqual(failure?.slice(0, 2), ['bob', 'login.fail'])
    assert.deepEqual(creation?.slice(0, 2), ['ada', 'token.create'])
    assert.match(creation?.at(-1) ?? '', /^ci-deploy label=ci-deploy scopes=/)
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
