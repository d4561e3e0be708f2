import assert from 'node:assert/strict'
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import Login from '../../src/commands/login.js'
import Logout from '../../src/commands/logout.js'
import Whoami from '../../src/commands/whoami.js'
import {failureOf, seen, startSession, startWorld} from '../support/command.js'
import {password} from '../support/registry.js'

describe('login without a terminal', () => {
  it('login: names the missing flag before anything is sent or stored', async (t) => {
    const {run, registry} = await startWorld(t)
    const rows: [string[], string, string][] = [
      [[], 'username', '--username'],
      [['--username', 'ada'], 'password', '--password-stdin'],
      [['--password-stdin'], 'username', '--username'],
    ]
    for (const [args, what, flag] of rows) {
      const stderr = `Error: No ${what} was given, and apkg can't prompt without a terminal\n  hint: pass ${flag}\n`
      assert.deepEqual(seen(await run(Login, args)), {stdout: '', stderr, exitCode: 2})
    }
    assert.deepEqual(registry.requests, [])
  })

  it('login: a wrong password exits with 4 and keeps the stored login', async (t) => {
    const {run, registry, home} = await startSession(t)
    const file = path.join(home, '.apkg/credentials.json')
    const before = await readFile(file, 'utf8')
    const outcome = await run(Login, ['--username', 'ada', '--password-stdin'], {stdin: 'wrong password'})
    const stderr = `Error: Login to ${registry.url} failed: Wrong username or password\n  hint: check your username, password and authentication code, then try again\n`
    assert.deepEqual(seen(outcome), {stdout: '', stderr, exitCode: 4})
    assert.equal(await readFile(file, 'utf8'), before)
  })

  it('login: warns that APKG_TOKEN overrides the login', async (t) => {
    const {run} = await startWorld(t)
    const world = {stdin: password, env: {APKG_TOKEN: 'opaque'}}
    assert.deepEqual(seen(await run(Login, ['--username', 'ada', '--password-stdin'], world)), {
      stdout: '',
      stderr: 'Logged in as ada\nWarning: APKG_TOKEN is set and overrides this login until you unset it.\n',
      exitCode: 0,
    })
  })

  it('login: --otp accepts only digits, and does not repeat anything else', async (t) => {
    const {run, registry} = await startWorld(t)
    const outcome = await run(Login, ['--username', 'ada', '--otp', 'abcde-fghjk', '--json'])
    const failure = failureOf(outcome)
    assert.deepEqual([failure.message, failure.exitCode], ['--otp: expected the digits from an authenticator app', 2])
    assert.ok(!outcome.stdout.includes('fghjk'))
    assert.deepEqual(registry.requests, [])
  })

  it('login: sends nothing while offline or if the credentials file is damaged', async (t) => {
    const {run, registry, home} = await startSession(t)
    registry.requests.length = 0
    const args = ['--username', 'ada', '--password-stdin', '--json']
    assert.equal(failureOf(await run(Login, [...args, '--offline'], {stdin: password})).code, 'OFFLINE')
    const file = path.join(home, '.apkg/credentials.json')
    await writeFile(file, 'null')
    const failure = failureOf(await run(Login, args, {stdin: password}))
    assert.deepEqual(failure, {
      code: 'FILE_DAMAGED',
      message: `${file} is damaged: it has unexpected content. It was left unchanged`,
      exitCode: 1,
    })
    assert.equal(await readFile(file, 'utf8'), 'null')
    assert.deepEqual(registry.requests, [])
  })
})

describe('logout', () => {
  it('logout: prints nothing if no login is stored', async (t) => {
    const {run, registry} = await startWorld(t)
    assert.deepEqual(seen(await run(Logout, [])), {stdout: '', stderr: '', exitCode: 0})
    const {stdout} = await run(Logout, ['--json'])
    assert.deepEqual(JSON.parse(stdout), {registry: registry.url, username: null, session: 'nothing-stored'})
    assert.deepEqual(registry.requests, [])
  })

  it('logout: deletes the login, revokes the session and ignores APKG_TOKEN', async (t) => {
    const {run, registry, home} = await startSession(t)
    const stored = JSON.parse(await readFile(path.join(home, '.apkg/credentials.json'), 'utf8')) as {
      accessToken: string
    }
    const {stdout} = await run(Logout, ['--json'], {env: {APKG_TOKEN: 'opaque'}})
    assert.deepEqual(JSON.parse(stdout), {registry: registry.url, username: 'ada', session: 'revoked'})
    assert.equal((await run(Whoami, [])).exitCode, 4)
    const replayed = await run(Whoami, [], {env: {APKG_TOKEN: stored.accessToken}})
    assert.match(replayed.stderr, /The session was revoked at/)
  })

  it('logout: deletes the login even if the registry is unreachable', async (t) => {
    const {run, registry, home} = await startSession(t)
    registry.requests.length = 0
    const stderr = `Logged out of ${registry.url}, but the session could not be revoked: Offline mode: cannot revoke the session. It stays valid until it expires.\n`
    assert.deepEqual(seen(await run(Logout, ['--offline'])), {stdout: '', stderr, exitCode: 0})
    await assert.rejects(readFile(path.join(home, '.apkg/credentials.json')), {code: 'ENOENT'})
    assert.deepEqual(registry.requests, [])
  })
})

describe('whoami', () => {
  it('whoami: shows the user and the credential, in text and with --json', async (t) => {
    const {run, registry} = await startSession(t)
    const {stdout: answer} = await run(Whoami, ['--json'])
    const identity = JSON.parse(answer) as {credential: {id: string; expiresAt: string}}
    const {id, expiresAt} = identity.credential
    assert.deepEqual(identity, {
      registry: registry.url,
      username: 'ada',
      email: 'ada@example.com',
      mfaEnabled: false,
      scopes: ['read', 'publish', 'admin'],
      organizations: [],
      credential: {source: '~/.apkg/credentials.json', kind: 'session', id, label: null, packages: [], expiresAt},
      shadowed: [],
    })
    assert.deepEqual(seen(await run(Whoami, [])), {
      stdout: `Username: ada
Email: ada@example.com
MFA: disabled
Scopes: read, publish, admin
Registry: ${registry.url}
Credential: ~/.apkg/credentials.json (session, expires ${expiresAt})
`,
      stderr: '',
      exitCode: 0,
    })
  })
})
