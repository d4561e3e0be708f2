import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import TokenLog from '../../src/commands/token/log.js'
import TokenResume from '../../src/commands/token/resume.js'
import TokenRevoke from '../../src/commands/token/revoke.js'
import TokenShow from '../../src/commands/token/show.js'
import TokenSuspend from '../../src/commands/token/suspend.js'
import {
  body,
  hangUp,
  html,
  json,
  refusal,
  silence,
  startHostileRegistry,
  type Routes,
} from '../support/hostile-registry.js'
import {config} from '../support/oclif-config.js'
import {list, impatient, by, token, worldOf, scrubbed, assertFails} from './registry-responses.js'
import {runCommand, type World} from '../support/run-command.js'

// Run concurrently, since most of these wait for an answer or before another attempt.
const seeList = 'run `apkg token list` to find its ID'

describe('token revoke', {concurrency: true}, () => {
  const removal = (id: string) => `DELETE /auth/tokens/${id}`
  const tokens = ['aaaa1111', 'bbbb2222', 'cccc3333'].map((id) => ({...token, id, name: id.slice(0, 4)}))
  const whoami = 'GET /auth/whoami'
  const ownIs = (id: string) =>
    json(200, {username: 'ada', email: 'ada@example.com', credential: {kind: 'token', id, label: 'own'}})

  async function revoke(t: TestContext, routes: Routes, selectors: string[], more: Partial<World> = {}) {
    const registry = await startHostileRegistry(t)
    registry.answer({[list]: json(200, {tokens}), ...routes})
    const world = await worldOf(t, registry.url, more)
    const {stdout, stderr, exitCode} = scrubbed(
      await runCommand(TokenRevoke, [...selectors, '--json'], config, world),
      registry.url,
    )
    return {outcome: {tokens: (JSON.parse(stdout) as {tokens: unknown}).tokens, stderr, exitCode}, registry}
  }

  it('token revoke: the token in use is revoked last', async (t) => {
    const routes = {
      [whoami]: ownIs('aaaa1111'),
      ...Object.fromEntries(tokens.map(({id}) => [removal(id), body(204, '')])),
    }
    const {outcome, registry} = await revoke(t, routes, ['aaaa', 'bbbb', 'cccc'])
    assert.deepEqual(outcome, {
      tokens: [
        {id: 'bbbb2222', label: 'bbbb', status: 'revoked'},
        {id: 'cccc3333', label: 'cccc', status: 'revoked'},
        {id: 'aaaa1111', label: 'aaaa', status: 'revoked'},
      ],
      stderr: 'Revoked token bbbb (bbbb2222)\nRevoked token cccc (cccc3333)\nRevoked token aaaa (aaaa1111)\n',
      exitCode: 0,
    })
    assert.deepEqual(registry.routes, [list, whoami, removal('bbbb2222'), removal('cccc3333'), removal('aaaa1111')])
  })

  for (const [what, answer] of [
    ['ignores the query', json(200, {tokens})],
    ['refuses the query', refusal(400, 'ended?')],
  ] as const) {
    it(`token revoke: an unknown argument stays unknown if the registry ${what} for expired and revoked tokens`, async (t) => {
      const routes = {[removal('aaaa1111')]: body(204, ''), [`${list}?ended=true`]: answer}
      const {outcome, registry} = await revoke(t, routes, ['aaaa', 'gone'])
      assert.deepEqual(outcome, {
        tokens: [
          {id: 'aaaa1111', label: 'aaaa', status: 'revoked'},
          {id: null, label: null, argument: 'gone', status: 'not-found', suggestions: [seeList], exitCode: 1},
        ],
        stderr:
          'Revoked token aaaa (aaaa1111)\nToken not found: "gone"\n  hint: run `apkg token list` to find its ID\n',
        exitCode: 6,
      })
      assert.equal(registry.routes.at(-1), removal('aaaa1111'))
    })
  }

  it('token revoke: --except-current revokes nothing if the registry does not report the token in use', async (t) => {
    const registry = await startHostileRegistry(t)
    registry.answer({[list]: json(200, {tokens}), [whoami]: json(200, {username: 'ada', email: 'ada@example.com'})})
    const world = await worldOf(t, registry.url)
    const {exitCode, stderr} = await runCommand(TokenRevoke, ['--all', '--except-current', '--yes'], config, world)
    assert.deepEqual([exitCode, /does not support it/.test(stderr)], [1, true])
    assert.deepEqual(registry.routes, [list, whoami])
  })

  for (const [what, answer, status, reason, exitCode, hint] of [
    ['is lost', hangUp, 'unknown', 'connection reset', 5, 'check your network connection and the URL REGISTRY'],
    ['is 502', html(502), 'unknown', 'it responded with status 502', 5, 'try again later'],
    [
      'never comes',
      silence,
      'unknown',
      'the request timed out',
      5,
      'try again later, or raise the timeout with APKG_TIMEOUT_SECS',
    ],
    ['is 503', html(503), 'failed', 'it responded with status 503', 5, 'try again later'],
    [
      'is 429',
      json(429, {}, {'retry-after': '1'}),
      'failed',
      'it responded with status 429',
      5,
      'try again in 1 second',
    ],
    ['is a refusal', refusal(403, 'No'), 'failed', 'No', 3, 'unset APKG_TOKEN and run `apkg login`'],
  ] as const) {
    it(`token revoke: reports ${status} after one request if the answer ${what}`, async (t) => {
      const env = reason === 'the request timed out' ? impatient : {}
      const {outcome, registry} = await revoke(t, {[removal('aaaa1111')]: answer}, ['aaaa'], {env})
      const sentence = `Cannot revoke an API token at REGISTRY: ${reason}`
      const message = exitCode === 3 ? by(sentence) : sentence
      assert.deepEqual(outcome, {
        tokens: [{id: 'aaaa1111', label: 'aaaa', status, reason: message, suggestions: [hint], exitCode}],
        stderr: `${status === 'unknown' ? 'May not have been revoked' : 'Not revoked'}: aaaa (aaaa1111): ${message}\n  hint: ${hint}\n`,
        exitCode,
      })
      assert.deepEqual(registry.routes, [list, removal('aaaa1111')])
    })
  }

  it('token revoke: --values-stdin never shows a value that the registry repeats, and sends no credential', async (t) => {
    const registry = await startHostileRegistry(t)
    const [first, second] = ['apkg_v4lue-one+x0123456789~', 'apkg_v4lue-two0123456789']
    const message = `no: ${first}, ${encodeURIComponent(first)}, ${second}`
    registry.answer({'POST /auth/revoke': refusal(400, message)})
    const world = await worldOf(t, registry.url, {stdin: `${first}\n${second}\n`})
    const argv = ['--values-stdin', '--registry', registry.url]
    const {stdout, stderr, exitCode} = await runCommand(TokenRevoke, argv, config, world)
    assert.deepEqual([stdout, exitCode], ['', 1])
    assert.match(stderr, /no: \[redacted\], \[redacted\], (?:apkg_)?\[redacted\]/)
    assert.deepEqual(registry.routes, ['POST /auth/revoke'])
    assert.deepEqual(
      registry.arrivals.map(({authorization}) => authorization),
      [undefined],
    )
  })

  for (const status of [404, 405]) {
    it(`token revoke: --values-stdin says what works if the registry responds with ${status}`, async (t) => {
      const registry = await startHostileRegistry(t)
      registry.answer({'POST /auth/revoke': refusal(status, 'No')})
      const world = await worldOf(t, registry.url, {stdin: 'apkgt_000000000000000000000000000000002pAAls'})
      const argv = ['--values-stdin', '--registry', registry.url]
      const {stderr, exitCode} = await runCommand(TokenRevoke, argv, config, world)
      assert.equal(exitCode, 1)
      assert.match(stderr, /^Error: Cannot revoke tokens by their values: .* does not support it\n {2}hint: log in/)
    })
  }

  it('token revoke: sends nothing after Ctrl-C, and reports the untried tokens', async (t) => {
    const abort = new AbortController()
    const routes = {
      [whoami]: ownIs('cccc3333'),
      [removal('aaaa1111')]: body(204, ''),
      [removal('bbbb2222')]: () => {
        abort.abort()
      },
    }
    const selectors = ['aaaa', 'bbbb', 'cccc']
    const {outcome, registry} = await revoke(t, routes, selectors, {interrupted: abort.signal})
    const interrupted = {reason: 'Interrupted', exitCode: 130}
    assert.deepEqual(outcome, {
      tokens: [
        {id: 'aaaa1111', label: 'aaaa', status: 'revoked'},
        {id: 'bbbb2222', label: 'bbbb', status: 'unknown', ...interrupted},
        {id: 'cccc3333', label: 'cccc', status: 'failed', ...interrupted},
      ],
      stderr:
        'Revoked token aaaa (aaaa1111)\nMay not have been revoked: bbbb (bbbb2222): Interrupted\nNot revoked: cccc (cccc3333): Interrupted\n',
      exitCode: 130,
    })
    assert.deepEqual(registry.routes, [list, whoami, removal('aaaa1111'), removal('bbbb2222')])
  })

  it('token revoke: an id with line breaks cannot forge candidates of an ambiguous label', async (t) => {
    const registry = await startHostileRegistry(t)
    const twins = ['aaaa1111', 'aaaa2222\n  bbbb3333  safe'].map((id) => ({...token, id}))
    const failure = {
      code: 'TOKEN_AMBIGUOUS',
      exit: 1,
      message: `"ci" matches several tokens:
  aaaa1111  ci  2027-01-30T10:00:00.000Z
  aaaa2222\\u{a}  bbbb3333  safe  ci  2027-01-30T10:00:00.000Z
Nothing was changed`,
      suggestions: ['use the full ID'],
    }
    await assertFails(t, registry, [TokenRevoke, 'ci'], {[list]: json(200, {tokens: twins})}, failure)
  })

  for (const [name, Reading] of [
    ['show', TokenShow],
    ['log', TokenLog],
  ] as const) {
    it(`token ${name}: an ambiguous label lists the candidates, and says nothing about changes`, async (t) => {
      const registry = await startHostileRegistry(t)
      const twins = ['aaaa1111', 'aaaa2222'].map((id) => ({...token, id}))
      const failure = {
        code: 'TOKEN_AMBIGUOUS',
        exit: 1,
        message: `"ci" matches several tokens:
  aaaa1111  ci  2027-01-30T10:00:00.000Z
  aaaa2222  ci  2027-01-30T10:00:00.000Z`,
        suggestions: ['use the full ID'],
      }
      await assertFails(t, registry, [Reading, 'ci'], {[list]: json(200, {tokens: twins})}, failure)
    })
  }

  it('token revoke: --current hints at `apkg logout` if the credential is a session', async (t) => {
    const registry = await startHostileRegistry(t)
    const routes = {
      [whoami]: json(200, {username: 'ada', email: 'ada@example.com'}),
      'DELETE /auth/tokens/current': json(409, {error: {code: 'NO_CURRENT_TOKEN', message: 'No', details: []}}),
    }
    const failure = {
      code: 'REFUSED',
      exit: 3,
      message: 'Cannot revoke the API token in use at REGISTRY: No',
      suggestions: ['run `apkg logout` to revoke a session'],
    }
    await assertFails(t, registry, [TokenRevoke, '--current'], routes, failure)
  })

  for (const status of [404, 405]) {
    it(`token suspend, token resume: say what works if the registry responds with ${status}`, async (t) => {
      const registry = await startHostileRegistry(t)
      const [first] = tokens
      const page = json(200, {tokens: [{...first, status: 'suspended'}]})
      const routes = {[list]: page, 'POST /auth/tokens/aaaa1111/suspend': refusal(status, 'No')}
      registry.answer({...routes, 'POST /auth/tokens/aaaa1111/resume': refusal(status, 'No')})
      const world = await worldOf(t, registry.url)
      const suspended = await runCommand(TokenSuspend, ['aaaa'], config, world)
      assert.match(
        suspended.stderr,
        /^Error: Cannot suspend an API token: .* does not support it\n {2}hint: revoke it: `apkg token revoke/,
      )
      const resumed = await runCommand(TokenResume, ['aaaa'], config, world)
      assert.match(
        resumed.stderr,
        /^Error: Cannot resume an API token: .* does not support it\n {2}hint: create another token/,
      )
      assert.deepEqual([suspended.exitCode, resumed.exitCode], [1, 1])
    })
  }
})
