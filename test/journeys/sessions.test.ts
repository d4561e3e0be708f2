import assert from 'node:assert/strict'
import {chmod, mkdir, readFile, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {loggedIn} from '../support/logged-in.js'
import {Machine} from '../support/machine.js'
import {password, startRegistry} from '../support/registry.js'

const hours = 3_600_000

describe('a session', () => {
  it('session: many commands at once refresh an expired access token once', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    const before = JSON.parse(await machine.file('credentials.json')) as Record<string, string>
    registry.clock.advance(13 * hours)
    const outcomes = await Promise.all(Array.from({length: 4}, () => machine.apkg(['whoami'], {env})))
    for (const {exitCode, stderr} of outcomes) assert.deepEqual({exitCode, stderr}, {exitCode: 0, stderr: ''})
    const after = JSON.parse(await machine.file('credentials.json')) as Record<string, string>
    assert.notEqual(after['accessToken'], before['accessToken'])
    assert.notEqual(after['refreshToken'], before['refreshToken'])
    assert.equal(registry.requests.filter((each) => each === 'POST /auth/refresh').length, 1)
  })

  it('session: ends when the refresh token has expired, with a hint to log in again', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    registry.clock.advance(31 * 24 * hours)
    const outcome = await machine.apkg(['whoami'], {env})
    assert.deepEqual(outcome, {
      stdout: '',
      stderr: `Error: Your session on ${registry.url} has ended: The refresh token is no longer valid\n  hint: run \`apkg login --registry ${registry.url}\`\n`,
      exitCode: 4,
    })
    await assert.rejects(machine.file('credentials.json'), {code: 'ENOENT'})
  })

  it('session: two registries have separate sessions, and logging out of one keeps the other', async (t) => {
    const {registry: first, machine} = await loggedIn(t)
    const second = await startRegistry(t)
    await second.addUser('grace')
    const login = ['login', '--registry', second.url, '--username', 'grace', '--password-stdin']
    assert.equal((await machine.apkg(login, {input: password})).exitCode, 0)
    const whoami = async (registry: string) =>
      (await machine.apkg(['--registry', registry, 'whoami'])).stdout.split('\n')[0]
    assert.equal(await whoami(first.url), 'Username: ada')
    assert.equal(await whoami(second.url), 'Username: grace')
    assert.equal((await machine.apkg(['logout', '--registry', second.url])).exitCode, 0)
    assert.equal(await whoami(first.url), 'Username: ada')
    assert.equal((await machine.apkg(['whoami', '--registry', second.url])).exitCode, 4)
    assert.equal((await machine.apkg(['whoami', '--registry', `${first.url}/elsewhere`])).exitCode, 4)
  })

  it('session: is sent to the path of its registry only, not to another registry on the same host', async (t) => {
    const registry = await startRegistry(t, {publicUrl: new URL('http://127.0.0.1/apkg/v1')})
    await registry.addUser('ada')
    const machine = await Machine.start(t)
    const mounted = `${registry.url}/apkg/v1`
    const login = ['login', '--registry', `${mounted}/`, '--username', 'ada', '--password-stdin']
    assert.equal((await machine.apkg(login, {input: password})).exitCode, 0)
    assert.equal((await machine.apkg(['whoami', '--registry', mounted])).exitCode, 0)
    assert.equal((await machine.apkg(['whoami', '--registry', registry.url])).exitCode, 4)
  })
})

describe('APKG_TOKEN', () => {
  it('APKG_TOKEN: overrides a stored session, reports what it shadows, and never falls back', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    const {stdout} = await machine.apkg(['token', 'create', '--label', 'ci'], {env})
    const token = stdout.trim()
    const {stdout: answer} = await machine.apkg(['whoami', '--json'], {env: {...env, APKG_TOKEN: `  ${token}\n`}})
    const {credential, shadowed} = JSON.parse(answer) as {
      credential: {source: string; label: string}
      shadowed: string[]
    }
    assert.deepEqual(
      {source: credential.source, label: credential.label, shadowed},
      {source: 'APKG_TOKEN', label: 'ci', shadowed: ['~/.apkg/credentials.json']},
    )
    await machine.apkg(['token', 'revoke', 'ci'], {env})
    const refused = await machine.apkg(['whoami'], {env: {...env, APKG_TOKEN: token}})
    assert.equal(refused.exitCode, 4)
    assert.match(refused.stderr, /hint: unset APKG_TOKEN to use ~\/\.apkg\/credentials\.json\n$/)
    assert.ok(!refused.stderr.includes(token))
    assert.equal(registry.requests.filter((each) => each === 'POST /auth/refresh').length, 0)
  })

  it('APKG_TOKEN: works with a damaged or unreadable credentials file, and leaves it unchanged', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    const {stdout} = await machine.apkg(['token', 'create', '--label', 'ci'], {env})
    const clean = await Machine.start(t)
    const file = path.join(clean.home, '.apkg', 'credentials.json')
    await mkdir(path.dirname(file))
    await writeFile(file, '{"registry": "http', {mode: 0o600})
    const withToken = {...env, APKG_TOKEN: stdout.trim()}
    assert.equal((await clean.apkg(['token', 'list'], {env: withToken})).exitCode, 3)
    assert.equal((await clean.apkg(['whoami'], {env: withToken})).exitCode, 0)
    const without = await clean.apkg(['whoami'], {env})
    assert.deepEqual(without, {
      stdout: '',
      stderr: `Error: ${file} is damaged: it is not JSON. It was left unchanged\n  hint: fix it, or move it out of the way: \`mv ${file} ${file}.damaged\`\n`,
      exitCode: 1,
    })
    assert.equal(await readFile(file, 'utf8'), '{"registry": "http')
    assert.ok(registry.requests.includes('GET /auth/whoami'))
  })

  it('APKG_TOKEN: works with an explicit registry if the home directory or the configuration is unreadable', async (t) => {
    const {machine, env} = await loggedIn(t)
    const {stdout} = await machine.apkg(['token', 'create', '--label', 'ci'], {env})
    const clean = await Machine.start(t)
    const withToken = {...env, APKG_TOKEN: stdout.trim()}
    const noHome = await clean.apkg(['whoami'], {env: {...withToken, HOME: '/dev/null'}})
    assert.equal(noHome.exitCode, 0, noHome.stderr)
    await mkdir(path.join(clean.home, '.apkg'))
    const config = path.join(clean.home, '.apkg/config.json')
    await writeFile(config, 'registry: https://example.com')
    const damaged = await clean.apkg(['whoami'], {env: withToken})
    const warning = `Warning: ${config} is damaged: it is not JSON. It was left unchanged. Its settings are not used.\n`
    assert.deepEqual([damaged.exitCode, damaged.stderr], [0, warning])
    assert.equal((await clean.apkg(['whoami'], {env: {APKG_TOKEN: stdout.trim()}})).exitCode, 1)
  })

  it('APKG_TOKEN: is not sent to a registry that a file of the project names, even if HOME is empty', async (t) => {
    const foreign = await startRegistry(t)
    const machine = await Machine.start(t)
    await mkdir(path.join(machine.home, '.apkg'))
    await writeFile(path.join(machine.home, '.apkg/config.json'), JSON.stringify({registry: foreign.url}))
    for (const HOME of ['', '.']) {
      await machine.apkg(['token', 'list', '--offline'], {env: {HOME, APKG_TOKEN: 'ci-secret-token'}})
      const {exitCode} = await machine.apkg(['whoami'], {
        env: {HOME, APKG_TOKEN: 'ci-secret-token', APKG_TIMEOUT_SECS: '1'},
      })
      assert.notEqual(exitCode, 0)
    }
    assert.deepEqual(foreign.requests, [])
  })

  it('APKG_TOKEN: a truncated, blank or malformed token fails before any request', async (t) => {
    const registry = await startRegistry(t)
    const machine = await Machine.start(t)
    const env = {APKG_REGISTRY: registry.url}
    const complete = 'apkgt_0123456789ABCDEFGHIJKLMNOPQRSTUVabcdef'
    const rows: [string, RegExp][] = [
      [complete.slice(0, 40), /^Error: The token from APKG_TOKEN is malformed \(checksum mismatch\)\./],
      [complete, /^Error: The token from APKG_TOKEN is malformed \(checksum mismatch\)\./],
      ['   ', /^Error: APKG_TOKEN is set but blank\n/],
      ['', /^Error: APKG_TOKEN is set but blank\n/],
      ['two words', /^Error: The token from APKG_TOKEN contains whitespace or other invalid characters\n/],
    ]
    for (const [value, message] of rows) {
      const {stdout, stderr, exitCode} = await machine.apkg(['whoami'], {env: {...env, APKG_TOKEN: value}})
      assert.deepEqual({stdout, exitCode}, {stdout: '', exitCode: 4})
      assert.match(stderr, message)
      assert.ok(value.trim() === '' || !stderr.includes(value))
    }
    assert.deepEqual(registry.requests, [])
  })
})

describe('credentials of the original client', () => {
  it('credentials: files of the original client are read, and ours are readable by it', async (t) => {
    const {machine, registry, env} = await loggedIn(t)
    const ours = JSON.parse(await machine.file('credentials.json')) as Record<string, string>
    const other = await Machine.start(t)
    const file = path.join(other.home, '.apkg', 'credentials.json')
    await mkdir(path.dirname(file))
    await writeFile(file, JSON.stringify({...ours, registry: `${registry.url}/`}, null, 2))
    await chmod(file, 0o644)
    assert.equal((await other.apkg(['whoami'], {env})).exitCode, 0)
    assert.equal(
      await machine.file('credentials.json'),
      `{\n  "registry": "${registry.url}",\n  "accessToken": "${ours['accessToken'] ?? ''}",\n  "refreshToken": "${ours['refreshToken'] ?? ''}",\n  "username": "ada"\n}`,
    )
    assert.equal((await stat(path.join(machine.home, '.apkg'))).mode & 0o777, 0o700)
    assert.equal((await stat(path.join(machine.home, '.apkg', 'credentials.json'))).mode & 0o777, 0o600)
  })
})

describe('login with a token', () => {
  it('login --with-token: stores an accepted token, and logging out deletes it without revoking it', async (t) => {
    const {machine, registry, env} = await loggedIn(t)
    const {stdout: token} = await machine.apkg(['token', 'create', '--label', 'ci'], {env})
    const other = await Machine.start(t)
    const login = await other.apkg(['login', '--with-token', '--json'], {env, input: token})
    assert.deepEqual(JSON.parse(login.stdout), {
      ...{registry: registry.url, username: 'ada', kind: 'token'},
      expiringTokens: [],
      isDefault: false,
    })
    assert.equal((JSON.parse(await other.file('credentials.json')) as {refreshToken: string}).refreshToken, '')
    assert.equal((await other.apkg(['whoami'], {env})).exitCode, 0)
    assert.deepEqual(await other.apkg(['logout'], {env}), {
      stdout: '',
      stderr: `Logged out of ${registry.url}. The token itself is still valid. To revoke it, pipe its value into \`apkg token revoke --values-stdin --registry ${registry.url}\`, or run \`apkg login\`, then \`apkg token list\` to find its ID and \`apkg token revoke <id>\`.\n`,
      exitCode: 0,
    })
    assert.deepEqual(await registry.liveTokens(), ['ci'])
    const refused = await other.apkg(['login', '--with-token'], {env, input: 'some-other-token'})
    assert.equal(refused.exitCode, 4)
    await assert.rejects(other.file('credentials.json'), {code: 'ENOENT'})
  })
})
