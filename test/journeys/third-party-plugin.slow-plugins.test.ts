import assert from 'node:assert/strict'
import {readFile, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {loggedIn} from '../support/logged-in.js'
import {Machine} from '../support/machine.js'
import {placePlugin} from '../support/place-plugin.js'

describe('a third-party plugin with its own copy of the kit', () => {
  it('third-party plugin: adds a command that uses the client, and a credential source after ours', async (t) => {
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

    const anonymous = await run(['--json', 'vault', 'whoami'], {})
    assert.deepEqual([anonymous.exitCode, anonymous.stderr], [4, ''])
    assert.equal((JSON.parse(anonymous.stdout) as {error: {code: string}}).error.code, 'AUTH_REQUIRED')
    assert.ok(registry.requests.includes('GET /auth/whoami'))
  })

  it('third-party plugin: observes requests without secrets, and cannot affect them', async (t) => {
    const {machine: owner, env, registry} = await loggedIn(t)
    const {stdout: token} = await owner.apkg(['token', 'create', '--label', 'ci'], {env})
    const machine = await withPlugin(t)
    const VAULT_AUDIT = path.join(machine.home, 'audit')
    const more = {...env, APKG_TOKEN: token.trim(), VAULT_AUDIT}
    for (const VAULT_TROUBLE of ['none', 'observer throws', 'observer hangs']) {
      await rm(VAULT_AUDIT, {force: true})
      const outcome = await machine.apkg(['vault', 'whoami'], {env: {...more, VAULT_TROUBLE}, timeout: 50_000})
      assert.deepEqual(outcome, {stdout: 'ada, by APKG_TOKEN\n', stderr: '', exitCode: 0}, VAULT_TROUBLE)
      const audit = await readFile(VAULT_AUDIT, 'utf8')
      const {duration, requestId, ...rest} = JSON.parse(audit) as Record<string, unknown>
      assert.deepEqual(rest, {method: 'GET', url: `${registry.url}/auth/whoami`, attempt: 1, status: 200})
      assert.ok(typeof duration === 'number' && typeof requestId === 'string')
      assert.ok(!audit.includes(token.trim()))
    }
  })

  it('third-party plugin: its command, built on another kit version, causes a warning; our commands do not', async (t) => {
    const {machine: owner, env} = await loggedIn(t)
    const {stdout: token} = await owner.apkg(['token', 'create', '--label', 'ci'], {env})
    const machine = await withPlugin(t)
    const version = path.join(machine.home, 'plugin-vault/node_modules/@apkg/command-kit/dist/kit-version.js')
    await writeFile(version, (await readFile(version, 'utf8')).replace(/kitVersion = '.*'/, "kitVersion = '0.0.9'"))
    const more = {env: {...env, APKG_TOKEN: token.trim()}}
    const warned = await machine.apkg(['vault', 'whoami', '--json'], more)
    assert.deepEqual([JSON.parse(warned.stdout), warned.exitCode], [{username: 'ada', source: 'APKG_TOKEN'}, 0])
    assert.match(
      warned.stderr,
      /^Warning: The plugin apkg-plugin-vault may not work: it was built with @apkg\/command-kit 0\.0\.9, but this apkg has \d+\.\d+\.\d+ \(report it at https:\/\/example\.com\/vault\/issues\)\n$/,
    )
    const ours = await machine.apkg(['whoami'], more)
    assert.deepEqual([ours.stderr, ours.exitCode], ['', 0])
  })

  it('third-party plugin: a credential source cannot override ours by being first, failing or hanging', async (t) => {
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
      ['hook throws', 'failed in its `apkg:credentials` hook: the vault is broken'],
      ['hook hangs', 'failed in its `apkg:credentials` hook: timed out after 2 seconds'],
      ['malformed', 'returned an invalid result from its `apkg:credentials` hook: expected `{name, find}`'],
    ] as const) {
      const outcome = await source({APKG_TOKEN, VAULT_TROUBLE})
      assert.deepEqual([outcome.source, outcome.exitCode], ['APKG_TOKEN', 0])
      assert.equal(
        outcome.stderr,
        `Warning: The plugin apkg-plugin-vault ${reason} (report it at https://example.com/vault/issues)\n`,
      )
    }
    assert.equal((await source({APKG_TOKEN, VAULT_TROUBLE: 'source throws'})).source, 'APKG_TOKEN')
    const sealed = await machine.apkg(['whoami'], {env: {...env, VAULT_TROUBLE: 'source throws'}})
    assert.deepEqual([sealed.stdout, sealed.exitCode], ['', 1])
    assert.match(sealed.stderr, /^Error: Unexpected error: the vault is sealed\n/)
  })
})

describe('plugins', () => {
  it('apkg plugins: removes the token and the passphrase from the environment of npm', async (t) => {
    const machine = await withPlugin(t)
    const report = path.join(machine.home, 'report.json')
    const env = {
      APKG_NO_UPDATE_NOTIFIER: '1',
      APKG_DISABLE_THEME: '1',
      APKG_TOKEN: 'opaque',
      APKG_TOKEN_REGISTRY: 'https://example.com',
      APKG_KEY_PASSPHRASE: 'opaque',
      APKG_REGISTRY: 'https://example.com',
    }
    const seen = async (args: string[]) => {
      const {exitCode} = await machine.apkg(args, {env: {...env, REPORT_ENVIRONMENT: report}})
      assert.equal(exitCode, 0)
      return JSON.parse(await readFile(report, 'utf8')) as string[]
    }
    const open = ['APKG_NO_UPDATE_NOTIFIER', 'APKG_DISABLE_THEME', 'APKG_REGISTRY']
    assert.deepEqual(await seen(['plugins']), open)
    assert.deepEqual(await seen(['plugins', 'inspect', 'apkg-plugin-vault']), open)
    assert.deepEqual(await seen(['config', 'list']), Object.keys(env))
  })
})

async function withPlugin(t: Parameters<typeof loggedIn>[0]): Promise<Machine> {
  const machine = await Machine.start(t)
  const link = await machine.apkg(['plugins', 'link', '--no-install', await placePlugin(machine)])
  assert.equal(link.exitCode, 0, link.stderr)
  return machine
}
