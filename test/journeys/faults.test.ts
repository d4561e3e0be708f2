import assert from 'node:assert/strict'
import {once} from 'node:events'
import {open, readdir, stat} from 'node:fs/promises'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {describe, it} from 'node:test'
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
          'Error: The value of the token `lost` could not be written to standard output (the disk is full). The token was revoked again\n'
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
      /could not be written to standard output \(the reader has gone\)\. The token was revoked again/,
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
  it('ends with 130 and names the command that revokes what may have been created', async (t) => {
    const machine = await Machine.start(t)
    const silent = createServer()
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    t.after(() => {
      silent.closeAllConnections()
      silent.close()
    })
    const {port} = silent.address() as AddressInfo
    const env = {APKG_REGISTRY: `http://127.0.0.1:${port}`, APKG_TOKEN: 'opaque-token'}
    const child = machine.spawn(['token', 'create', '--label', 'ci'], {env})
    const outcome = outcomeOf(child)
    await once(silent, 'request')
    child.kill('SIGINT')
    assert.deepEqual(await outcome, {
      stdout: '',
      stderr: `Error: Interrupted. Whether the token \`ci\` was created is not known\n  try: run \`apkg token revoke --registry http://127.0.0.1:${port} ci\` so that nothing unseen stays alive\n`,
      exitCode: 130,
    })
  })
})

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
      const child = machine.spawn(args, {env})
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(password)
      // The last third of a login is where it writes.
      await sleep(usual * (0.6 + (0.5 * round) / 12))
      child.kill('SIGKILL')
      await new Promise((resolve) => child.on('close', resolve))
      const stored = JSON.parse(await machine.file('credentials.json')) as {username: string}
      assert.equal(stored.username, 'ada')
      const files = (await readdir(folder)).filter((name) => name !== '.lock')
      for (const name of files) assert.equal((await stat(path.join(folder, name))).mode & 0o077, 0, name)
    }
    t.diagnostic(`${sessions()} logins reached the registry`)
    assert.ok(sessions() > 1, 'some of the logins were killed after they had reached the registry')
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
