import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import Logout from '../../src/commands/logout.js'
import Whoami from '../../src/commands/whoami.js'
import {seen, startSession, startWorld} from '../support/command.js'

describe('logout', () => {
  it('logout: says that no login is stored, and succeeds', async (t) => {
    const {run, registry} = await startWorld(t)
    assert.deepEqual(seen(await run(Logout, [])), {
      stdout: '',
      stderr: `Not logged in to ${registry.url}\n`,
      exitCode: 0,
    })
    const {stdout} = await run(Logout, ['--json'])
    assert.deepEqual(JSON.parse(stdout), {registry: registry.url, username: null, session: 'nothing-stored'})
    assert.deepEqual(registry.requests, [])
  })

  it('logout: names the logins for other registries if there is none for this one', async (t) => {
    const {run, registry} = await startSession(t)
    const {stderr, exitCode} = await run(Logout, ['--registry', 'http://127.0.0.1:1'])
    assert.equal(exitCode, 0)
    assert.equal(
      stderr,
      `Not logged in to http://127.0.0.1:1\nStill logged in to ${registry.url} as ada. To log out there, run \`apkg logout --registry ${registry.url}\`\n`,
    )
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
