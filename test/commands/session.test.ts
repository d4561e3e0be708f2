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
  it('names the flag for what is missing, before anything is sent or stored', async (t) => {
    const {run, registry} = await startWorld(t)
    const rows: [string[], string, string][] = [
      [[], 'username', '--username'],
      [['--username', 'ada'], 'password', '--password-stdin'],
      [['--password-stdin'], 'username', '--username'],
    ]
    for (const [args, what, flag] of rows) {
      const stderr = `Error: No ${what} was given, and there is no terminal to ask on\n  hint: pass ${flag}\n`
      assert.deepEqual(seen(await run(Login, args)), {stdout: '', stderr, exitCode: 2})
    }
    assert.deepEqual(registry.requests, [])
  })

  it('says that a password is wrong with exit code 4, and keeps what was stored', async (t) => {
    const {run, registry, home} = await startSession(t)
    const file = path.join(home, '.apkg/credentials.json')
    const before = await readFile(file, 'utf8')
    const outcome = await run(Login, ['--username', 'ada', '--password-stdin'], {stdin: 'wrong password'})
    const stderr = `Error: Login to ${registry.url} failed: Wrong username or password\n  hint: check your username, password and authentication code, then try again\n`
    assert.deepEqual(seen(outcome), {stdout: '', stderr, exitCode: 4})
    assert.equal(await readFile(file, 'utf8'), before)
  })

  it('points out that APKG_TOKEN is still used instead', async (t) => {
    const {run} = await startWorld(t)
    const world = {stdin: password, env: {APKG_TOKEN: 'opaque'}}
    assert.deepEqual(seen(await run(Login, ['--username', 'ada', '--password-stdin'], world)), {
      stdout: '',
      stderr: 'Logged in as ada\nWarning: APKG_TOKEN is set: it is used instead of this login until you unset it.\n',
      exitCode: 0,
    })
  })

  it('takes only the digits of an authenticator app by --otp, and does not repeat anything else', async (t) => {
    const {run, registry} = await startWorld(t)
    const outcome = await run(Login, ['--username', 'ada', '--otp', 'abcde-fghjk', '--json'])
    const failure = failureOf(outcome)
    assert.deepEqual([failure.message, failure.exitCode], ['--otp: it takes the digits of an authenticator app', 2])
    assert.ok(!outcome.stdout.includes('fghjk'))
    assert.deepEqual(registry.requests, [])
  })

  it('does not begin while offline or over a damaged file', async (t) => {
    const {run, registry, home} = await startSession(t)
    registry.requests.length = 0
    const args = ['--username', 'ada', '--password-stdin', '--json']
    assert.equal(failureOf(await run(Login, [...args, '--offline'], {stdin: password})).code, 'OFFLINE')
    const file = path.join(home, '.apkg/credentials.json')
    await writeFile(file, 'null')
    const failure = failureOf(await run(Login, args, {stdin: password}))
    assert.deepEqual(failure, {
      code: 'FILE_DAMAGED',
      message: `${file} is damaged: it does not hold what it should. It was left unchanged`,
      exitCode: 1,
    })
    assert.equal(await readFile(file, 'utf8'), 'null')
    assert.deepEqual(registry.requests, [])
  })
})

describe('logout', () => {
  it('is silent where nothing is stored', async (t) => {
    const {run, registry} = await startWorld(t)
    assert.deepEqual(seen(await run(Logout, [])), {stdout: '', stderr: '', exitCode: 0})
    const {stdout} = await run(Logout, ['--json'])
    assert.deepEqual(JSON.parse(stdout), {registry: registry.url, username: null, session: 'nothing-stored'})
    assert.deepEqual(registry.requests, [])
  })

  it('forgets the session here and ends it there, and takes no notice of APKG_TOKEN', async (t) => {
    const {run, registry, home} = await startSession(t)
    const stored = JSON.parse(await readFile(path.join(home, '.apkg/credentials.json'), 'utf8')) as {
      accessToken: string
    }
    const {stdout} = await run(Logout, ['--json'], {env: {APKG_TOKEN: 'opaque'}})
    assert.deepEqual(JSON.parse(stdout), {registry: registry.url, username: 'ada', session: 'ended'})
    assert.equal((await run(Whoami, [])).exitCode, 4)
    const replayed = await run(Whoami, [], {env: {APKG_TOKEN: stored.accessToken}})
    assert.match(replayed.stderr, /The session was revoked at/)
  })

  it('forgets the session when the registry cannot be reached, and says so', async (t) => {
    const {run, registry, home} = await startSession(t)
    registry.requests.length = 0
    const stderr = `Logged out of ${registry.url}. The session there was not ended and expires by itself: Offline mode: cannot end the session.\n`
    assert.deepEqual(seen(await run(Logout, ['--offline'])), {stdout: '', stderr, exitCode: 0})
    await assert.rejects(readFile(path.join(home, '.apkg/credentials.json')), {code: 'ENOENT'})
    assert.deepEqual(registry.requests, [])
  })
})

describe('whoami', () => {
  it('tells who, by which credential, in text and under --json alike', async (t) => {
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
