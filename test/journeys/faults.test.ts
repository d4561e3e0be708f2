import assert from 'node:assert/strict'
import type {ChildProcess} from 'node:child_process'
import {EventEmitter, once} from 'node:events'
import {mkdir, open, readdir, stat, writeFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {loggedIn} from '../support/logged-in.js'
import {Machine, outcomeOf} from '../support/machine.js'
import {password, startRegistry} from '../support/registry.js'

describe('a created token that cannot be delivered', () => {
  it('is revoked again when the disk is full', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    const full = await open('/dev/full', 'w')
    t.after(() => full.close())
    for (const json of [[], ['--json']]) {
      const args = ['token', 'create', '--label', 'lost', ...json]
      const outcome = await machine.apkg(args, {env, stdout: full.fd})
      assert.equal(outcome.exitCode, 1)
      if (json.length === 0) {
        const said =
          'Error: The value of the token `lost` could not be written to standard output (no space left on the disk). The token was revoked again\n'
        assert.ok(outcome.stderr.endsWith(said), outcome.stderr)
      }
      assert.deepEqual(await registry.liveTokens(), [])
    }
    assert.equal(registry.requests.filter((each) => each.startsWith('DELETE')).length, 2)
  })

  it('is revoked again when the reader of the pipe has gone', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    const outcome = await machine.shell('apkg token create --label lost | true; echo "${PIPESTATUS[0]}"', {env})
    assert.equal(outcome.stdout, '1\n')
    assert.match(
      outcome.stderr,
      /could not be written to standard output \(the reader closed the pipe\)\. The token was revoked again/,
    )
    assert.deepEqual(await registry.liveTokens(), [])
    assert.ok(registry.requests.includes('POST /auth/tokens'))
  })

  it('is not created at all where standard output is closed or /dev/null', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    for (const redirect of ['>&-', '>/dev/null']) {
      const outcome = await machine.shell(`apkg token create --label lost ${redirect}`, {env})
      assert.equal(outcome.exitCode, 1)
      assert.match(
        outcome.stderr,
        /Standard output is closed or \/dev\/null, so nobody would ever see the token\. None was created/,
      )
    }
    assert.ok(!registry.requests.includes('POST /auth/tokens'))
  })
})

describe('output to a reader that has gone', () => {
  it('ends a list without a word', async (t) => {
    const {machine, env} = await loggedIn(t)
    await machine.apkg(['token', 'create', '--label', 'one'], {env})
    const outcome = await machine.shell('apkg token list | true; echo "${PIPESTATUS[0]}"', {env})
    assert.deepEqual(outcome, {stdout: '0\n', stderr: '', exitCode: 0})
  })
})

describe('Ctrl-C while a request is under way', () => {
  it('ends a creation with 130 and names the command that revokes what may have been created', async (t) => {
    const {env, ...registry} = await silentRegistry(t, {})
    const machine = await Machine.start(t)
    const {stdout, stderr, exitCode} = await registry.interrupt(
      machine.spawn(['token', 'create', '--label', 'ci'], {env}),
    )
    assert.deepEqual([stdout, exitCode], ['', 130])
    assert.equal(
      stderr,
      `Error: Interrupted. Whether the token \`ci\` was created is not known\n  hint: run \`apkg token revoke --registry ${env.APKG_REGISTRY} ci\` so that nothing unseen stays alive\n`,
    )
  })

  it('ends a login and a logout with 130, in text and under --json', async (t) => {
    const {env, ...registry} = await silentRegistry(t, {})
    const {APKG_REGISTRY} = env
    const machine = await Machine.start(t)
    const login = (...json: string[]) => {
      const child = machine.spawn(['login', '--username', 'ada', '--password-stdin', ...json], {env: {APKG_REGISTRY}})
      child.stdin?.end(password)
      return registry.interrupt(child)
    }
    assert.deepEqual(await login(), {stdout: '', stderr: '\n', exitCode: 130})
    const {stdout, stderr, exitCode} = await login('--json')
    assert.deepEqual([JSON.parse(stdout), stderr, exitCode], [interrupted, '', 130])
    await mkdir(path.join(machine.home, '.apkg'), {recursive: true})
    const set = {registry: APKG_REGISTRY, accessToken: 'a', refreshToken: 'r', username: 'ada'}
    await writeFile(path.join(machine.home, '.apkg/credentials.json'), JSON.stringify(set))
    const logout = await registry.interrupt(machine.spawn(['logout', '--json'], {env: {APKG_REGISTRY}}))
    assert.deepEqual([JSON.parse(logout.stdout), logout.exitCode], [interrupted, 130])
  })

  it('ends a revocation with 130, says of which tokens it is not known and tries no further', async (t) => {
    const tokens = ['one', 'two', 'three'].map((name) => ({
      id: `id-${name}`,
      name,
      scopes: [],
      expiresIn: 'never',
      expiresAt: '',
      createdAt: '',
    }))
    const {env, ...registry} = await silentRegistry(t, {
      'GET /auth/tokens': {tokens},
      'GET /auth/whoami': {username: 'ada', email: ''},
      'DELETE /auth/tokens/id-one': {},
    })
    const machine = await Machine.start(t)
    const {stdout, exitCode} = await registry.interrupt(
      machine.spawn(['token', 'revoke', 'one', 'two', 'three', '--json'], {env}),
    )
    const {tokens: revocations} = JSON.parse(stdout) as {tokens: {label: string; status: string}[]}
    assert.deepEqual(
      revocations.map(({label, status}) => `${label} ${status}`),
      ['one revoked', 'two unknown', 'three failed'],
    )
    assert.equal(exitCode, 130)
    assert.ok(!registry.requests.includes('DELETE /auth/tokens/id-three'))
  })

  const interrupted = {error: {code: 'INTERRUPTED', message: 'Interrupted', suggestions: []}}
})

/** A registry that answers some requests and lets the others wait for ever. */
async function silentRegistry(t: TestContext, answers: Record<string, object>) {
  const requests: string[] = []
  const waiting = new EventEmitter()
  const server = createServer((request, response) => {
    const name = `${request.method ?? ''} ${request.url ?? ''}`
    requests.push(name)
    const answer = answers[name]
    if (answer) response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
    else waiting.emit('request')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const {port} = server.address() as AddressInfo
  return {
    requests,
    env: {APKG_REGISTRY: `http://127.0.0.1:${port}`, APKG_TOKEN: 'opaque-token'},
    /** Presses Ctrl-C once the registry has a request that it will not answer. */
    async interrupt(child: ChildProcess) {
      const outcome = outcomeOf(child)
      await once(waiting, 'request')
      child.kill('SIGINT')
      return outcome
    },
  }
}

describe('kill -9 during login', () => {
  it('never leaves a damaged or readable file, a stuck lock or a forgotten temporary file', async (t) => {
    const registry = await startRegistry(t)
    await registry.addUser('ada')
    const machine = await Machine.start(t)
    const env = {APKG_REGISTRY: registry.url}
    const folder = path.join(machine.home, '.apkg')
    const args = ['login', '--username', 'ada', '--password-stdin']
    const started = Date.now()
    assert.equal((await machine.apkg(args, {env, input: password})).exitCode, 0)
    const usual = Date.now() - started
    const sessions = () => registry.requests.filter((each) => each === 'POST /auth/login').length
    for (let round = 0; round < 12; round++) {
      const before = sessions()
      const child = machine.spawn(args, {env})
      const closed = once(child, 'close')
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(password)
      // The last third of a login, when the registry has been asked, is where it writes.
      while (sessions() === before && child.exitCode === null) await sleep(1)
      await sleep(usual * ((0.5 * round) / 12))
      child.kill('SIGKILL')
      await closed
      const stored = JSON.parse(await machine.file('credentials.json')) as {username: string}
      assert.equal(stored.username, 'ada')
      const files = (await readdir(folder)).filter((name) => name !== '.lock')
      for (const name of files) assert.equal((await stat(path.join(folder, name))).mode & 0o077, 0, name)
    }
    const after = await machine.apkg(['whoami', '--json'], {env})
    assert.equal(after.exitCode, 0)
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.includes('.tmp-')),
      [],
    )
    assert.equal((await machine.apkg(args, {env, input: password})).exitCode, 0)
    assert.deepEqual(await readdir(folder), ['credentials.json'])
  })
})
