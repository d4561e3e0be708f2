import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator} from '@apkg/plugin-registry/dist/server/store/store.js'

import Login from '../../../src/commands/login.js'
import TokenCreate from '../../../src/commands/token/create.js'
import TokenRotate from '../../../src/commands/token/rotate.js'
import Whoami from '../../../src/commands/whoami.js'
import {errorOf, failureOf, startWorld} from '../../support/command.js'
import {startCuttingProxy} from '../../support/cutting-proxy.js'
import {body, type Answer, html, json, startHostileRegistry} from '../../support/hostile-registry.js'
import {config} from '../../support/oclif-config.js'
import {password} from '../../support/registry.js'
import {runCommand} from '../../support/run-command.js'
import {tempFolder} from '../../support/temp-folder.js'

const creation = 'POST /auth/tokens HTTP'

/** Ada is logged in to a registry behind a proxy that can lose responses. */
async function behindProxy(t: TestContext) {
  const {registry, run: runDirectly} = await startWorld(t)
  const proxy = await startCuttingProxy(t, registry.url)
  const run: typeof runDirectly = (command, argv, world) =>
    runDirectly(command, argv, {...world, env: {APKG_REGISTRY: proxy.url, ...world?.env}})
  const {exitCode, stderr} = await run(Login, ['--username', 'ada', '--password-stdin'], {stdin: password})
  assert.equal(exitCode, 0, stderr)
  const works = async (value: string) => (await run(Whoami, [], {env: {APKG_TOKEN: value}})).exitCode === 0
  const sent = (request: string) => registry.requests.filter((each) => each.startsWith(request)).length
  const users = await registry.store.users.list()
  const ada = users.find(({name}) => name === 'ada')!.id
  return {registry, proxy, run, works, sent, ada}
}

async function withSecret(t: TestContext, url: string) {
  return {home: await tempFolder(t), env: {APKG_REGISTRY: url, APKG_TOKEN: 'secret'}}
}

// Run concurrently, since most of these wait before another attempt.
describe('token create and rotate: lost responses', {concurrency: true}, () => {
  it('token create: the request is retried after a lost response, and exactly one token exists', async (t) => {
    const {registry, proxy, run, works, sent} = await behindProxy(t)
    proxy.lose(creation)
    const {stdout, stderr, exitCode} = await run(TokenCreate, ['--label', 'ci', '--expires', '30d'])
    assert.equal(exitCode, 0, stderr)
    assert.equal(proxy.lost.length, 1)
    assert.equal(sent('POST /auth/tokens'), 2)
    assert.deepEqual(await registry.liveTokens(), ['ci'])
    assert.equal(await works(stdout.trim()), true)
    assert.doesNotMatch(stderr, /Warning/)
  })

  it('token create: without a lost response, no further request is sent', async (t) => {
    const {registry, run} = await behindProxy(t)
    registry.requests.length = 0
    assert.equal((await run(TokenCreate, ['--label', 'ci', '--expires', '30d'])).exitCode, 0)
    assert.deepEqual(registry.requests, ['POST /auth/tokens'])
  })

  it('token create: an earlier attempt that arrives late replaces nothing', async (t) => {
    const {registry, proxy, run, works} = await behindProxy(t)
    proxy.lose(creation)
    const {stdout} = await run(TokenCreate, ['--label', 'ci'])
    const [head = '', sentBody = ''] = (proxy.lost[0] ?? '').split('\r\n\r\n')
    const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim() ?? ''
    const headers = {
      'content-type': 'application/json',
      authorization: header('authorization'),
      'idempotency-key': header('idempotency-key'),
    }
    const late = await fetch(`${registry.url}/auth/tokens`, {method: 'POST', headers, body: sentBody})
    assert.deepEqual([late.status, (await late.json()).error.code], [409, 'ALREADY_DONE'])
    assert.equal(await works(stdout.trim()), true)
  })

  it('token create: the label that apkg proposes stays the same after a lost response', async (t) => {
    const {registry, proxy, run} = await behindProxy(t)
    proxy.lose(creation)
    const {stdout, exitCode} = await run(TokenCreate, ['--json'])
    assert.equal(exitCode, 0)
    assert.deepEqual(await registry.liveTokens(), [JSON.parse(stdout).label])
    assert.doesNotMatch(JSON.parse(stdout).label, /-2$/)
  })

  it('token create: after three lost responses, shows how to revoke the one token that exists', async (t) => {
    const {registry, proxy, run} = await behindProxy(t)
    proxy.lose(creation, 3)
    const outcome = await run(TokenCreate, ['--label', 'ci', '--json'])
    const {code, message, exitCode} = failureOf(outcome)
    assert.deepEqual([code, exitCode], ['CREATION_UNCERTAIN', 5])
    assert.match(message, /The token "ci" may have been created$/)
    assert.deepEqual(await registry.liveTokens(), ['ci'])
  })

  it('token create: a token that was revoked in the meantime is not created again', async (t) => {
    const {registry, proxy, run, ada} = await behindProxy(t)
    proxy.lose(creation)
    proxy.onLoss = async () => {
      const now = registry.clock.now.getTime()
      const [token] = await registry.store.tokens.list({kind: 'user', id: ada}, {}, now)
      await registry.store.tokens.revoke({within: {kind: 'own', userId: ada}, id: token!.id}, operator, now)
    }
    const outcome = await run(TokenCreate, ['--label', 'ci', '--json'])
    assert.deepEqual([errorOf(outcome).code, outcome.exitCode], ['CREATION_UNCERTAIN', 3])
    assert.match(errorOf(outcome).message, /was already executed/)
    assert.deepEqual(await registry.liveTokens(), [])
  })

  it('token create: a login that was revoked in the meantime gets no value', async (t) => {
    const {registry, proxy, run, ada} = await behindProxy(t)
    proxy.lose(creation)
    proxy.onLoss = () => registry.store.users.setDisabled(ada, true, operator, registry.clock.now.getTime())
    const {code, exitCode} = failureOf(await run(TokenCreate, ['--label', 'ci', '--json']))
    assert.deepEqual([code, exitCode], ['CREATION_UNCERTAIN', 4])
  })

  it('token rotate: the request is retried after a lost response, and the old value keeps working', async (t) => {
    const {registry, proxy, run, works, sent} = await behindProxy(t)
    const old = (await run(TokenCreate, ['--label', 'ci'])).stdout.trim()
    assert.equal(await works(old), true)
    proxy.lose('POST /auth/tokens/')
    registry.requests.length = 0
    const {stdout, stderr, exitCode} = await run(TokenRotate, ['ci'])
    assert.equal(exitCode, 0, stderr)
    assert.equal(proxy.lost.length, 1)
    assert.equal(sent('POST /auth/tokens/'), 2)
    assert.deepEqual([await works(stdout.trim()), await works(old)], [true, true])
    assert.deepEqual(await registry.liveTokens(), ['ci'])
  })

  it('token rotate: a rotation without a grace period is retried after a lost response, and one value works', async (t) => {
    const {proxy, run, works} = await behindProxy(t)
    const old = (await run(TokenCreate, ['--label', 'ci'])).stdout.trim()
    proxy.lose('POST /auth/tokens/', 2)
    const {stdout, exitCode} = await run(TokenRotate, ['ci', '--grace', '0'])
    assert.equal(exitCode, 0)
    assert.deepEqual([await works(stdout.trim()), await works(old)], [true, false])
  })

  const token = {
    ...{id: '7k3f9q2m', name: 'ci', scopes: ['read', 'publish'], token: 'apkg_n3wb0rn0123456789'},
    ...{expiresAt: '9999-12-31T23:59:59Z', expires: null, expiresIn: 'never', createdAt: '2027-01-31T09:00:00.000Z'},
  }
  const user = json(200, {username: 'ada', email: 'ada@example.com'})

  for (const [what, answer] of [
    ['502', html(502)],
    ['503', body(503, '')],
    ['504', html(504)],
    ['OUTCOME_UNKNOWN', json(503, {error: {code: 'OUTCOME_UNKNOWN', message: 'Unknown', details: []}})],
  ] as const) {
    it(`token create: sends the same key again after ${what}, if the registry supports that`, async (t) => {
      const registry = await startHostileRegistry(t)
      const keys: unknown[] = []
      const noting = (next: Answer): Answer => {
        return (response, request) => {
          keys.push(request.headers['idempotency-key'])
          next(response, request)
        }
      }
      registry.answer({
        'GET /registry/policy': json(200, {idempotencyWindow: 86_400}),
        'POST /auth/tokens': [noting(answer), noting(json(201, token))],
        'GET /auth/whoami': user,
      })
      const outcome = await runCommand(TokenCreate, ['--label', 'ci'], config, await withSecret(t, registry.url))
      assert.deepEqual([outcome.stdout, outcome.exitCode], [`${token.token}\n`, 0])
      assert.equal(keys.length, 2)
      assert.match(String(keys[0]), /^[\da-f-]{36}$/)
      assert.equal(keys[0], keys[1])
    })
  }

  it('token create: another label gets another key', async (t) => {
    const registry = await startHostileRegistry(t)
    const keys: unknown[] = []
    const answers = [json(409, {error: {code: 'LABEL_TAKEN', message: 'Taken', details: []}}), json(201, token)]
    registry.answer({
      'POST /auth/tokens': answers.map((answer): Answer => (response, request) => {
        keys.push(request.headers['idempotency-key'])
        answer(response, request)
      }),
      'GET /auth/tokens': json(200, {tokens: []}),
      'GET /auth/whoami': user,
    })
    const {exitCode, stderr} = await runCommand(TokenCreate, [], config, await withSecret(t, registry.url))
    assert.equal(exitCode, 0, stderr)
    assert.equal(new Set(keys).size, 2)
  })
})
