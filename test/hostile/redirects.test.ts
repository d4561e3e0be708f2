import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import TokenCreate from '../../src/commands/token/create.js'
import TokenList from '../../src/commands/token/list.js'
import TokenRevoke from '../../src/commands/token/revoke.js'
import {json, redirect, startHostileRegistry} from '../support/hostile-registry.js'
import {config} from '../support/oclif-config.js'
import {
  secret,
  giveMoved,
  token,
  tokenLine,
  worldOf,
  scrubbed,
  assertReport,
  type Failure,
} from './registry-responses.js'
import {runCommand} from '../support/run-command.js'

// Run concurrently, since most of these wait for an answer or before another attempt.
describe('a redirect', {concurrency: true}, () => {
  /** Starts a registry below a path, and another server. */
  async function start(t: TestContext) {
    const server = await startHostileRegistry(t)
    const elsewhere = await startHostileRegistry(t)
    elsewhere.answer({'GET /stolen': json(200, {tokens: []}), 'POST /stolen': json(201, {})})
    return {server, elsewhere, base: {...server, url: `${server.url}/base`}}
  }

  it('redirect: a GET within the registry is followed with the credential', async (t) => {
    const {server, base} = await start(t)
    server.answer({
      'GET /base/auth/tokens': redirect(307, '../v2/tokens?page=1'),
      'GET /base/v2/tokens?page=1': json(200, {tokens: [token]}),
    })
    const outcome = await runCommand(TokenList, [], config, await worldOf(t, base.url))
    assert.deepEqual([outcome.stdout, outcome.stderr, outcome.exitCode], [tokenLine, '', 0])
    assert.deepEqual(
      server.arrivals.map(({route, authorization}) => [route, authorization]),
      [
        ['GET /base/auth/tokens', `Bearer ${secret}`],
        ['GET /base/v2/tokens?page=1', `Bearer ${secret}`],
      ],
    )
  })

  const strayed = (purpose: string, target: string): Failure => ({
    code: 'REDIRECTED',
    exit: 1,
    message: `Cannot ${purpose} at REGISTRY/base: refusing to follow a redirect to ${target}`,
    suggestions: giveMoved,
  })

  for (const status of [301, 302, 303, 307, 308]) {
    it(`redirect: ${status} of a GET to another origin is not followed`, async (t) => {
      const {server, elsewhere, base} = await start(t)
      const location = `${elsewhere.url}/stolen?token=x#y`
      const failure = strayed('list API tokens', `${elsewhere.url}/stolen`)
      const world = await worldOf(t, base.url)
      for (const flags of [[], ['--json']]) {
        server.answer({'GET /base/auth/tokens': redirect(status, location)})
        const outcome = scrubbed(await runCommand(TokenList, flags, config, world), server.url)
        assert.equal(outcome.exitCode, 1)
        assertReport(outcome, flags.length > 0, failure)
        assert.deepEqual(server.routes, ['GET /base/auth/tokens'])
        assert.deepEqual(elsewhere.arrivals, [])
      }
    })

    it(`redirect: ${status} of a POST is not followed, even within the registry`, async (t) => {
      const {server, base} = await start(t)
      const failure = strayed('create an API token', 'REGISTRY/base/v2/tokens')
      const world = await worldOf(t, base.url)
      for (const flags of [[], ['--json']]) {
        server.answer({'POST /base/auth/tokens': redirect(status, '/base/v2/tokens')})
        const outcome = scrubbed(await runCommand(TokenCreate, ['--label', 'ci', ...flags], config, world), server.url)
        assert.equal(outcome.exitCode, 1)
        assertReport(outcome, flags.length > 0, failure)
        assert.deepEqual(server.routes, ['GET /base/registry/policy', 'POST /base/auth/tokens'])
      }
    })
  }

  for (const [what, location, target] of [
    ['out of the path of the registry', '/other/tokens', 'REGISTRY/other/tokens'],
    ['to a path with the same prefix', '/base2/tokens', 'REGISTRY/base2/tokens'],
    ['out of it with dots', '../../x', 'REGISTRY/x'],
    ['out of it with encoded dots', '/base/%2e%2e/x', 'REGISTRY/x'],
    ['to another scheme', 'https://127.0.0.1:1/base/auth/tokens', 'https://127.0.0.1:1/base/auth/tokens'],
    ['to another name of this machine', 'http://localhost:1/base', 'http://localhost:1/base'],
    ['to an address with a password, which is not shown', 'http://ada:pw@localhost:1/base', 'http://localhost:1/base'],
    ['into it with an encoded slash', '/base/v2%2f..%2f..%2fx', 'REGISTRY/base/v2%2f..%2f..%2fx'],
    ['into it with an encoded backslash', '/base/v2%5C..%5C..%5Cx', 'REGISTRY/base/v2%5C..%5C..%5Cx'],
  ] as const) {
    it(`redirect: a GET ${what} is not followed`, async (t) => {
      const {server, base} = await start(t)
      server.answer({'GET /base/auth/tokens': redirect(302, location)})
      const outcome = scrubbed(await runCommand(TokenList, [], config, await worldOf(t, base.url)), server.url)
      assert.equal(outcome.exitCode, 1)
      assertReport(outcome, false, strayed('list API tokens', target))
      assert.deepEqual(server.routes, ['GET /base/auth/tokens'])
    })
  }

  for (const userinfo of ['ada', ':pw', 'ada:pw']) {
    it(`redirect: a GET within the registry is not followed to an address with ${userinfo}, which is not shown`, async (t) => {
      const {server, base} = await start(t)
      const location = `${base.url.replace('//', `//${userinfo}@`)}/v2/tokens`
      server.answer({
        'GET /base/auth/tokens': redirect(302, location),
        'GET /base/v2/tokens': json(200, {tokens: []}),
      })
      const outcome = scrubbed(await runCommand(TokenList, [], config, await worldOf(t, base.url)), server.url)
      assert.equal(outcome.exitCode, 1)
      assertReport(outcome, false, strayed('list API tokens', 'REGISTRY/base/v2/tokens'))
      assert.deepEqual(server.routes, ['GET /base/auth/tokens'])
    })
  }

  it('redirect: a DELETE is not followed, and the token is not reported as revoked', async (t) => {
    const {server, elsewhere, base} = await start(t)
    server.answer({
      'GET /base/auth/tokens': json(200, {tokens: [token]}),
      'DELETE /base/auth/tokens/7k3f9q2m': redirect(307, `${elsewhere.url}/stolen`),
    })
    const outcome = scrubbed(await runCommand(TokenRevoke, ['ci'], config, await worldOf(t, base.url)), server.url)
    const {message} = strayed('revoke an API token', `${elsewhere.url}/stolen`)
    const hint = 'if the registry has moved and you trust the new URL, pass it with --registry'
    assert.equal(outcome.stderr, `Not revoked: ci (7k3f9q2m): ${message}\n  hint: ${hint}\n`)
    assert.equal(outcome.exitCode, 1)
    assert.deepEqual(elsewhere.arrivals, [])
  })

  it('redirect: a loop ends', async (t) => {
    const {server, base} = await start(t)
    server.answer({'GET /base/auth/tokens': redirect(302, '/base/auth/tokens')})
    const outcome = scrubbed(await runCommand(TokenList, [], config, await worldOf(t, base.url)), server.url)
    assert.equal(outcome.exitCode, 1)
    assertReport(outcome, false, strayed('list API tokens', 'REGISTRY/base/auth/tokens'))
    assert.equal(server.arrivals.length, 6)
  })
})
