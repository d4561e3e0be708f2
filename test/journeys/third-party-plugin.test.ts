import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {loggedIn} from '../support/logged-in.js'
import {Machine} from '../support/machine.js'
import {placePlugin} from '../support/plugin-vault.js'

describe('a third-party plugin with its own copy of the kit', () => {
  it('adds a command that uses the client, and a credential source that is asked after ours', async (t) => {
    const {machine: owner, env, registry} = await loggedIn(t)
    const create = async (label: string) =>
      (await owner.apkg(['token', 'create', '--label', label], {env})).stdout.trim()
    const inVault = await create('in-vault')
    const machine = await withPlugin(t)
    const run = (args: string[], more: NodeJS.ProcessEnv) => machine.apkg(args, {env: {...env, ...more}})

    assert.deepEqual(await run(['vault', 'whoami'], {VAULT_TOKEN: inVault}), {
      stdout: 'ada, by the vault\n',
      stderr: '',
      exitCode: 0,
    })
    const ours = await run(['whoami', '--json'], {VAULT_TOKEN: inVault})
    assert.equal((JSON.parse(ours.stdout) as {credential: {source: string}}).credential.source, 'the vault')

    const first = await run(['vault', 'whoami', '--json'], {VAULT_TOKEN: inVault, APKG_TOKEN: await create('in-env')})
    assert.deepEqual(JSON.parse(first.stdout), {username: 'ada', source: 'APKG_TOKEN'})

    await owner.apkg(['token', 'revoke', 'in-vault'], {env})
    const refused = await run(['vault', 'whoami', '--json'], {VAULT_TOKEN: inVault})
    assert.equal(refused.exitCode, 4)
    const {error} = JSON.parse(refused.stdout) as {error: {code: string; message: string}}
    assert.equal(error.code, 'REJECTED')
    assert.match(error.message, /was revoked at .* \(credential: the vault\)$/)

    const nobody = await run(['--json', 'vault', 'whoami'], {})
    assert.deepEqual([nobody.exitCode, nobody.stderr], [4, ''])
    assert.equal((JSON.parse(nobody.stdout) as {error: {code: string}}).error.code, 'AUTH_REQUIRED')
    assert.ok(registry.requests.includes('GET /auth/whoami'))
  })

  it('cannot win by answering first, nor stop others by failing or hanging', async (t) => {
    const {machine: owner, env} = await loggedIn(t)
    const {stdout: token} = await owner.apkg(['token', 'create', '--label', 'ci'], {env})
    const machine = await withPlugin(t)
    const source = async (more: NodeJS.ProcessEnv) => {
      const {stdout, stderr, exitCode} = await machine.apkg(['whoami', '--json'], {env: {...env, ...more}})
      const {credential} = JSON.parse(stdout) as {credential?: {source: string}}
      return {source: credential?.source, stderr, exitCode}
    }
    const APKG_TOKEN = token.trim()
    const VAULT_TOKEN = 'some-token-of-the-vault'
    assert.deepEqual(await source({APKG_TOKEN, VAULT_TOKEN}), {source: 'APKG_TOKEN', stderr: '', exitCode: 0})
    for (const [VAULT_TROUBLE, reason] of [
      ['hook throws', 'the vault is broken'],
      ['hook hangs', 'Timed out after 2000 ms.'],
      ['malformed', 'what it offers is not `{name, find}`'],
    ] as const) {
      const outcome = await source({APKG_TOKEN, VAULT_TROUBLE})
      assert.deepEqual([outcome.source, outcome.exitCode], ['APKG_TOKEN', 0])
      assert.equal(outcome.stderr, `Warning: The plugin apkg-plugin-vault offers no credentials: ${reason}\n`)
    }
    assert.equal((await source({APKG_TOKEN, VAULT_TROUBLE: 'source throws'})).source, 'APKG_TOKEN')
    const sealed = await machine.apkg(['whoami'], {env: {...env, VAULT_TROUBLE: 'source throws'}})
    assert.deepEqual([sealed.stdout, sealed.exitCode], ['', 1])
    assert.match(sealed.stderr, /^Error: Unexpected error: the vault is sealed\n/)
  })
})

describe('apkg plugins', () => {
  it('runs without the token in its environment, which npm and the plugin would inherit', async (t) => {
    const machine = await withPlugin(t)
    const report = path.join(machine.home, 'report.json')
    const env = {APKG_TOKEN: 'opaque', APKG_TOKEN_REGISTRY: 'https://example.com', APKG_REGISTRY: 'https://example.com'}
    const seen = async (args: string[]) => {
      const {exitCode} = await machine.apkg(args, {env: {...env, REPORT_ENVIRONMENT: report}})
      assert.equal(exitCode, 0)
      return JSON.parse(await readFile(report, 'utf8')) as string[]
    }
    assert.deepEqual(await seen(['plugins']), ['APKG_REGISTRY'])
    assert.deepEqual(await seen(['plugins', 'inspect', 'apkg-plugin-vault']), ['APKG_REGISTRY'])
    assert.deepEqual(await seen(['config', 'list']), ['APKG_TOKEN', 'APKG_TOKEN_REGISTRY', 'APKG_REGISTRY'])
  })
})

async function withPlugin(t: Parameters<typeof loggedIn>[0]): Promise<Machine> {
  const machine = await Machine.start(t)
  const link = await machine.apkg(['plugins', 'link', '--no-install', await placePlugin(machine)])
  assert.equal(link.exitCode, 0, link.stderr)
  return machine
}
