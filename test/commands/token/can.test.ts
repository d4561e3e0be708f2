import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import TokenCan from '../../../src/commands/token/can.js'
import TokenCreate from '../../../src/commands/token/create.js'
import TokenRevoke from '../../../src/commands/token/revoke.js'
import {failureOf, startSession} from '../../support/command.js'
import {json, startHostileRegistry} from '../../support/hostile-registry.js'
import {config} from '../../support/oclif-config.js'
import {publishPackage, sessionOf} from '../../support/publish-package.js'
import {password} from '../../support/registry.js'
import {runCommand} from '../../support/run-command.js'

const day = 86_400_000

async function withToken(t: TestContext, ...flags: string[]) {
  const world = await startSession(t)
  const {run, registry} = world
  const value = (await run(TokenCreate, ['--label', 'ci', ...flags])).stdout.trim()
  const can = (...argv: string[]) => run(TokenCan, argv, {env: {APKG_TOKEN: value}})
  const publish = async () =>
    publishPackage(registry.url, await sessionOf(registry.url, 'ada', password), {
      name: '@ada/tool',
      files: {'text.md': 'text\n'},
    })
  return {...world, value, can, publish}
}

describe('token can', () => {
  it('token can: an allowed action exits with 0', async (t) => {
    const {can, publish, registry} = await withToken(t)
    const {stdout, stderr, exitCode} = await can('publish', '@ada/tool')
    assert.deepEqual([stdout, stderr, exitCode], ['Allowed: publish @ada/tool\n  This creates the package.\n', '', 0])
    await publish()
    assert.equal((await can('publish', '@ada/tool')).stdout, 'Allowed: publish @ada/tool\n')
    const {registry: url, ...answer} = JSON.parse((await can('tag', '@ada/tool@1.0.0', '--json')).stdout)
    assert.equal(url, registry.url)
    assert.deepEqual(answer, {allowed: true, reasons: [], createsPackage: false, expiresAt: null})
  })

  it('token can: an action that is not allowed exits with 3, and says why', async (t) => {
    const {can, registry} = await withToken(t, '--scopes', 'read', '--expires', '10m')
    const {stdout, stderr, exitCode} = await can('publish', '@ada/tool', '--for', '20m')
    const expiresAt = new Date(registry.clock.now.getTime() + 600_000).toISOString()
    assert.deepEqual([stderr, exitCode], ['', 3])
    assert.equal(
      stdout,
      `Not allowed: publish @ada/tool
  SCOPE_INSUFFICIENT  The token "ci" (read) does not allow this: a token with the scope \`publish\`, \`admin\`, \`publish:new\`, or \`publish:update\` is required
  EXPIRES_SOON        The token "ci" expires at ${expiresAt}
`,
    )
    const outcome = await can('publish', '@ada/tool', '--for', '20m', '--json')
    const {allowed, reasons, expiresAt: end} = JSON.parse(outcome.stdout)
    assert.deepEqual([allowed, reasons.length, end, outcome.exitCode], [false, 2, expiresAt, 3])
    assert.deepEqual(Object.keys(reasons[0]), ['code', 'message'])
  })

  it('token can --for: also accepts a date or a time', async (t) => {
    const {can, registry} = await withToken(t, '--expires', '10d')
    const codesUntil = async (milliseconds: number) => {
      const until = new Date(registry.clock.now.getTime() + milliseconds).toISOString()
      return JSON.parse((await can('publish', '@ada/tool', '--for', until, '--json')).stdout).reasons.length
    }
    assert.deepEqual([await codesUntil(9 * day), await codesUntil(11 * day)], [0, 1])
    const past = await can('publish', '@ada/tool', '--for', '2020-01-01', '--json')
    assert.deepEqual([failureOf(past).code, past.exitCode], ['USAGE', 2])
  })

  it('token can: a published version can only be published again unchanged', async (t) => {
    const {can, publish} = await withToken(t)
    await publish()
    const {stdout, exitCode} = await can('publish', '@ada/tool@1.0.0')
    assert.equal(exitCode, 3)
    assert.match(stdout, /VERSION_EXISTS {2}@ada\/tool@1\.0\.0 already exists/)
  })

  it('token can: a rejected token exits with 4, and --json prints the same kind of object', async (t) => {
    const {can, run, registry} = await withToken(t)
    await run(TokenRevoke, ['ci'])
    const text = await can('publish', '@ada/tool')
    assert.deepEqual([text.stdout, text.exitCode], ['', 4])
    assert.match(text.stderr, /^Error: Cannot check what the credential allows at .*: The token "ci" was revoked/)
    const {stdout, exitCode} = await can('publish', '@ada/tool', '--json')
    const {reasons, ...answer} = JSON.parse(stdout)
    assert.deepEqual(answer, {registry: registry.url, allowed: false, createsPackage: false, expiresAt: null})
    assert.deepEqual([reasons.length, reasons[0].code, exitCode], [1, 'CREDENTIAL_REVOKED', 4])
  })

  for (const [what, env, code, message] of [
    ['no credential', {}, 'AUTH_REQUIRED', /^Authentication required: no credential for /],
    ['a blank token', {APKG_TOKEN: ' '}, 'TOKEN_BLANK', /^APKG_TOKEN is set but blank$/],
    ['a malformed token', {APKG_TOKEN: '"x"'}, 'TOKEN_UNSENDABLE', /^The token from APKG_TOKEN is in quotation marks$/],
  ] as const) {
    it(`token can: with ${what}, it exits with 4 and sends nothing, and --json prints the same kind of object`, async (t) => {
      const {run, registry} = await withToken(t)
      registry.requests.length = 0
      const world = {home: `${registry.folder}/none`, env}
      const text = await run(TokenCan, ['publish', '@ada/tool'], world)
      assert.deepEqual([text.stdout, text.exitCode], ['', 4])
      assert.match(text.stderr, / {2}hint: /)
      const {stdout, stderr, exitCode} = await run(TokenCan, ['publish', '@ada/tool', '--json'], world)
      const {reasons, ...answer} = JSON.parse(stdout)
      assert.deepEqual(answer, {registry: registry.url, allowed: false, createsPackage: false, expiresAt: null})
      assert.deepEqual([reasons.length, reasons[0].code, stderr, exitCode], [1, code, '', 4])
      assert.match(reasons[0].message, message)
      assert.deepEqual(registry.requests, [])
    })
  }

  for (const argv of [
    ['delete', '@ada/tool'],
    ['publish', '@ada/tool@^1'],
    ['publish', '@ada/tool@latest'],
    ['publish'],
  ]) {
    it(`token can: \`${argv.join(' ')}\` is a usage error, and nothing is sent`, async (t) => {
      const {can, registry} = await withToken(t)
      registry.requests.length = 0
      const {exitCode} = await can(...argv)
      assert.deepEqual([exitCode, registry.requests], [2, []])
    })
  }

  for (const status of [404, 405]) {
    it(`token can: fails with NOT_OFFERED if the registry responds with ${status}`, async (t) => {
      const registry = await startHostileRegistry(t)
      registry.answer({'POST /auth/can': json(status, {error: {code: 'NOT_FOUND', message: 'No', details: []}})})
      const env = {APKG_REGISTRY: registry.url, APKG_TOKEN: 'opaque'}
      const argv = ['publish', '@ada/tool', '--json']
      const outcome = await runCommand(TokenCan, argv, config, {home: '/nonexistent', env})
      const {error} = JSON.parse(outcome.stdout)
      assert.deepEqual([error.code, outcome.exitCode], ['NOT_OFFERED', 1])
      assert.match(error.suggestions[0], /^run `apkg whoami --registry /)
    })
  }

  it('token can: an action with a reason against it is not allowed, even if the registry says that it is', async (t) => {
    const registry = await startHostileRegistry(t)
    const reasons = [{code: 'NEW_\u001b[2JCODE', message: 'No\u001b[2J'}]
    registry.answer({'POST /auth/can': json(200, {allowed: true, reasons})})
    const env = {APKG_REGISTRY: registry.url, APKG_TOKEN: 'opaque'}
    const {stdout, exitCode} = await runCommand(TokenCan, ['read', '@ada/tool'], config, {home: '/nonexistent', env})
    assert.equal(exitCode, 3)
    assert.ok(!stdout.includes('\u001b'))
  })
})
