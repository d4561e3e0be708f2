import assert from 'node:assert/strict'
import {once} from 'node:events'
import {readdir, stat} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {Machine} from '../support/machine.js'
import {password, startRegistry} from '../support/registry.js'

describe('kill -9 during login', () => {
  it('login, killed: leaves no damaged or readable file, no stuck lock and no temporary file', async (t) => {
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
      // A login writes its files in the last third, after the request to the registry.
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
