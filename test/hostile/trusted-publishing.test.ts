import assert from 'node:assert/strict'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {environmentSources, storedSource, trustedPublishingSource} from '@apkg/command-kit'

import Info from '../../src/commands/info.js'
import Whoami from '../../src/commands/whoami.js'
import {failureOf} from '../support/command.js'
import {html, json, redirect, refusal, startHostileRegistry, type Answer} from '../support/hostile-registry.js'
import {config} from '../support/oclif-config.js'
import {runCommand, type World} from '../support/run-command.js'

const exchange = 'POST /auth/oidc/exchange'
const whoami = 'GET /auth/whoami'
const requestToken = 'request-token-of-the-job'
const sources = [...environmentSources, trustedPublishingSource(() => Promise.resolve('@acme/tool')), storedSource]

function idToken(claims: object): string {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url')
  return `${part({alg: 'RS256'})}.${part(claims)}.c2lnbmF0dXJl`
}

/** A job of GitHub Actions, with a runner that issues ID tokens for the audience that is asked for. */
async function startJob(t: TestContext, answerOfRunner?: Answer) {
  const registry = await startHostileRegistry(t)
  const runner = await startHostileRegistry(t)
  const audience = `audience=${encodeURIComponent(registry.url)}`
  const value = idToken({aud: registry.url})
  const route = `GET /token?${audience}`
  runner.answer({[route]: answerOfRunner ?? json(200, {value})})
  const home = await mkdtemp(path.join(os.tmpdir(), 'apkg-home-'))
  t.after(() => rm(home, {recursive: true, force: true}))
  const env = {
    APKG_REGISTRY: registry.url,
    RUNNER_TEMP: home,
    ACTIONS_ID_TOKEN_REQUEST_URL: `${runner.url}/token`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
  }
  const run = async (command: typeof Whoami | typeof Info, argv: string[], more: Partial<World> = {}) => {
    const world = {home, sources, now: new Date(2027, 0, 31, 12), ...more, env: {...env, ...more.env}}
    const outcome = await runCommand(command, argv, config, world)
    for (const secret of [requestToken, value, 'value-of-the-token']) {
      assert.ok(!`${outcome.stdout}${outcome.stderr}`.includes(secret), 'a secret is shown')
    }
    return outcome
  }
  return {registry, runner, route, value, home, run}
}

const issued = {
  ...{id: 'k3f9q2mzx5w8d1c7', name: 'github:acme/tool', token: 'value-of-the-token', createdAt: '2027-01-31T12:00:00Z'},
  ...{scopes: ['read', 'publish:update', 'tag'], packagePatterns: ['@acme/tool']},
  ...{expiresAt: '2027-01-31T23:59:00Z', expires: '2027-01-31T23:59:00Z'},
}

function coded(status: number, code: string, message: string): Answer {
  return json(status, {error: {code, message, details: [], requestId: 'r-1'}})
}

const me = {username: 'github:acme/tool', email: ''}

describe('trusted publishing with a hostile registry', {concurrency: true}, () => {
  it('trusted publishing: the ID token goes to the exchange, the request token to the runner, and neither elsewhere', async (t) => {
    const {registry, runner, route, value, run} = await startJob(t)
    registry.answer({[exchange]: json(201, issued), [whoami]: json(200, me)})
    assert.equal((await run(Whoami, [])).exitCode, 0)
    assert.deepEqual(
      runner.arrivals.map(({route, authorization}) => [route, authorization]),
      [[route, `Bearer ${requestToken}`]],
    )
    assert.deepEqual(registry.arrivals, [
      {route: exchange, authorization: undefined, body: {token: value, package: '@acme/tool'}},
      {route: whoami, authorization: 'Bearer value-of-the-token', body: undefined},
    ])
  })

  it('trusted publishing: the token of another registry is not sent to a registry that asks for it', async (t) => {
    const {registry, runner, route, run} = await startJob(t)
    const wanted: Answer = (response) => {
      response.setHeader('www-authenticate', 'Bearer audience="https://other.example.com"')
      coded(401, 'OIDC_TOKEN_INVALID', 'Send an ID token for https://other.example.com')(response, undefined as never)
    }
    registry.answer({[exchange]: wanted})
    const {code, exitCode} = failureOf(await run(Whoami, ['--json']))
    assert.deepEqual([code, exitCode], ['ID_TOKEN_REFUSED', 4])
    assert.deepEqual(runner.routes, [route])
    const stolen = {APKG_ID_TOKEN: idToken({aud: 'https://other.example.com'}), ACTIONS_ID_TOKEN_REQUEST_URL: ''}
    registry.answer({[exchange]: wanted})
    const outcome = await run(Whoami, [], {env: stolen})
    assert.equal(outcome.exitCode, 4)
    assert.match(outcome.stderr, /^APKG_ID_TOKEN is for https:\/\/other\.example\.com \(its aud\)/)
    assert.deepEqual(registry.arrivals, [])
  })

  for (const [what, answer, code, exit] of [
    ['HTML', html(200), 'BAD_RESPONSE', 5],
    ['an object without a token', json(201, {id: 'x'}), 'BAD_RESPONSE', 5],
    ['a token with a line break', json(201, {...issued, token: 'a\nb'}), 'BAD_RESPONSE', 5],
    ['a token that does not expire', json(201, {...issued, expires: null}), 'BAD_RESPONSE', 5],
    ['an error', refusal(500, 'Broken'), 'SERVER_FAILED', 5],
    ['a request to wait', refusal(429, 'Slow'), 'RATE_LIMITED', 5],
    ['a replay', coded(401, 'OIDC_REPLAYED', 'Used'), 'ID_TOKEN_REPLAYED', 4],
    ['a wrong workflow', coded(401, 'OIDC_CLAIM_MISMATCH', 'Mismatch'), 'ID_TOKEN_REFUSED', 4],
    ['a wrong event', coded(401, 'OIDC_EVENT_REFUSED', 'Event'), 'ID_TOKEN_REFUSED', 4],
    ['several packages', coded(409, 'OIDC_PUBLISHER_AMBIGUOUS', 'Several'), 'ID_TOKEN_REFUSED', 4],
  ] as const) {
    it(`trusted publishing: ${what} instead of a token is an error, and the stored login is not used`, async (t) => {
      const {registry, home, run} = await startJob(t)
      await storeLogin(home, registry.url)
      registry.answer({[exchange]: answer})
      const failed = failureOf(await run(Whoami, ['--json']))
      assert.deepEqual([failed.code, failed.exitCode], [code, exit])
      assert.deepEqual(registry.routes, [exchange])
    })
  }

  it('trusted publishing: a response that echoes the ID token as a token is refused', async (t) => {
    const {registry, value, run} = await startJob(t)
    registry.answer({[exchange]: json(201, {...issued, token: value})})
    assert.equal(failureOf(await run(Whoami, ['--json'])).code, 'BAD_RESPONSE')
  })

  for (const [what, answer] of [
    ['does not support it', refusal(404, 'What?')],
    ['does not allow it', refusal(405, 'What?')],
    ['has no publisher for the project', coded(403, 'OIDC_PUBLISHER_UNKNOWN', 'No trusted publisher')],
    ['does not know the issuer', coded(401, 'OIDC_ISSUER_UNKNOWN', 'Unknown issuer')],
  ] as const) {
    it(`trusted publishing: if a registry ${what}, the stored login is used, and one line says so`, async (t) => {
      const {registry, home, run} = await startJob(t)
      await storeLogin(home, registry.url)
      registry.answer({[exchange]: answer, [whoami]: json(200, me)})
      const outcome = await run(Whoami, [])
      assert.equal(outcome.exitCode, 0)
      assert.match(outcome.stderr, /^Not using trusted publishing: .*\.\n$/)
      assert.equal(registry.arrivals.at(-1)?.authorization, 'Bearer stored')
      await rm(path.join(home, '.apkg'), {recursive: true})
      registry.answer({[exchange]: answer})
      assert.match(
        (await run(Whoami, [])).stderr,
        /^Not using trusted publishing: .*\.\nError: Authentication required/,
      )
    })
  }

  it('trusted publishing: a redirect of the exchange is not followed', async (t) => {
    const {registry, run} = await startJob(t)
    const elsewhere = await startHostileRegistry(t)
    for (const status of [301, 302, 307, 308]) {
      registry.answer({[exchange]: redirect(status, `${elsewhere.url}/auth/oidc/exchange`)})
      assert.equal(failureOf(await run(Whoami, ['--json'])).code, 'REDIRECTED')
    }
    registry.answer({[exchange]: redirect(307, '/auth/oidc/elsewhere')})
    assert.equal(failureOf(await run(Whoami, ['--json'])).code, 'REDIRECTED')
    assert.deepEqual(elsewhere.arrivals, [])
  })

  it('trusted publishing: a redirect of the runner is not followed, and the size of its response is limited', async (t) => {
    const elsewhere = await startHostileRegistry(t)
    for (const answer of [redirect(302, `${elsewhere.url}/token`), json(200, {value: 'x'.repeat(70_000)}), html(200)]) {
      const {registry, run} = await startJob(t, answer)
      const {code, exitCode} = failureOf(await run(Whoami, ['--json']))
      assert.deepEqual([code, exitCode], ['ID_TOKEN_UNAVAILABLE', 5])
      assert.deepEqual(registry.arrivals, [])
    }
    assert.deepEqual(elsewhere.arrivals, [])
  })

  it('trusted publishing: a public package is requested without a token, and a private one is requested again with one', async (t) => {
    const {registry, runner, run} = await startJob(t)
    const packument = 'GET /packages/%40acme%2Ftool'
    const found = json(200, {name: '@acme/tool', versions: {}})
    registry.answer({[packument]: found})
    assert.equal((await run(Info, ['@acme/tool'])).exitCode, 0)
    assert.deepEqual([registry.routes, runner.routes], [[packument], []])
    registry.answer({[packument]: [refusal(404, 'Not found'), found], [exchange]: json(201, issued)})
    assert.equal((await run(Info, ['@acme/tool'])).exitCode, 0)
    assert.deepEqual(
      registry.arrivals.map(({route, authorization}) => [route, authorization]),
      [
        [packument, undefined],
        [exchange, undefined],
        [packument, 'Bearer value-of-the-token'],
      ],
    )
  })

  it('trusted publishing: a package that does not exist is still not found', async (t) => {
    const {registry, run} = await startJob(t)
    registry.answer({[exchange]: json(201, issued)})
    assert.equal(failureOf(await run(Info, ['@acme/none', '--json'])).code, 'PACKAGE_NOT_FOUND')
  })

  it('trusted publishing: a kept token that is rejected is replaced once', async (t) => {
    const {registry, run} = await startJob(t)
    registry.answer({[exchange]: json(201, issued), [whoami]: json(200, me)})
    await run(Whoami, [])
    const next = {...issued, token: 'next-value'}
    registry.answer({[exchange]: json(201, next), [whoami]: [refusal(401, 'Revoked'), json(200, me)]})
    assert.equal((await run(Whoami, [])).exitCode, 0)
    assert.deepEqual(
      registry.arrivals.map(({authorization}) => authorization),
      ['Bearer value-of-the-token', undefined, 'Bearer next-value'],
    )
    registry.answer({[exchange]: coded(401, 'OIDC_REPLAYED', 'Used'), [whoami]: refusal(401, 'Revoked')})
    const outcome = await run(Whoami, [])
    assert.equal(outcome.exitCode, 4)
    assert.match(
      outcome.stderr,
      /Revoked \(credential: trusted publishing \(GitHub Actions\)\)\n {2}hint: run the job again/,
    )
  })

  it('trusted publishing: a blank APKG_TOKEN stops the command and names trusted publishing', async (t) => {
    const {registry, run} = await startJob(t)
    const outcome = await run(Whoami, [], {env: {APKG_TOKEN: ''}})
    assert.equal(outcome.exitCode, 4)
    assert.match(outcome.stderr, /hint: to use trusted publishing, remove APKG_TOKEN from this job\n/)
    assert.deepEqual(registry.arrivals, [])
  })

  it('trusted publishing: APKG_TOKEN takes precedence, and the hint after a refusal names trusted publishing', async (t) => {
    const {registry, runner, run} = await startJob(t)
    registry.answer({[whoami]: refusal(401, 'Expired')})
    const outcome = await run(Whoami, [], {env: {APKG_TOKEN: 'expired-token'}})
    assert.match(outcome.stderr, /hint: unset APKG_TOKEN to use trusted publishing\n/)
    assert.deepEqual(runner.arrivals, [])
  })

  it('trusted publishing: without an ID token, the error in GitHub Actions names the missing permission', async (t) => {
    const {run} = await startJob(t)
    const outcome = await run(Whoami, [], {env: {ACTIONS_ID_TOKEN_REQUEST_URL: '', GITHUB_ACTIONS: 'true'}})
    assert.equal(outcome.exitCode, 4)
    assert.match(
      outcome.stderr,
      /hint: for trusted publishing, add `id-token: write` to the `permissions` of this job\n/,
    )
  })

  it('trusted publishing: offline, nothing is requested', async (t) => {
    const {registry, runner, run} = await startJob(t)
    assert.equal(failureOf(await run(Whoami, ['--json', '--offline'])).code, 'OFFLINE')
    assert.deepEqual([registry.arrivals, runner.arrivals], [[], []])
  })
})

async function storeLogin(home: string, registry: string): Promise<void> {
  await mkdir(path.join(home, '.apkg'), {mode: 0o700})
  const login = {registry, accessToken: 'stored', refreshToken: '', username: 'ada'}
  await writeFile(path.join(home, '.apkg/credentials.json'), JSON.stringify(login), {mode: 0o600})
}
