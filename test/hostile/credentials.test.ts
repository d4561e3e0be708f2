import assert from 'node:assert/strict'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import TokenList from '../../src/commands/token/list.js'
import {
  hangUp,
  html,
  json,
  redirect,
  refusal,
  startHostileRegistry,
  type HostileRegistry,
} from '../support/hostile-registry.js'
import {config} from '../support/oclif-config.js'
import {
  secret,
  list,
  retry,
  checkAddress,
  giveMoved,
  by,
  token,
  tokenLine,
  worldOf,
  scrubbed,
  assertFails,
  assertReport,
} from './registry-responses.js'
import {runCommand, type World} from '../support/run-command.js'

// Run concurrently, since most of these wait for an answer or before another attempt.
describe('the credential', {concurrency: true}, () => {
  const session = {accessToken: 'sess10n-access', refreshToken: 'sess10n-refresh', username: 'ada'}
  const refresh = 'POST /auth/refresh'

  /** Stores a session for a registry, as a login does. Returns a world without APKG_TOKEN. */
  async function loggedIn(t: TestContext, registry: HostileRegistry, env: NodeJS.ProcessEnv = {}): Promise<World> {
    const world = await worldOf(t, registry.url)
    await mkdir(path.join(world.home, '.apkg'), {mode: 0o700})
    const stored = JSON.stringify({registry: registry.url, ...session})
    await writeFile(path.join(world.home, '.apkg/credentials.json'), stored, {mode: 0o600})
    return {...world, env: {APKG_REGISTRY: registry.url, ...env}}
  }

  async function stored(world: World): Promise<unknown> {
    const file = path.join(world.home, '.apkg/credentials.json')
    return readFile(file, 'utf8').then(JSON.parse, () => undefined)
  }

  it('session: a rejected credential is refreshed once and stored', async (t) => {
    const registry = await startHostileRegistry(t)
    const world = await loggedIn(t, registry)
    const renewed = {accessToken: 'access-2', refreshToken: 'refresh-2', expiresIn: 3600, tokenType: 'Bearer'}
    registry.answer({[list]: [refusal(401, 'Expired'), json(200, {tokens: [token]})], [refresh]: json(200, renewed)})
    const outcome = await runCommand(TokenList, [], config, world)
    assert.deepEqual([outcome.stdout, outcome.stderr, outcome.exitCode], [tokenLine, '', 0])
    assert.deepEqual(registry.arrivals, [
      {route: list, authorization: `Bearer ${session.accessToken}`, body: undefined},
      {route: refresh, authorization: undefined, body: {refreshToken: session.refreshToken}},
      {route: list, authorization: 'Bearer access-2', body: undefined},
    ])
    const {accessToken, refreshToken} = renewed
    assert.deepEqual(await stored(world), {registry: registry.url, accessToken, refreshToken, username: 'ada'})
  })

  it('session: a credential that is rejected after its refresh is not refreshed again', async (t) => {
    const registry = await startHostileRegistry(t)
    const world = await loggedIn(t, registry)
    const renewed = {accessToken: 'access-2', refreshToken: 'refresh-2', expiresIn: 3600, tokenType: 'Bearer'}
    registry.answer({[list]: refusal(401, 'Expired'), [refresh]: json(200, renewed)})
    const outcome = await runCommand(TokenList, [], config, world)
    assert.equal(outcome.exitCode, 4)
    assert.deepEqual(registry.routes, [list, refresh, list])
  })

  const rejected = 'Cannot list API tokens at REGISTRY: Expired (credential: ~/.apkg/credentials.json)'
  const cannotRefresh = 'Cannot refresh the session at REGISTRY: '
  const login = 'run `apkg login --registry REGISTRY`'

  for (const [what, answer, stays, failure] of [
    [
      'ends if the refresh is refused with 401',
      refusal(401, 'Revoked'),
      false,
      {code: 'SESSION_ENDED', exit: 4, message: 'Your session on REGISTRY has ended: Revoked', suggestions: [login]},
    ],
    [
      'ends if the refresh is refused with 400',
      refusal(400, 'Unknown'),
      false,
      {code: 'SESSION_ENDED', exit: 4, message: 'Your session on REGISTRY has ended: Unknown', suggestions: [login]},
    ],
    [
      'is kept if the registry does not support a refresh',
      refusal(404, 'What?'),
      true,
      {code: 'REJECTED', exit: 4, message: rejected, suggestions: [login]},
    ],
    [
      'is kept if the registry does not allow a refresh',
      refusal(405, 'What?'),
      true,
      {code: 'REJECTED', exit: 4, message: rejected, suggestions: [login]},
    ],
    [
      'is kept if the refresh fails with 500',
      refusal(500, 'Broken'),
      true,
      {code: 'SERVER_FAILED', exit: 5, message: `${cannotRefresh}Broken`, suggestions: retry},
    ],
    [
      'is kept if the registry asks to wait',
      refusal(429, 'Slow'),
      true,
      {code: 'RATE_LIMITED', exit: 5, message: `${cannotRefresh}Slow`, suggestions: retry},
    ],
    [
      'is kept if the refresh answers HTML',
      html(200),
      true,
      {
        code: 'BAD_RESPONSE',
        exit: 5,
        message: `${cannotRefresh}the response is not JSON (content type text/html)`,
        suggestions: checkAddress,
      },
    ],
    [
      'is kept if the new tokens are malformed',
      json(200, {accessToken: 'access-2\n', refreshToken: 'refresh-2', expiresIn: 3600, tokenType: 'Bearer'}),
      true,
      {
        code: 'BAD_RESPONSE',
        exit: 5,
        message: `${cannotRefresh}the response to POST /auth/refresh does not match the protocol`,
        suggestions: checkAddress,
      },
    ],
    [
      'is kept if the connection closes',
      hangUp,
      true,
      {
        code: 'UNREACHABLE',
        exit: 5,
        message: `${cannotRefresh}connection reset`,
        suggestions: ['check your network connection and the URL REGISTRY'],
      },
    ],
    [
      'is kept if the refresh is redirected, and the token is not sent there',
      redirect(307, 'http://localhost:1/x'),
      true,
      {
        code: 'REDIRECTED',
        exit: 1,
        message: `${cannotRefresh}refusing to follow a redirect to http://localhost:1/x`,
        suggestions: giveMoved,
      },
    ],
  ] as const) {
    it(`session: ${what}`, async (t) => {
      const registry = await startHostileRegistry(t)
      for (const flags of [[], ['--json']]) {
        const world = await loggedIn(t, registry)
        registry.answer({[list]: refusal(401, 'Expired'), [refresh]: answer})
        const outcome = scrubbed(await runCommand(TokenList, flags, config, world), registry.url)
        assertReport(outcome, flags.length > 0, {...failure, suggestions: [...failure.suggestions]})
        assert.equal(outcome.exitCode, failure.exit)
        assert.deepEqual(registry.routes, [list, refresh])
        assert.ok(!/sess10n/.test(outcome.stdout + outcome.stderr))
        assert.deepEqual(await stored(world), stays ? {registry: registry.url, ...session} : undefined)
      }
    })
  }

  it('APKG_TOKEN: a rejected token does not fall back to the session, but the hint names it', async (t) => {
    const registry = await startHostileRegistry(t)
    const world = await loggedIn(t, registry, {APKG_TOKEN: secret})
    for (const flags of [[], ['--json']]) {
      registry.answer({[list]: refusal(401, 'Revoked')})
      const outcome = scrubbed(await runCommand(TokenList, flags, config, world), registry.url)
      assertReport(outcome, flags.length > 0, {
        code: 'REJECTED',
        exit: 4,
        message: 'Cannot list API tokens at REGISTRY: Revoked (credential: APKG_TOKEN)',
        suggestions: ['set APKG_TOKEN to a valid token', 'unset APKG_TOKEN to use ~/.apkg/credentials.json'],
      })
      assert.deepEqual(registry.arrivals, [{route: list, authorization: `Bearer ${secret}`, body: undefined}])
    }
  })

  it('APKG_TOKEN: works with a damaged credentials file', async (t) => {
    const registry = await startHostileRegistry(t)
    const world = await loggedIn(t, registry, {APKG_TOKEN: secret})
    await writeFile(path.join(world.home, '.apkg/credentials.json'), '{"accessToken": "sess')
    registry.answer({[list]: json(200, {tokens: [token]})})
    const outcome = await runCommand(TokenList, [], config, world)
    assert.deepEqual([outcome.stdout, outcome.stderr, outcome.exitCode], [tokenLine, '', 0])
  })

  it('APKG_TOKEN: a rejected token with a damaged credentials file hints at a new login', async (t) => {
    const registry = await startHostileRegistry(t)
    const world = await loggedIn(t, registry, {APKG_TOKEN: secret})
    await writeFile(path.join(world.home, '.apkg/credentials.json'), '{"accessToken": "sess')
    registry.answer({[list]: refusal(401, 'Revoked')})
    const outcome = scrubbed(await runCommand(TokenList, [], config, world), registry.url)
    assertReport(outcome, false, {
      code: 'REJECTED',
      exit: 4,
      message: by('Cannot list API tokens at REGISTRY: Revoked'),
      suggestions: ['set APKG_TOKEN to a valid token', 'unset APKG_TOKEN and run `apkg login`'],
    })
    assert.equal(outcome.exitCode, 4)
  })

  const damaged = `apkgt_${'s3cr3t'.repeat(6)}00`

  for (const [what, env, failure, notes] of [
    [
      'that is truncated',
      {APKG_TOKEN: damaged},
      {
        code: 'TOKEN_DAMAGED',
        exit: 4,
        message: 'The token from APKG_TOKEN is malformed (checksum mismatch). Was it truncated?',
        suggestions: ['copy the token again, or create a new one with `apkg token create`'],
      },
      '',
    ],
    [
      'with a line break',
      {APKG_TOKEN: 's3cr3t\ns3cr3t'},
      {
        code: 'TOKEN_UNSENDABLE',
        exit: 4,
        message: 'The token from APKG_TOKEN contains a line break',
        suggestions: ['copy the token again, or create a new one with `apkg token create`'],
      },
      '',
    ],
    [
      'that is blank',
      {APKG_TOKEN: ' '},
      {
        code: 'TOKEN_BLANK',
        exit: 4,
        message: 'APKG_TOKEN is set but blank',
        suggestions: ['set APKG_TOKEN to an API token, or unset it'],
      },
      '',
    ],
    [
      'that is bound to another registry',
      {APKG_TOKEN_REGISTRY: 'https://other.example/'},
      {
        code: 'AUTH_REQUIRED',
        exit: 4,
        message: 'Authentication required: no credential for REGISTRY',
        suggestions: [login, 'set APKG_TOKEN to an API token, or VARIABLE for this registry only'],
      },
      'APKG_TOKEN is for https://other.example (APKG_TOKEN_REGISTRY) and is not used for REGISTRY.\n',
    ],
  ] as const) {
    it(`APKG_TOKEN: a token ${what} is not sent`, async (t) => {
      const registry = await startHostileRegistry(t)
      const {suggestions, ...rest} = failure
      const runs = await assertFails(
        t,
        registry,
        [TokenList],
        {},
        {...rest, suggestions: [...suggestions]},
        {env, notes},
      )
      assert.deepEqual(runs, [[], []])
    })
  }

  it('APKG_TOKEN: is sent to the services configured for its registry, and to no others', async (t) => {
    const [registry, tokens, other] = [
      await startHostileRegistry(t),
      await startHostileRegistry(t),
      await startHostileRegistry(t),
    ]
    const world = await worldOf(t, registry.url)
    await mkdir(path.join(world.home, '.apkg'))
    const content = {registry: registry.url, services: {token: `${tokens.url}/backend/`}}
    await writeFile(path.join(world.home, '.apkg/config.json'), JSON.stringify(content))
    tokens.answer({'GET /backend/auth/tokens': json(200, {tokens: [token]})})
    other.answer({[list]: json(200, {tokens: []})})
    assert.equal((await runCommand(TokenList, [], config, world)).stdout, tokenLine)
    assert.deepEqual(
      tokens.arrivals.map(({authorization}) => authorization),
      [`Bearer ${secret}`],
    )
    const elsewhere = await runCommand(TokenList, ['--registry', other.url], config, world)
    assert.deepEqual([elsewhere.stdout, elsewhere.exitCode], ['', 0])
    assert.deepEqual(other.routes, [list])
    assert.deepEqual([registry.arrivals.length, tokens.arrivals.length], [0, 1])
  })
})
