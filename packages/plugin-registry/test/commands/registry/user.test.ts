import assert from 'node:assert/strict'
import {existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'
import {fileURLToPath} from 'node:url'

import RegistryServe from '../../../src/commands/registry/serve.js'
import RegistryUserAdd from '../../../src/commands/registry/user/add.js'
import RegistryUserDisable from '../../../src/commands/registry/user/disable.js'
import RegistryUserEnable from '../../../src/commands/registry/user/enable.js'
import RegistryUserList from '../../../src/commands/registry/user/list.js'
import RegistryUserMfa from '../../../src/commands/registry/user/mfa.js'
import RegistryUserPasswd from '../../../src/commands/registry/user/passwd.js'
import RegistryUserRemove from '../../../src/commands/registry/user/remove.js'
import RegistryUserRevokeAll from '../../../src/commands/registry/user/revoke-all.js'
import {loadSqlite} from '../../../src/server/store/sqlite/driver.js'
import {password, temporaryFolder} from '../../support/world.js'
import {config} from '../../support/oclif-config.js'
import {type Outcome, runCommand, type World} from '../../../../../test/support/run-command.js'

const now = new Date('2026-11-23T12:00:00Z')

function inHome(t: TestContext) {
  const home = temporaryFolder(t)
  const folder = path.join(home, '.local', 'share', 'apkg-registry')
  const run = (command: Parameters<typeof runCommand>[0], argv: string[], world: Partial<World> = {}) =>
    runCommand(command, argv, config, {home, now, ...world})
  const add = (name: string, world: Partial<World> = {stdin: `${password}\n`}) =>
    run(RegistryUserAdd, [name, '--email', `${name}@example.com`, ...(world.stdin ? ['--password-stdin'] : [])], world)
  return {home, folder, run, add}
}

function assertFailure(outcome: Outcome, code: string, exitCode: number): void {
  assert.equal(outcome.exitCode, exitCode)
  assert.equal(JSON.parse(outcome.stdout).error.code, code)
  assert.equal(outcome.stderr, '')
}

describe('registry user', () => {
  it('user: add creates a registry if there is none, and list shows the user', async (t) => {
    const {run, add, folder} = inHome(t)
    const added = await add('ada')
    assert.deepEqual([added.stdout, added.stderr, added.exitCode], ['', 'Added user ada\n', 0])
    assert.deepEqual(added.result, {name: 'ada', email: 'ada@example.com'})
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    const listed = await run(RegistryUserList, [])
    assert.equal(listed.stdout, 'ada\tada@example.com\tenabled\tno mfa\t2026-11-23\n')
    assert.equal(
      (await run(RegistryUserList, [], {terminal: true})).stdout,
      'NAME  EMAIL            STATE    MFA     CREATED\nada   ada@example.com  enabled  no mfa  2026-11-23\n',
    )
    const json = await run(RegistryUserList, ['--json'])
    assert.deepEqual(JSON.parse(json.stdout), {
      users: [
        {name: 'ada', email: 'ada@example.com', createdAt: '2026-11-23T12:00:00.000Z', disabled: false, mfa: false},
      ],
    })
  })

  it('user: a database locked by another process is an error', async (t) => {
    const {run, add, folder} = inHome(t)
    await add('ada')
    const other = (await loadSqlite()).open(path.join(folder, 'registry.db'))
    t.after(() => other.close())
    other.exec('BEGIN IMMEDIATE')
    const outcome = await run(RegistryUserDisable, ['ada', '--json'])
    assertFailure(outcome, 'REGISTRY_DATA_BUSY', 1)
    assert.match(outcome.stdout, /"message": ?".*\/apkg-registry is locked by another process"/)
    other.exec('COMMIT')
    assert.equal((await run(RegistryUserDisable, ['ada'])).exitCode, 0)
  })

  it('user: add prompts for the password twice, and refuses different ones', async (t) => {
    const {run, add} = inHome(t)
    const asking = (answers: string[]) => ({
      terminal: true,
      prompts: {password: () => Promise.resolve(answers.shift() ?? assert.fail('asked once too often'))},
    })
    assert.equal((await add('ada', asking([password, password]))).exitCode, 0)
    const differing = await add('bob', asking([password, 'something else']))
    assert.equal(differing.exitCode, 2)
    assert.equal(
      differing.stderr,
      'Error: The passwords do not match. Nothing was changed\n  hint: run the command again\n',
    )
    assert.equal((await run(RegistryUserList, [])).stdout.split('\n').length, 2)
  })

  const refused: [string, string[], Partial<World>, string, number][] = [
    ['a missing password without a terminal', ['ada', '--email', 'a@b'], {}, 'INPUT_MISSING', 2],
    [
      'a password of 7 characters',
      ['ada', '--email', 'a@b', '--password-stdin'],
      {stdin: '1234567'},
      'PASSWORD_UNFIT',
      2,
    ],
    [
      'a password of 1025 characters',
      ['ada', '--email', 'a@b', '--password-stdin'],
      {stdin: 'x'.repeat(1025)},
      'PASSWORD_UNFIT',
      2,
    ],
    ['a name in uppercase', ['Ada', '--email', 'a@b', '--password-stdin'], {stdin: password}, 'USAGE', 2],
    ['a name with a slash', ['a/b', '--email', 'a@b', '--password-stdin'], {stdin: password}, 'USAGE', 2],
    ['the name __proto__', ['__proto__', '--email', 'a@b', '--password-stdin'], {stdin: password}, 'USAGE', 2],
    ['an email address without @', ['ada', '--email', 'a', '--password-stdin'], {stdin: password}, 'USAGE', 2],
    ['a missing email address', ['ada', '--password-stdin'], {stdin: password}, 'USAGE', 2],
  ]
  for (const [title, argv, world, code, exitCode] of refused) {
    it(`user: add refuses ${title}`, async (t) => {
      const {run, folder} = inHome(t)
      assertFailure(await run(RegistryUserAdd, [...argv, '--json'], world), code, exitCode)
      assert.equal(existsSync(folder), false)
    })
  }

  it('user: a name is never reused, even after its user was removed', async (t) => {
    const {run, add} = inHome(t)
    await add('ada')
    assert.equal((await add('ada')).exitCode, 3)
    const removed = await run(RegistryUserRemove, ['ada'])
    assert.equal(removed.stderr, 'Removed ada and revoked all sessions and tokens\n')
    assert.equal((await add('ada')).exitCode, 3)
    assert.equal((await run(RegistryUserList, [])).stderr, 'No users\n')
  })

  it('user: disable, enable, passwd and revoke-all each report in one line', async (t) => {
    const {run, add} = inHome(t)
    await add('ada')
    const lines: [Parameters<typeof runCommand>[0], string[], string][] = [
      [RegistryUserDisable, ['ada'], 'Disabled ada. Sessions and tokens are refused from now on\n'],
      [RegistryUserEnable, ['ada'], 'Enabled ada. Sessions and tokens work again\n'],
      [
        RegistryUserPasswd,
        ['ada', '--password-stdin'],
        'Changed the password of ada and ended all sessions. Tokens stay valid\n',
      ],
      [RegistryUserRevokeAll, ['ada'], 'Ended 0 sessions and revoked 0 tokens of ada\n'],
    ]
    for (const [command, argv, stderr] of lines) {
      const outcome = await run(command, argv, {stdin: 'another good one'})
      assert.deepEqual([outcome.exitCode, outcome.stdout, outcome.stderr], [0, '', stderr])
    }
    const json = await run(RegistryUserRevokeAll, ['ada', '--json'])
    assert.deepEqual(JSON.parse(json.stdout), {name: 'ada', sessions: 0, tokens: 0})
  })

  it('user: an unknown user is an error', async (t) => {
    const {run, add} = inHome(t)
    await add('ada')
    const commands = [
      RegistryUserDisable,
      RegistryUserEnable,
      RegistryUserRemove,
      RegistryUserRevokeAll,
      RegistryUserMfa,
    ]
    for (const command of commands) assertFailure(await run(command, ['bob', '--json']), 'USER_UNKNOWN', 1)
    const passwd = await run(RegistryUserPasswd, ['bob', '--password-stdin', '--json'], {stdin: password})
    assertFailure(passwd, 'USER_UNKNOWN', 1)
  })

  it('user: list does not create a registry', async (t) => {
    const {run, folder} = inHome(t)
    assertFailure(await run(RegistryUserList, ['--json']), 'REGISTRY_DATA_UNUSABLE', 1)
    assert.equal(existsSync(folder), false)
  })

  it('user: mfa shows the enrollment once, and replaces it only with --reset', async (t) => {
    const {run, add} = inHome(t)
    await add('ada')
    const first = JSON.parse((await run(RegistryUserMfa, ['ada', '--json'])).stdout)
    assert.match(first.secret, /^[A-Z2-7]{32}$/)
    assert.equal(new URL(first.url).searchParams.get('secret'), first.secret)
    assert.equal(new Set(first.recoveryCodes).size, 10)
    for (const code of first.recoveryCodes) assert.match(code, /^([0-9a-z]{5}-){3}[0-9a-z]{5}$/)
    assertFailure(await run(RegistryUserMfa, ['ada', '--json']), 'USER_HAS_MFA', 3)
    const {stdout} = await run(RegistryUserMfa, ['ada', '--reset'], {terminal: true})
    assert.match(stdout, /[█▀▄]/)
    assert.ok(!stdout.includes(first.secret))
    assert.equal(JSON.parse((await run(RegistryUserList, ['--json'])).stdout).users[0].mfa, true)
  })
})

describe('a data directory', () => {
  it('data directory: in XDG_DATA_HOME, or set by --data', async (t) => {
    const {run, home} = inHome(t)
    const argv = ['ada', '--email', 'a@b', '--password-stdin']
    const env = {XDG_DATA_HOME: path.join(home, 'data')}
    await run(RegistryUserAdd, argv, {stdin: password, env})
    assert.ok(existsSync(path.join(home, 'data', 'apkg-registry', 'registry.db')))
    const elsewhere = path.join(home, 'elsewhere')
    mkdirSync(elsewhere, {mode: 0o755})
    await run(RegistryUserAdd, [...argv, '--data', elsewhere], {stdin: password, env})
    assert.ok(existsSync(path.join(elsewhere, 'registry.db')))
    assert.equal(statSync(elsewhere).mode & 0o777, 0o700)
  })

  it('data directory: refused if others can read it and it has other files', async (t) => {
    const {run, home} = inHome(t)
    const shared = path.join(home, 'shared')
    mkdirSync(shared, {mode: 0o755})
    writeFileSync(path.join(shared, 'theirs'), '')
    const argv = ['ada', '--email', 'a@b', '--password-stdin', '--data', shared, '--json']
    assertFailure(await run(RegistryUserAdd, argv, {stdin: password}), 'REGISTRY_DATA_UNUSABLE', 1)
    assert.equal(statSync(shared).mode & 0o777, 0o755)
    assert.deepEqual(readdirSync(shared), ['theirs'])
  })

  it('data directory: an error if it cannot be created', {skip: !existsSync('/proc/self')}, async (t) => {
    const {run} = inHome(t)
    const argv = ['ada', '--email', 'a@b', '--password-stdin', '--data', '/proc/registry/data', '--json']
    assertFailure(await run(RegistryUserAdd, argv, {stdin: password}), 'REGISTRY_DATA_UNUSABLE', 1)
  })

  it('data directory: a missing key is an error that names the file', async (t) => {
    const {run, add, folder} = inHome(t)
    await add('ada')
    rmSync(path.join(folder, 'secret.key'))
    const outcome = await run(RegistryUserList, [])
    assert.equal(outcome.exitCode, 1)
    assert.match(outcome.stderr, /secret\.key is missing/)
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('key')),
      [],
    )
  })

  it('data directory: an invalid database is an error', async (t) => {
    const {run, add, folder} = inHome(t)
    await add('ada')
    writeFileSync(path.join(folder, 'registry.db'), 'this is no database at all, however long it may become'.repeat(99))
    assertFailure(await run(RegistryUserList, ['--json']), 'REGISTRY_DATA_UNUSABLE', 1)
  })
})

describe('registry serve', () => {
  const refused: [string, string[], string, number][] = [
    ['all addresses without TLS', ['--host', '0.0.0.0'], 'REGISTRY_UNPROTECTED', 2],
    ['all IPv6 addresses without TLS', ['--host', '::'], 'REGISTRY_UNPROTECTED', 2],
    ['a host that only looks like loopback', ['--host', '127.0.0.1.example.com'], 'REGISTRY_UNPROTECTED', 2],
    ['an http public URL', ['--public-url', 'http://example.com'], 'REGISTRY_INVALID', 2],
    ['a public URL with a password', ['--public-url', 'https://a:b@example.com'], 'REGISTRY_INVALID', 2],
    ['a certificate without a key', ['--tls-cert', fileURLToPath(import.meta.url)], 'USAGE', 2],
    ['an invalid proxy address', ['--trust-proxy', 'nginx'], 'USAGE', 2],
    ['an invalid proxy range', ['--trust-proxy', '10.0.0.0/33'], 'USAGE', 2],
    ['an invalid port', ['--port', '65536'], 'USAGE', 2],
  ]
  for (const [title, argv, code, exitCode] of refused) {
    it(`serve: refuses ${title} before creating anything`, async (t) => {
      const {run, folder} = inHome(t)
      assertFailure(await run(RegistryServe, [...argv, '--json']), code, exitCode)
      assert.equal(existsSync(folder), false)
    })
  }
})
