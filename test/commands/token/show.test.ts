import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import TokenCreate from '../../../src/commands/token/create.js'
import TokenRevoke from '../../../src/commands/token/revoke.js'
import TokenRotate from '../../../src/commands/token/rotate.js'
import TokenShow from '../../../src/commands/token/show.js'
import Whoami from '../../../src/commands/whoami.js'
import {failureOf, startSession} from '../../support/command.js'
import {json, startHostileRegistry} from '../../support/hostile-registry.js'
import {config} from '../../support/oclif-config.js'
import {runCommand} from '../../support/run-command.js'

const day = 86_400_000

/** Ada is logged in, and has a token with the label `ci`. */
async function withToken(t: TestContext, ...flags: string[]) {
  const world = await startSession(t)
  const {run} = world
  const create = async (label: string, ...more: string[]) =>
    (await run(TokenCreate, ['--label', label, ...more])).stdout.trim()
  const show = async (argv: string[], value?: string) => {
    const options = value === undefined ? {} : {env: {APKG_TOKEN: value}}
    const {stdout, stderr, exitCode} = await run(TokenShow, [...argv, '--json'], options)
    assert.equal(exitCode, 0, stdout + stderr)
    return JSON.parse(stdout) as Record<string, any>
  }
  return {...world, create, show, value: await create('ci', ...flags)}
}

describe('token show', () => {
  it('token show: prints everything about a token', async (t) => {
    const {run, value, registry} = await withToken(
      t,
      '--note',
      'Deploys',
      '--package-scope',
      '@acme/*',
      '--expires',
      '30d',
    )
    await run(Whoami, [], {env: {APKG_TOKEN: value}})
    const {stdout, stderr, exitCode} = await run(TokenShow, ['ci'])
    assert.deepEqual([stderr, exitCode], ['', 0])
    const lines = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/ {2,}/) as [string, string]),
    )
    const now = registry.clock.now.toISOString()
    assert.deepEqual(
      {...lines, ID: '', Client: ''},
      {
        Label: 'ci',
        ID: '',
        Status: 'active',
        Value: `${value.slice(0, 12)}...`,
        Note: 'Deploys',
        Scopes: 'read, publish',
        Packages: '@acme/*',
        Created: now,
        'Last used': `${now} from 127.0.0.1`,
        'Used for': 'whoami',
        Client: '',
        Expires: new Date(registry.clock.now.getTime() + 30 * day).toISOString(),
        Registry: registry.url,
      },
    )
    assert.ok(!stdout.includes(value.slice(0, 13)))
  })

  it('token show: --json has the fields of a token, its generation and its old value', async (t) => {
    const {run, show, value, registry} = await withToken(t)
    const before = await show(['ci'])
    assert.deepEqual([before['generation'], before['oldValue']], [1, null])
    await run(Whoami, [], {env: {APKG_TOKEN: value}})
    const next = (await run(TokenRotate, ['ci', '--grace', '2h'])).stdout.trim()
    const {generation, prefix, oldValue} = await show(['ci'])
    assert.deepEqual([generation, prefix, oldValue.prefix], [2, next.slice(0, 12), value.slice(0, 12)])
    assert.equal(oldValue.endsAt, new Date(registry.clock.now.getTime() + 7_200_000).toISOString())
    assert.deepEqual([oldValue.lastUse.address, oldValue.lastUse.action], ['127.0.0.1', 'whoami'])
  })

  it('token show: finds a token by ID, the start of an ID, and the start of either value', async (t) => {
    const {run, show, create, value} = await withToken(t)
    await create('other')
    const next = (await run(TokenRotate, ['ci'])).stdout.trim()
    const {id} = await show(['ci'])
    for (const selector of [id, id.slice(0, 6), value.slice(0, 12), next.slice(0, 12)]) {
      assert.equal((await show([selector]))['id'], id, selector)
    }
  })

  it('token show: finds expired and revoked tokens, after active ones', async (t) => {
    const {run, show, create} = await withToken(t)
    const {id} = await show(['ci'])
    await run(TokenRevoke, ['ci'])
    const revoked = await show(['ci'])
    assert.deepEqual([revoked['id'], revoked['status'], revoked['revokedBy']], [id, 'revoked', 'ada'])
    await create('ci')
    assert.equal((await show(['ci']))['status'], 'active')
    assert.equal((await show([id]))['status'], 'revoked')
  })

  it('token show --current: needs no scope, and works with a session only by name', async (t) => {
    const {run, show, value} = await withToken(t, '--scopes', 'publish:new')
    assert.equal((await show(['--current'], value))['label'], 'ci')
    const refused = await run(TokenShow, ['ci', '--json'], {env: {APKG_TOKEN: value}})
    assert.deepEqual([failureOf(refused).code, refused.exitCode], ['REFUSED', 3])
    assert.equal(failureOf(await run(TokenShow, ['--current', '--json'])).code, 'CURRENT_NOT_A_TOKEN')
  })

  it('token show: an unknown token is not found', async (t) => {
    const {run} = await withToken(t)
    for (const selector of ['nonesuch', '4h455vb4pex5vsk0', 'apkgt_012345']) {
      const {code, exitCode, message} = failureOf(await run(TokenShow, [selector, '--json']))
      assert.deepEqual([code, exitCode], ['TOKEN_NOT_FOUND', 1], selector)
      assert.doesNotMatch(message, /changed/)
    }
  })

  for (const [what, argv, code] of [
    ['no token', [], 'INPUT_MISSING'],
    ['a token and --current', ['ci', '--current'], 'USAGE'],
    ['a value', [`apkgt_${'x'.repeat(38)}`], 'TOKEN_VALUE_GIVEN'],
  ] as const) {
    it(`token show: ${what} is refused before anything is sent`, async (t) => {
      const {run, registry} = await withToken(t)
      registry.requests.length = 0
      const outcome = await run(TokenShow, [...argv, '--json'])
      assert.deepEqual([failureOf(outcome).code, outcome.exitCode, registry.requests], [code, 2, []])
    })
  }

  for (const status of [404, 405]) {
    it(`token show: fails with NOT_OFFERED if the registry responds with ${status}`, async (t) => {
      const registry = await startHostileRegistry(t)
      const token = {id: '7k3f9q2m7k3f9q2m', name: 'ci', scopes: ['read'], expiresAt: '9999-12-31T00:00:00Z'}
      const listed = {tokens: [{...token, createdAt: '2027-01-01T00:00:00Z', expiresIn: 'never'}]}
      const missing = json(status, {error: {code: 'NOT_FOUND', message: 'Nothing here', details: []}})
      registry.answer({
        'GET /auth/tokens': json(200, listed),
        'GET /auth/tokens/7k3f9q2m7k3f9q2m': missing,
        'GET /auth/tokens/current': missing,
      })
      const env = {APKG_REGISTRY: registry.url, APKG_TOKEN: 'opaque'}
      for (const [argv, hint] of [
        ['ci', `run \`apkg token list --registry ${registry.url}\``],
        ['--current', `run \`apkg whoami --registry ${registry.url}\` to see the credential in use`],
      ] as const) {
        const outcome = await runCommand(TokenShow, [argv, '--json'], config, {home: '/nonexistent', env})
        const {error} = JSON.parse(outcome.stdout) as {error: {code: string; suggestions: string[]}}
        assert.deepEqual([error.code, error.suggestions, outcome.exitCode], ['NOT_OFFERED', [hint], 1])
      }
    })
  }
})

describe('selecting a token by its old value', () => {
  it('token revoke, token rotate: the start of the old value selects the token', async (t) => {
    const {run, show, value} = await withToken(t)
    const old = value.slice(0, 12)
    await run(TokenRotate, ['ci'])
    const rotated = await run(TokenRotate, [old])
    assert.equal(rotated.exitCode, 0, rotated.stderr)
    assert.equal((await show(['ci']))['generation'], 3)
    const replaced = rotated.stdout.slice(0, 12)
    await run(TokenRotate, ['ci'])
    assert.equal((await run(TokenRevoke, [replaced])).exitCode, 0)
    assert.equal((await show([replaced]))['status'], 'revoked')
  })
})
