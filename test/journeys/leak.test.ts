import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {Machine} from '../support/machine.js'
import {password, startRegistry} from '../support/registry.js'

describe('stopping a leak', () => {
  it('leak: someone without an account stops a token from a build log, and the log is enough', async (t) => {
    const registry = await startRegistry(t)
    await registry.addUser('ada')
    const env = {APKG_REGISTRY: registry.url}
    const laptop = await Machine.start(t)
    const login = ['login', '--username', 'ada', '--password-stdin']
    assert.equal((await laptop.apkg(login, {env, input: password})).exitCode, 0)
    const value = async (label: string) =>
      (await laptop.apkg(['token', 'create', '--label', label], {env})).stdout.trim()
    const [leaked, kept] = [await value('ci'), await value('other')]
    const who = async (token: string) => (await laptop.apkg(['whoami'], {env: {...env, APKG_TOKEN: token}})).exitCode
    assert.deepEqual([await who(leaked), await who(kept)], [0, 0])

    const stranger = await Machine.start(t)
    const log = `Run publish\n${leaked}\nDone\n`
    const started = Date.now()
    const argv = ['token', 'revoke', '--values-stdin', '--registry', registry.url, '--note', 'build log']
    const {exitCode, stdout, stderr} = await stranger.apkg(argv, {input: log})
    assert.deepEqual(
      {exitCode, stdout, stderr},
      {exitCode: 0, stdout: '', stderr: 'Sent 3 values. Any that are valid there are revoked.\n'},
    )
    assert.deepEqual([await who(leaked), await who(kept)], [4, 0])
    assert.ok(Date.now() - started < 60_000)
    await assert.rejects(stranger.file('credentials.json'), /ENOENT/)

    const byLabel = await laptop.apkg(['token', 'revoke', 'other'], {env})
    assert.equal(byLabel.exitCode, 0, byLabel.stderr)
    assert.equal(await who(kept), 4)
  })
})
