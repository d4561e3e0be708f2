import assert from 'node:assert/strict'
import type {ChildProcess} from 'node:child_process'
import {EventEmitter, once} from 'node:events'
import {mkdir, open, writeFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {loggedIn} from '../support/logged-in.js'
import {Machine, outcomeOf} from '../support/machine.js'
import {password} from '../support/registry.js'

describe('a created token that cannot be delivered', () => {
  it('token create: a token that cannot be written because the disk is full is revoked again', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    const full = await open('/dev/full', 'w')
    t.after(() => full.close())
    for (const json of [[], ['--json']]) {
      const args = ['token', 'create', '--label', 'lost', ...json]
      const outcome = await machine.apkg(args, {env, stdout: full.fd})
      assert.equal(outcome.exitCode, 1)
      if (json.length === 0) {
        const said =
          'Error: Cannot write the token to standard output (no space left on the disk). The token "lost" was revoked\n  hint: run the command again once the token can be delivered, or write it to a file with --out\n'
        assert.ok(outcome.stderr.endsWith(said), outcome.stderr)
      }
      assert.deepEqual(await registry.liveTokens(), [])
    }
    assert.equal(registry.requests.filter((each) => each.startsWith('DELETE')).length, 2)
  })

  it('token create: a token that cannot be written because the pipe is closed is revoked again', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    const outcome = await machine.shell('apkg token create --label lost | true; echo "${PIPESTATUS[0]}"', {env})
    assert.equal(outcome.stdout, '1\n')
    assert.match(
      outcome.stderr,
      /Cannot write the token to standard output \(the reader closed the pipe\)\. The token "lost" was revoked/,
    )
    assert.deepEqual(await registry.liveTokens(), [])
    assert.ok(registry.requests.includes('POST /auth/tokens'))
  })

  it('token create: no token is created if stdout is closed or /dev/null', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    for (const redirect of ['>&-', '>/dev/null']) {
      const outcome = await machine.shell(`apkg token create --label lost ${redirect}`, {env})
      assert.equal(outcome.exitCode, 1)
      assert.match(
        outcome.stderr,
        /Standard output is closed or \/dev\/null, so the token would be lost\. Nothing was sent/,
      )
    }
    assert.ok(!registry.requests.includes('POST /auth/tokens'))
  })
})

describe('output to a closed pipe', () => {
  it('token list: ends silently with 0 if the pipe is closed', async (t) => {
    const {machine, env} = await loggedIn(t)
    await machine.apkg(['token', 'create', '--label', 'one'], {env})
    const outcome = await machine.shell('apkg token list | true; echo "${PIPESTATUS[0]}"', {env})
    assert.deepEqual(outcome, {stdout: '0\n', stderr: '', exitCode: 0})
  })
})

describe('Ctrl-C during a request', () => {
  it('Ctrl-C: `token create` ends with 130 and shows how to revoke a token that may exist', async (t) => {
    const {env, ...registry} = await silentRegistry(t, {'GET /registry/policy': policy})
    const machine = await Machine.start(t)
    const {stdout, stderr, exitCode} = await registry.interrupt(
      machine.spawn(['token', 'create', '--label', 'ci'], {env}),
    )
    assert.deepEqual([stdout, exitCode], ['', 130])
    assert.equal(
      stderr,
      `Error: Interrupted. The token "ci" may have been created\n  hint: in case it was created, revoke it: \`apkg token revoke --registry ${env.APKG_REGISTRY} ci\`\n`,
    )
  })

  it('Ctrl-C: `login` and `logout` end with 130, in text and with --json', async (t) => {
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

  it('Ctrl-C: `token revoke` ends with 130 and reports revoked, unknown and untried tokens', async (t) => {
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

  const policy = {maxTokenLifetime: null, defaultTokenLifetime: null, maxTokens: 1000}
  const interrupted = {error: {code: 'INTERRUPTED', message: 'Interrupted', suggestions: []}}
})

/** A registry that answers some requests and none of the others. */
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
    /** Presses Ctrl-C once the registry has received a request that it does not answer. */
    async interrupt(child: ChildProcess) {
      const outcome = outcomeOf(child)
      await once(waiting, 'request')
      child.kill('SIGINT')
      return outcome
    },
  }
}
