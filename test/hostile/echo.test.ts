import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import Info from '../../src/commands/info.js'
import Login from '../../src/commands/login.js'
import Logout from '../../src/commands/logout.js'
import TokenCreate from '../../src/commands/token/create.js'
import TokenList from '../../src/commands/token/list.js'
import Whoami from '../../src/commands/whoami.js'
import {type Answer, json, type Routes, startHostileRegistry} from '../support/hostile-registry.js'
import {config} from '../support/oclif-config.js'
import {runCommand} from '../support/run-command.js'
import {secret, token, worldOf, type Command} from './registry-responses.js'

const password = 'pass word+/"correct'
const code = '493027'
const refreshToken = 'r3fr3sh-t0k3n-value'

/** Everything that a registry can put text in, each with the same secret in another form. */
const echoes = (text: string): Record<string, Answer> => ({
  'a message': json(400, {error: {code: 'NO', message: `no: ${text}`, details: []}}),
  'a message, URL-encoded': json(400, {error: {code: 'NO', message: encodeURIComponent(text), details: []}}),
  'a message, in the encoding of forms': json(403, {detail: new URLSearchParams({q: text}).toString()}),
  'an error code': json(409, {error: {code: text, message: 'no', details: []}}),
  'a detail': json(400, {
    error: {code: 'NO', message: 'no', details: [{field: text, message: `<${text}>`, code: text}]},
  }),
  'a request ID': json(401, {error: {code: 'NO', message: 'no', details: [], requestId: text}}),
  'a title': json(500, {title: text}),
  'a redirect': json(307, {}, {location: `https://elsewhere.example/${encodeURIComponent(text)}`}),
  'a redirect, unencoded': json(307, {}, {location: `https://elsewhere.example/${text}/x`}),
  'a content type': json(200, {}, {'content-type': `text/${encodeURIComponent(text)}`}),
})

const withSession = {accessToken: 'apkg_4cc355', refreshToken: 'apkg_r3fr35h', expiresIn: 60, tokenType: 'Bearer'}

/** Runs a command in text and with `--json`, and asserts that none of the secrets is shown in any form. */
async function assertSilent(
  t: TestContext,
  [command, ...argv]: [Command, ...string[]],
  routes: Routes,
  {secrets, ...more}: {secrets: string[]; stdin?: string; env?: NodeJS.ProcessEnv},
): Promise<string> {
  const registry = await startHostileRegistry(t)
  let everything = ''
  for (const flags of [[], ['--json']]) {
    registry.answer(routes)
    const {stdout, stderr} = await runCommand(
      command,
      [...argv, ...flags],
      config,
      await worldOf(t, registry.url, more),
    )
    const shown = stdout + stderr
    for (const each of secrets) {
      for (const form of [each, encodeURIComponent(each), JSON.stringify(each).slice(1, -1)]) {
        assert.ok(!shown.includes(form), `shown: ${shown}`)
      }
    }
    assert.ok(registry.arrivals.length > 0)
    everything += shown
  }
  return everything
}

describe('a registry that echoes what it got', () => {
  const logIn: [Command, ...string[]] = [Login, '--username', 'ada', '--password-stdin', '--otp', code]
  const input = {stdin: `${password}\n`, env: {APKG_TOKEN: undefined}}

  for (const [where, answer] of Object.entries(echoes(password))) {
    it(`login: a password in ${where} is not shown`, async (t) => {
      const shown = await assertSilent(t, logIn, {'POST /auth/login': answer}, {...input, secrets: [password]})
      assert.match(shown, /Error: /)
    })
  }

  for (const [where, answer] of Object.entries(echoes(`${password} ${code} ch4ll3ng3`))) {
    it(`login: a password, a code and a challenge in ${where} are not shown`, async (t) => {
      const challenge = json(200, {mfaRequired: true, mfaToken: 'ch4ll3ng3', username: 'ada'})
      const routes = {'POST /auth/login': challenge, 'POST /auth/mfa/challenge': answer}
      await assertSilent(t, logIn, routes, {...input, secrets: [password, code, 'ch4ll3ng3']})
    })
  }

  it('login: a password as the username is not shown', async (t) => {
    const routes = {'POST /auth/login': json(200, {...withSession, username: `ada ${password}`})}
    const shown = await assertSilent(t, logIn, routes, {...input, secrets: [password]})
    assert.match(shown, /Logged in as ada \[redacted\]/)
  })

  it('logout: a refresh token in a message is not shown', async (t) => {
    const registry = await startHostileRegistry(t)
    registry.answer({
      'POST /auth/login': json(200, {...withSession, refreshToken}),
      'POST /auth/logout': json(500, {error: {code: 'X', message: `lost ${refreshToken}`, details: []}}),
    })
    const world = await worldOf(t, registry.url, input)
    assert.equal((await runCommand(Login, logIn.slice(1) as string[], config, world)).exitCode, 0)
    const {stdout, stderr} = await runCommand(Logout, [], config, world)
    assert.match(stdout + stderr, /lost \[redacted\]/)
  })

  for (const [where, answer] of Object.entries(echoes(secret))) {
    it(`token list: the credential in ${where} is not shown`, async (t) => {
      await assertSilent(t, [TokenList], {'GET /auth/tokens': answer}, {secrets: [secret]})
    })
  }

  it('token list: the credential in the host of a redirect is not shown, in lower case either', async (t) => {
    const opaque = 'S0me-0p4qu3-Cr3d3nt14l'
    const routes = {'GET /auth/tokens': json(307, {}, {location: `https://${opaque}.example/x`})}
    const given = {env: {APKG_TOKEN: opaque}, secrets: [opaque, opaque.toLowerCase()]}
    assert.match(await assertSilent(t, [TokenList], routes, given), /redirect to https:\/\/\[redacted\]\.example\/x/)
  })

  for (const opaque of ['0p4qu3/credential+1==', secret]) {
    it(`whoami: the credential ${opaque} in every field is not shown`, async (t) => {
      const answer = {
        username: opaque,
        email: `${opaque}@example.com`,
        scopes: [opaque],
        orgs: [{name: opaque, role: opaque}],
        credential: {kind: 'token', id: opaque, label: opaque, prefix: opaque, packagePatterns: [opaque]},
      }
      const shown = await assertSilent(
        t,
        [Whoami],
        {'GET /auth/whoami': json(200, answer)},
        {
          ...{env: {APKG_TOKEN: opaque}, secrets: [opaque]},
        },
      )
      assert.match(shown, /\[redacted\]@example\.com/)
    })
  }

  it('token list: the credential as a label is not shown', async (t) => {
    const routes = {'GET /auth/tokens': json(200, {tokens: [{...token, name: `x${secret}`, id: secret}]})}
    assert.match(await assertSilent(t, [TokenList], routes, {secrets: [secret]}), /x\[redacted\]/)
  })

  it('info: the credential in the names of fields is not shown', async (t) => {
    const packument = {
      name: '@ada/x',
      description: `about ${secret}`,
      'dist-tags': {latest: '1.0.0', [secret]: '1.0.0'},
      versions: {'1.0.0': {name: '@ada/x', version: '1.0.0', dist: {integrity: 'sha256-x', tarball: secret}}},
    }
    await assertSilent(t, [Info, '@ada/x'], {'GET /packages/%40ada%2Fx': json(200, packument)}, {secrets: [secret]})
  })

  it('token create: the credential as the new token is not delivered', async (t) => {
    const routes = {'POST /auth/tokens': json(201, {...token, token: secret})}
    const shown = await assertSilent(t, [TokenCreate, '--label', 'ci'], routes, {secrets: [secret]})
    assert.match(shown, /does not match the protocol/)
  })
})
