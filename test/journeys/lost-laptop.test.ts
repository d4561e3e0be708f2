import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {describe, it} from 'node:test'

import {Machine} from '../support/machine.js'
import {password, startRegistry} from '../support/registry.js'
import {inRepository} from '../support/repository.js'

const page = await readFile(inRepository('docs/ci.md'), 'utf8')

describe('docs/ci.md: a lost laptop', () => {
  it('docs/ci.md: ends every login but this one, and every token', async (t) => {
    const registry = await startRegistry(t)
    await registry.addUser('ada')
    const [laptop, desktop] = [await Machine.start(t), await Machine.start(t)]
    const env = {APKG_REGISTRY: registry.url}
    for (const machine of [laptop, desktop]) {
      const login = await machine.apkg(['login', '--username', 'ada', '--password-stdin'], {env, input: password})
      assert.equal(login.exitCode, 0)
      registry.clock.advance(1000)
    }
    const value = (await laptop.shell('apkg token create --label laptop', {env})).stdout.trim()

    const [, section = ''] = /^## Log out everywhere else\n([^]*?)(?=^## |^apkg isn't)/m.exec(page) ?? []
    const [list = '', sessions = '', tokens = ''] = [...section.matchAll(/^\$ (.*)$/gm)].map(([, line = '']) => line)
    const listed = await desktop.shell(list, {env})
    const rows = listed.stdout.trimEnd().split('\n')
    assert.deepEqual(
      rows.map((row) => row.split('\t').at(-1)),
      ['-', 'current'],
    )
    const revoked = await desktop.shell(sessions, {env})
    assert.match(revoked.stderr, /^Revoked session: \w{16}\n$/)
    assert.match((await desktop.shell(tokens, {env})).stderr, /^Revoked token laptop /)

    const gone = await laptop.shell('apkg whoami', {env})
    assert.equal(gone.exitCode, 4)
    assert.equal((await laptop.shell('apkg whoami', {env: {...env, APKG_TOKEN: value}})).exitCode, 4)
    assert.equal((await desktop.shell('apkg whoami', {env})).exitCode, 0)

    const own = await desktop.shell(`apkg session revoke ${rows[1]?.slice(0, 8)}`, {env})
    assert.match(own.stderr, /^Revoked session: \w{16}\nLogged out of http/)
    assert.match((await desktop.shell('apkg whoami', {env})).stderr, /^Error: Authentication required/)
  })
})
