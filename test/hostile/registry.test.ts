import assert from 'node:assert/strict'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {runCommand, type Outcome, type World} from '@apkg/command-kit/testing'
import {Config} from '@oclif/core'

import TokenCreate from '../src/commands/token/create.js'
import TokenList from '../src/commands/token/list.js'
import TokenRevoke from '../src/commands/token/revoke.js'
import Whoami from '../src/commands/whoami.js'
import {
  body,
  cutOff,
  deadAddress,
  drip,
  flood,
  hangUp,
  html,
  json,
  redirect,
  refusal,
  silence,
  startHostileRegistry,
  type HostileRegistry,
  type Routes,
} from './support/hostile-registry.js'

const config = await Config.load({root: new URL('..', import.meta.url).pathname, ignoreManifest: true})

const secret = 'apkg_s3cr3t0123456789'
const newborn = 'apkg_n3wb0rn0123456789'

type Command = typeof TokenCreate | typeof TokenList | typeof TokenRevoke | typeof Whoami

interface Failure {
  code: string
  exit: number
  message: string
  suggestions: string[]
}

/** A machine with nothing but `APKG_TOKEN`, whose registry is the one given. */
async function worldOf(t: TestContext, url: string, more: Partial<World> = {}): Promise<World> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'apkg-home-'))
  t.after(() => rm(home, {recursive: true, force: true}))
  const env = {APKG_TOKEN: secret, APKG_REGISTRY: url, ...more.env}
  return {now: new Date(2027, 0, 31, 12), ...more, home, env}
}

/** An outcome with the changing address replaced, in which the secret does not occur. */
function scrubbed(outcome: Outcome, url: string): Outcome {
  const {stdout, stderr} = outcome
  assert.ok(!`${stdout}${stderr}`.includes(secret), 'the credential is not shown')
  return {...outcome, stdout: stdout.replaceAll(url, 'REGISTRY'), stderr: stderr.replaceAll(url, 'REGISTRY')}
}

/**
 * Runs a command in text and under `--json`, asserts that both fail as they should to the letter, and returns what
 * arrived each time.
 */
async function assertFails(
  t: TestContext,
  registry: HostileRegistry | string,
  [command, ...argv]: [Command, ...string[]],
  routes: Routes,
  {code, exit, message, suggestions}: Failure,
  {notes = '', ...more}: Partial<World> & {notes?: string} = {},
): Promise<HostileRegistry['arrivals'][]> {
  const url = typeof registry === 'string' ? registry : registry.url
  const world = await worldOf(t, url, more)
  const arrivals = []
  for (const format of ['text', 'json']) {
    if (typeof registry !== 'string') registry.answer(routes)
    const flags = format === 'json' ? ['--json'] : []
    const {stdout, stderr, exitCode} = scrubbed(await runCommand(command, [...argv, ...flags], config, world), url)
    const lines = [`Error: ${message}\n`, ...suggestions.map((each) => `  try: ${each}\n`)].join('')
    const report = `${JSON.stringify({error: {code, message, suggestions}}, null, 2)}\n`
    assert.deepEqual(
      {stdout, stderr, exitCode},
      format === 'json' && more.stdoutFails === undefined
        ? {stdout: report, stderr: notes, exitCode: exit}
        : {stdout: '', stderr: notes + lines, exitCode: exit},
      format,
    )
    if (typeof registry !== 'string') arrivals.push(registry.arrivals)
  }
  return arrivals
}

const list = 'GET /auth/tokens'
const create = 'POST /auth/tokens'

/** Long enough for what is answered at once, on a busy machine too. */
const impatient = {APKG_TIMEOUT_SECS: '2'}

const mendNothing = ['try again later']
const checkAddress = ['check that REGISTRY is the address of an apkg registry']

const giveMoved = ['if the registry has moved to an address that you trust, give that with --registry']
const retryLater = ['try again later, or wait longer with APKG_TIMEOUT_SECS']

/** A reason with the credential behind its first line. */
const by = (reason: string) => reason.replace(/^.*/, '$& (credential: APKG_TOKEN)')

const badAnswer = (reason: string): Failure => ({
  code: 'BAD_ANSWER',
  exit: 5,
  message: by(`Cannot list API tokens at REGISTRY: ${reason}`),
  suggestions: checkAddress,
})

const token = {
  id: '7k3f9q2m',
  name: 'ci',
  scopes: ['read', 'publish'],
  expiresIn: 'never',
  expiresAt: '9999-12-31T00:00:00.000Z',
  createdAt: '2027-01-30T10:00:00.000Z',
}

const tokenLine = '\tci\t7k3f9q2m\t-\tread,publish\t*\t2027-01-30T10:00:00.000Z\tnever\tnever\n'.slice(1)

function assertReport(outcome: Outcome, asJson: boolean, {code, message, suggestions}: Failure): void {
  const lines = [`Error: ${message}\n`, ...suggestions.map((each) => `  try: ${each}\n`)].join('')
  const {stdout, stderr} = outcome
  if (asJson) assert.deepEqual([JSON.parse(stdout), stderr], [{error: {code, message, suggestions}}, ''])
  else assert.deepEqual([stdout, stderr], ['', lines])
}

// Most of these wait, for an answer or before another attempt: they wait together.
describe('against a hostile registry,', {concurrency: true}, () => {
  describe('token list, when the registry answers', {concurrency: true}, () => {
    const misfit = 'its answer does not fit the protocol of GET /auth/tokens'
    const refused = (code: string, exit: number, reason: string, suggestions: string[] = []): Failure => ({
      code,
      exit,
      message: by(`Cannot list API tokens at REGISTRY: ${reason}`),
      suggestions,
    })
    const unset = 'unset APKG_TOKEN and run `apkg login`'

    for (const [what, answer, failure] of [
      ['HTML, fails', html(200), badAnswer('its answer is not JSON (content type text/html)')],
      ['nothing at all, fails', body(200, ''), badAnswer('its answer is not JSON (it names no content type)')],
      [
        'JSON that is cut off, fails',
        body(200, '{"tokens": [', {'content-type': 'application/json'}),
        badAnswer('its answer is not JSON (content type application/json)'),
      ],
      ['null, fails', json(200, null), badAnswer(misfit)],
      ['a list, fails', json(200, [token]), badAnswer(misfit)],
      ['another object, fails', json(200, {ok: true}), badAnswer(misfit)],
      ['tokens that are no list, fails', json(200, {tokens: {}}), badAnswer(misfit)],
      ['a token without an id, fails', json(200, {tokens: [{...token, id: undefined}]}), badAnswer(misfit)],
      ['a token whose label is a number, fails', json(200, {tokens: [{...token, name: 7}]}), badAnswer(misfit)],
      ['a token whose scopes are null, fails', json(200, {tokens: [{...token, scopes: null}]}), badAnswer(misfit)],
      [
        'compressed, which nobody asked for, fails',
        body(200, Buffer.from([0x1f, 0x8b, 8]), {'content-encoding': 'gzip'}),
        badAnswer('its answer is not JSON (it names no content type)'),
      ],
      ['an answer of more than 8 MiB, fails', flood, badAnswer('the answer is larger than 8388608 bytes')],
      [
        '400, fails',
        refusal(400, 'Bad', [{field: 'limit', message: 'no'}]),
        refused('REQUEST_FAILED', 1, 'Bad\n  - limit: no'),
      ],
      [
        '401, asks for another token',
        refusal(401, 'Revoked'),
        refused('REJECTED', 4, 'Revoked', ['set APKG_TOKEN to a live token', unset]),
      ],
      ['402, fails', refusal(402, 'Pay'), refused('REFUSED', 3, 'Pay')],
      ['403, names the way past the variable', refusal(403, 'Not you'), refused('REFUSED', 3, 'Not you', [unset])],
      ['404, fails', refusal(404, 'Nothing here'), refused('REQUEST_FAILED', 1, 'Nothing here')],
      ['409, fails', refusal(409, 'Conflict'), refused('REFUSED', 3, 'Conflict')],
      [
        '418 without a word, says the status',
        body(418, ''),
        refused('REQUEST_FAILED', 1, 'it answered with status 418'),
      ],
      ['304, says the status', body(304, ''), refused('REQUEST_FAILED', 1, 'it answered with status 304')],
      [
        'a redirect to nowhere, says the status',
        body(302, ''),
        refused('REQUEST_FAILED', 1, 'it answered with status 302'),
      ],
      [
        'a redirect to what is no URL, says the status',
        redirect(302, 'http://['),
        refused('REQUEST_FAILED', 1, 'it answered with status 302'),
      ],
      ['500, fails', refusal(500, 'Broken'), refused('SERVER_FAILED', 5, 'Broken', mendNothing)],
      [
        '500 in HTML, says the status',
        html(500),
        refused('SERVER_FAILED', 5, 'it answered with status 500', mendNothing),
      ],
      [
        'an error that is a string, says the status',
        json(400, {error: 'no'}),
        refused('REQUEST_FAILED', 1, 'it answered with status 400'),
      ],
      [
        'details that are null, fails',
        json(400, {error: {code: 'X', message: 'Bad', details: null}}),
        refused('REQUEST_FAILED', 1, 'Bad'),
      ],
      [
        'problem details alone, fails',
        json(403, {title: 'Forbidden', detail: 'Not for you'}),
        refused('REFUSED', 3, 'Not for you', [unset]),
      ],
      [
        'a message with control characters, shows their codes',
        refusal(400, 'a\u001B[2J\u0007\nb\u202E'),
        refused('REQUEST_FAILED', 1, 'a\\u{1b}[2J\\u{7}\\u{a}b\\u{202e}'),
      ],
      [
        'with the credential in the message, hides it',
        refusal(400, `Bad ${secret}`, [{field: secret, message: `in "Bearer ${secret}"`}]),
        refused('REQUEST_FAILED', 1, 'Bad apkg_[redacted]\n  - apkg_[redacted]: in "Bearer apkg_[redacted]"'),
      ],
      [
        '429 with more to wait than a person would, says so',
        json(429, {error: {message: 'Slow down'}}, {'retry-after': '11'}),
        refused('RATE_LIMITED', 5, 'Slow down', ['try again in 11 seconds']),
      ],
      [
        '429 with an hour to wait, says so',
        json(429, {error: {message: 'Slow down'}}, {'retry-after': '3600'}),
        refused('RATE_LIMITED', 5, 'Slow down', ['try again in 3600 seconds']),
      ],
    ] as const) {
      it(`${what}, having been asked once`, async (t) => {
        const registry = await startHostileRegistry(t)
        const runs = await assertFails(t, registry, [TokenList], {[list]: answer}, failure)
        const asked = [{route: list, authorization: `Bearer ${secret}`, body: undefined}]
        assert.deepEqual(runs, [asked, asked])
      })
    }

    it('502 in HTML, fails after three attempts', async (t) => {
      const registry = await startHostileRegistry(t)
      const failure = refused('SERVER_FAILED', 5, 'it answered with status 502', mendNothing)
      const runs = await assertFails(t, registry, [TokenList], {[list]: html(502)}, failure)
      assert.deepEqual(
        runs.map((run) => run.length),
        [3, 3],
      )
    })

    it('429 with a second to wait, waits and succeeds', async (t) => {
      const registry = await startHostileRegistry(t)
      registry.answer({[list]: [json(429, {}, {'retry-after': '1'}), json(200, {tokens: [token]})]})
      const begun = Date.now()
      const outcome = await runCommand(TokenList, [], config, await worldOf(t, registry.url))
      assert.deepEqual([outcome.stdout, outcome.stderr, outcome.exitCode], [tokenLine, '', 0])
      assert.deepEqual(registry.routes, [list, list])
      assert.ok(Date.now() - begun >= 1000, 'it waited')
    })

    it('with nulls and fields of its own, as the original registry may, shows the tokens', async (t) => {
      const registry = await startHostileRegistry(t)
      const theirs = {
        ...token,
        expiresIn: '90d',
        expiresAt: '2027-04-30T10:00:00Z',
        packageScope: null,
        lastUsed: null,
        owner: {id: 7},
        revoked: false,
      }
      registry.answer({[list]: json(200, {tokens: [theirs], total: 1, nextCursor: null})})
      const outcome = await runCommand(TokenList, ['--json'], config, await worldOf(t, registry.url))
      assert.deepEqual([outcome.stderr, outcome.exitCode], ['', 0])
      assert.deepEqual(JSON.parse(outcome.stdout), {
        registry: registry.url,
        tokens: [
          {
            id: '7k3f9q2m',
            label: 'ci',
            prefix: null,
            scopes: ['read', 'publish'],
            packages: [],
            createdAt: '2027-01-30T10:00:00.000Z',
            lastUsedAt: null,
            expiresAt: '2027-04-30T10:00:00Z',
          },
        ],
      })
    })

    it('with hostile texts, shows every control character as its code', async (t) => {
      const registry = await startHostileRegistry(t)
      const evil = {
        ...token,
        name: 'a\u001B[2J\tb\nc',
        id: 'i\r',
        prefix: '\u202Ep',
        scopes: ['\u0007s'],
        packageScope: '@a/\u009Bx',
      }
      registry.answer({[list]: json(200, {tokens: [evil]})})
      const outcome = await runCommand(TokenList, [], config, await worldOf(t, registry.url))
      assert.deepEqual(outcome.stdout.split('\t'), [
        'a\\u{1b}[2J\\u{9}b\\u{a}c',
        'i\\u{d}',
        '\\u{202e}p',
        '\\u{7}s',
        '@a/\\u{9b}x',
        '2027-01-30T10:00:00.000Z',
        'never',
        'never\n',
      ])
    })

    it('in pages, follows every one, whatever the cursor is made of', async (t) => {
      const registry = await startHostileRegistry(t)
      registry.answer({
        [list]: json(200, {tokens: [token], nextCursor: 'a b&c=/../?#é'}),
        [`${list}?cursor=a+b%26c%3D%2F..%2F%3F%23%C3%A9`]: json(200, {tokens: [token], nextCursor: ''}),
      })
      const outcome = await runCommand(TokenList, [], config, await worldOf(t, registry.url))
      assert.deepEqual([outcome.stdout, outcome.stderr, outcome.exitCode], [tokenLine + tokenLine, '', 0])
    })

    it('in pages that never end, gives up', async (t) => {
      const registry = await startHostileRegistry(t)
      const more = json(200, {tokens: [], nextCursor: 'again'})
      registry.answer({[list]: more, [`${list}?cursor=again`]: more})
      const outcome = scrubbed(await runCommand(TokenList, [], config, await worldOf(t, registry.url)), registry.url)
      assert.deepEqual(
        [outcome.stdout, outcome.stderr, outcome.exitCode],
        [
          '',
          `Error: Cannot list API tokens at REGISTRY: its list does not end (credential: APKG_TOKEN)\n  try: ${checkAddress[0]}\n`,
          5,
        ],
      )
    })
  })

  describe('token list, when the registry', {concurrency: true}, () => {
    const outOfTime: Failure = {
      code: 'TIMED_OUT',
      exit: 5,
      message: by('Cannot list API tokens at REGISTRY: no answer in time'),
      suggestions: retryLater,
    }
    const unreachable = (reason: string): Failure => ({
      code: 'UNREACHABLE',
      exit: 5,
      message: by(`Cannot list API tokens at REGISTRY: ${reason}`),
      suggestions: ['check the network and the address REGISTRY'],
    })

    it('is not there, fails', async (t) => {
      await assertFails(t, await deadAddress(), [TokenList], {}, unreachable('the connection was refused'))
    })

    for (const [what, answer, failure, attempts] of [
      ['never answers', silence, outOfTime, 1],
      ['answers a byte at a time', drip, outOfTime, 1],
      ['hangs up', hangUp, unreachable('the connection was cut'), 3],
      ['hangs up in the middle of its answer', cutOff, unreachable('the connection was cut'), 3],
    ] as const) {
      it(`${what}, fails after ${attempts} of 3 attempts`, async (t) => {
        const registry = await startHostileRegistry(t)
        const env = failure === outOfTime ? impatient : {}
        const runs = await assertFails(t, registry, [TokenList], {[list]: answer}, failure, {env})
        const asked = Array.from({length: attempts}, () => list)
        assert.deepEqual(
          runs.map((run) => run.map(({route}) => route)),
          [asked, asked],
        )
      })
    }
  })

  describe('a redirect', {concurrency: true}, () => {
    /** Starts the command's registry below a path, and another server. */
    async function start(t: TestContext) {
      const server = await startHostileRegistry(t)
      const elsewhere = await startHostileRegistry(t)
      elsewhere.answer({'GET /stolen': json(200, {tokens: []}), 'POST /stolen': json(201, {})})
      return {server, elsewhere, base: {...server, url: `${server.url}/base`}}
    }

    it('of a GET within the registry is followed with the credential', async (t) => {
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
      message: by(`Cannot ${purpose} at REGISTRY/base: it redirects to ${target}, which is not followed`),
      suggestions: giveMoved,
    })

    for (const status of [301, 302, 303, 307, 308]) {
      it(`${status} of a GET to another origin is not followed`, async (t) => {
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

      it(`${status} of a POST is not followed, not even within the registry`, async (t) => {
        const {server, base} = await start(t)
        const failure = strayed('create an API token', 'REGISTRY/base/v2/tokens')
        const world = await worldOf(t, base.url)
        for (const flags of [[], ['--json']]) {
          server.answer({'POST /base/auth/tokens': redirect(status, '/base/v2/tokens')})
          const outcome = scrubbed(
            await runCommand(TokenCreate, ['--label', 'ci', ...flags], config, world),
            server.url,
          )
          assert.equal(outcome.exitCode, 1)
          assertReport(outcome, flags.length > 0, failure)
          assert.deepEqual(server.routes, ['POST /base/auth/tokens'])
        }
      })
    }

    for (const [what, location, target] of [
      ['out of the path of the registry', '/other/tokens', 'REGISTRY/other/tokens'],
      ['beside the path of the registry', '/base2/tokens', 'REGISTRY/base2/tokens'],
      ['out of it by dots', '../../x', 'REGISTRY/x'],
      ['out of it by dots in disguise', '/base/%2e%2e/x', 'REGISTRY/x'],
      ['to another scheme', 'https://127.0.0.1:1/base/auth/tokens', 'https://127.0.0.1:1/base/auth/tokens'],
      ['to another name of this machine', 'http://localhost:1/base', 'http://localhost:1/base'],
      [
        'to an address with a password, which is not shown',
        'http://ada:pw@localhost:1/base',
        'http://localhost:1/base',
      ],
      ['into it by an encoded slash', '/base/v2%2f..%2f..%2fx', 'REGISTRY/base/v2%2f..%2f..%2fx'],
      ['into it by an encoded backslash', '/base/v2%5C..%5C..%5Cx', 'REGISTRY/base/v2%5C..%5C..%5Cx'],
    ] as const) {
      it(`of a GET ${what} is not followed`, async (t) => {
        const {server, base} = await start(t)
        server.answer({'GET /base/auth/tokens': redirect(302, location)})
        const outcome = scrubbed(await runCommand(TokenList, [], config, await worldOf(t, base.url)), server.url)
        assert.equal(outcome.exitCode, 1)
        assertReport(outcome, false, strayed('list API tokens', target))
        assert.deepEqual(server.routes, ['GET /base/auth/tokens'])
      })
    }

    for (const userinfo of ['ada', ':pw', 'ada:pw']) {
      it(`of a GET within the registry is not followed where it holds ${userinfo}, which is not shown`, async (t) => {
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

    it('of a DELETE is not followed, and the token is not called revoked', async (t) => {
      const {server, elsewhere, base} = await start(t)
      server.answer({
        'GET /base/auth/tokens': json(200, {tokens: [token]}),
        'DELETE /base/auth/tokens/7k3f9q2m': redirect(307, `${elsewhere.url}/stolen`),
      })
      const outcome = scrubbed(await runCommand(TokenRevoke, ['ci'], config, await worldOf(t, base.url)), server.url)
      const {message} = strayed('revoke an API token', `${elsewhere.url}/stolen`)
      assert.equal(outcome.stderr, `Not revoked: ci (7k3f9q2m): ${message}\n`)
      assert.equal(outcome.exitCode, 1)
      assert.deepEqual(elsewhere.arrivals, [])
    })

    it('in a circle ends', async (t) => {
      const {server, base} = await start(t)
      server.answer({'GET /base/auth/tokens': redirect(302, '/base/auth/tokens')})
      const outcome = scrubbed(await runCommand(TokenList, [], config, await worldOf(t, base.url)), server.url)
      assert.equal(outcome.exitCode, 1)
      assertReport(outcome, false, strayed('list API tokens', 'REGISTRY/base/auth/tokens'))
      assert.equal(server.arrivals.length, 6)
    })
  })

  describe('token create', {concurrency: true}, () => {
    const made = {...token, token: newborn}
    const notes = (change: Record<string, string> = {}) => {
      const facts = {
        id: '7k3f9q2m',
        registry: 'REGISTRY',
        may: 'read, publish',
        for: 'every package',
        expires: 'never; revoke it with `apkg token revoke --registry REGISTRY 7k3f9q2m`',
        ...change,
      }
      const lines = Object.entries(facts).map(([name, fact]) => `  ${name.padEnd(8)}  ${fact}\n`)
      return `Created API token: ci\n${lines.join('')}The token is shown once and cannot be fetched again:\n`
    }
    const asked = {name: 'ci', scopes: ['read', 'publish'], expiresIn: 'never'}
    const withdrawal = 'DELETE /auth/tokens/7k3f9q2m'
    const withdraw = 'run `apkg token revoke --registry REGISTRY 7k3f9q2m`'

    for (const [what, answer, reason] of [
      ['never comes', silence, 'no answer in time'],
      ['is cut off with the connection', hangUp, 'the connection was cut'],
      ['is cut off in the middle', cutOff, 'the connection was cut'],
      ['comes a byte at a time', drip, 'no answer in time'],
      ['is larger than 8 MiB', flood, 'the answer is larger than 8388608 bytes'],
      ['is HTML', html(200), 'its answer is not JSON (content type text/html)'],
      [
        'has a value that cannot be printed',
        json(201, {...made, token: 'apkg_\u001B[2Jn3wb0rn'}),
        'its answer does not fit the protocol of POST /auth/tokens',
      ],
      [
        'has a value of two lines',
        json(201, {...made, token: 'apkg_n3w\nb0rn'}),
        'its answer does not fit the protocol of POST /auth/tokens',
      ],
      ['lacks the value', json(201, token), 'its answer does not fit the protocol of POST /auth/tokens'],
      ['is 500', refusal(500, 'Broken'), 'Broken'],
      ['is 502 in HTML', html(502), 'it answered with status 502'],
      ['is 504', body(504, ''), 'it answered with status 504'],
    ] as const) {
      it(`names the label and the command that revokes it when the answer ${what}, and asks once`, async (t) => {
        const registry = await startHostileRegistry(t)
        const failure = {
          code: 'CREATION_UNCERTAIN',
          exit: 5,
          message: `${by(`Cannot create an API token at REGISTRY: ${reason}`)}. Whether the token \`ci\` was created is not known`,
          suggestions: ['run `apkg token revoke --registry REGISTRY ci` so that nothing unseen stays alive'],
        }
        const env = reason === 'no answer in time' ? impatient : {}
        const runs = await assertFails(t, registry, [TokenCreate, '--label', 'ci'], {[create]: answer}, failure, {env})
        const arrivals = [{route: create, authorization: `Bearer ${secret}`, body: asked}]
        assert.deepEqual(runs, [arrivals, arrivals])
      })
    }

    const failed = (code: string, exit: number, reason: string, suggestions: string[] = []): Failure => ({
      code,
      exit,
      message: by(`Cannot create an API token at REGISTRY: ${reason}`),
      suggestions,
    })

    for (const [what, answer, failure] of [
      ['is busy', refusal(503, 'Busy'), failed('SERVER_FAILED', 5, 'Busy', mendNothing)],
      [
        'asks to wait',
        json(429, {}, {'retry-after': '2'}),
        failed('RATE_LIMITED', 5, 'it answered with status 429', ['try again in 2 seconds']),
      ],
      [
        'takes no token for this',
        refusal(403, 'Log in'),
        failed('REFUSED', 3, 'Log in', ['unset APKG_TOKEN and run `apkg login`']),
      ],
      ['finds the label taken', refusal(409, 'Taken'), failed('REFUSED', 3, 'Taken')],
      [
        'finds the label taken, and says it by its code',
        json(409, {error: {code: 'LABEL_TAKEN', message: 'Taken', details: []}}),
        failed('REFUSED', 3, 'Taken', ['give another --label, or revoke the token that has this one']),
      ],
      [
        'finds something wrong',
        refusal(400, 'Bad', [{field: 'name', message: 'no'}]),
        failed('REQUEST_FAILED', 1, 'Bad\n  - name: no'),
      ],
    ] as const) {
      it(`fails, nothing being made, when the registry ${what}`, async (t) => {
        const registry = await startHostileRegistry(t)
        const runs = await assertFails(t, registry, [TokenCreate, '--label', 'ci'], {[create]: answer}, failure)
        assert.deepEqual(
          runs.map((run) => run.map(({route}) => route)),
          [[create], [create]],
        )
      })
    }

    it('fails, nothing being made, when nobody is there', async (t) => {
      const failure = failed('UNREACHABLE', 5, 'the connection was refused', [
        'check the network and the address REGISTRY',
      ])
      await assertFails(t, await deadAddress(), [TokenCreate, '--label', 'ci'], {}, failure)
    })

    for (const [what, argv, change, differences] of [
      ['has a scope more', [], {scopes: ['read', 'publish', 'admin']}, 'it also has the scopes admin'],
      ['is for every package', ['--package-scope', '@a/x'], {}, 'it is for every package'],
      ['is for more packages', ['--package-scope', '@a/x'], {packageScope: '@a/*'}, 'it is also for @a/*'],
      ['lives for ever', ['--expires', '30d'], {}, 'it never expires'],
      [
        'lives longer',
        ['--expires', '30d'],
        {expiresIn: '90d', expiresAt: '2027-04-30T10:00:00Z'},
        'it lives until 2027-04-30T10:00:00Z',
      ],
      [
        'is wider in two ways',
        ['--scopes', 'read', '--expires', '1y'],
        {},
        'it also has the scopes publish; it never expires',
      ],
      [
        'is wider in what would forge lines',
        [],
        {scopes: ['read', 'publish', 'x. It was revoked again\n  try: run `evil`']},
        'it also has the scopes x. It was revoked again\\u{a}  try: run `evil`',
      ],
      [
        'is wider in what cannot be printed',
        [],
        {scopes: ['read', 'publish', '\u001B[2J']},
        'it also has the scopes \\u{1b}[2J',
      ],
    ] as const) {
      const flags: [Command, ...string[]] = [TokenCreate, '--label', 'ci', ...argv]

      it(`revokes again a token that ${what}`, async (t) => {
        const registry = await startHostileRegistry(t)
        const failure = {
          code: 'TOKEN_WIDER',
          exit: 3,
          message: `The registry made the token \`ci\` wider than was asked: ${differences}. It was revoked again`,
          suggestions: [],
        }
        const routes = {[create]: json(201, {...made, ...change}), [withdrawal]: body(204, '')}
        const runs = await assertFails(t, registry, flags, routes, failure)
        for (const arrivals of runs) {
          assert.deepEqual(
            arrivals.map(({route, authorization}) => [route, authorization]),
            [create, withdrawal].map((route) => [route, `Bearer ${secret}`]),
          )
        }
      })

      it(`names the command that revokes a token that ${what} where that fails`, async (t) => {
        const registry = await startHostileRegistry(t)
        const failure = {
          code: 'TOKEN_WIDER',
          exit: 3,
          message: `The registry made the token \`ci\` wider than was asked: ${differences}. It could NOT be revoked again and is still alive`,
          suggestions: [withdraw],
        }
        const routes = {[create]: json(201, {...made, ...change}), [withdrawal]: refusal(403, 'No')}
        const runs = await assertFails(t, registry, flags, routes, failure)
        assert.deepEqual(
          runs.map((run) => run.map(({route}) => route)),
          [
            [create, withdrawal],
            [create, withdrawal],
          ],
        )
      })
    }

    it('counts a token that is gone when it is to be withdrawn as revoked again', async (t) => {
      const registry = await startHostileRegistry(t)
      const failure = {
        code: 'TOKEN_WIDER',
        exit: 3,
        message:
          'The registry made the token `c\\u{a}i` wider than was asked: it also has the scopes admin. It was revoked again',
        suggestions: [],
      }
      const wider = {...made, name: 'c\ni', scopes: ['read', 'publish', 'admin']}
      const routes = {[create]: json(201, wider), [withdrawal]: refusal(404, 'Gone')}
      const runs = await assertFails(t, registry, [TokenCreate, '--label', 'ci'], routes, failure)
      assert.deepEqual(
        runs.map((run) => run.map(({route}) => route)),
        [
          [create, withdrawal],
          [create, withdrawal],
        ],
      )
    })

    it('delivers a token that the registry named otherwise, with a warning', async (t) => {
      const registry = await startHostileRegistry(t)
      registry.answer({[create]: json(201, {...made, name: 'c\u001Bi'})})
      const world = await worldOf(t, registry.url)
      const outcome = scrubbed(await runCommand(TokenCreate, ['--label', 'ci'], config, world), registry.url)
      assert.deepEqual(
        [outcome.stdout, outcome.stderr, outcome.exitCode],
        [
          `${newborn}\n`,
          `Warning: The registry named the token \`c\\u{1b}i\`.\n${notes().replace('token: ci', 'token: c\\u{1b}i')}`,
          0,
        ],
      )
      assert.deepEqual(registry.routes, [create])
    })

    const daysFromCreation = (days: number) => new Date(Date.parse(token.createdAt) + days * 86_400_000).toISOString()

    for (const [what, argv, change, warning, facts] of [
      [
        'has a scope less',
        [],
        {scopes: ['read']},
        'The registry made the token narrower than was asked: it lacks the scopes publish.',
        {may: 'read'},
      ],
      [
        'expires though nobody asked',
        [],
        {expiresIn: '90d', expiresAt: daysFromCreation(90)},
        `The registry made the token narrower than was asked: it expires at ${daysFromCreation(90)}.`,
        {expires: daysFromCreation(90)},
      ],
      [
        'is for packages that cannot be printed',
        ['--package-scope', '@a/*'],
        {packagePatterns: ['@a/\u001B[2Jx']},
        'The registry made the token narrower than was asked: it is not for @a/* but for @a/\\u{1b}[2Jx.',
        {for: '@a/\\u{1b}[2Jx'},
      ],
    ] as const) {
      it(`delivers a token that ${what}, with a warning`, async (t) => {
        const registry = await startHostileRegistry(t)
        registry.answer({[create]: json(201, {...made, ...change})})
        const world = await worldOf(t, registry.url)
        const outcome = scrubbed(await runCommand(TokenCreate, ['--label', 'ci', ...argv], config, world), registry.url)
        assert.equal(outcome.stdout, `${newborn}\n`)
        assert.equal(outcome.stderr, `Warning: ${warning}\n${notes(facts)}`)
        assert.equal(outcome.exitCode, 0)
        assert.deepEqual(registry.routes, [create])
      })
    }

    const noNever = refusal(400, 'Not valid', [{field: 'expiresIn', message: 'one of 30d, 90d, 365d'}])
    const noNeverReason = 'Not valid\n  - expiresIn: one of 30d, 90d, 365d'

    it('asks for a year, with a warning, where the registry does not do "never" and nobody insisted', async (t) => {
      const registry = await startHostileRegistry(t)
      const expiresAt = daysFromCreation(365)
      const answers = [noNever, json(201, {...made, expiresIn: '365d', expiresAt})]
      registry.answer({[create]: answers})
      const world = await worldOf(t, registry.url)
      const outcome = scrubbed(await runCommand(TokenCreate, ['--label', 'ci'], config, world), registry.url)
      const warning = 'The registry makes no tokens that never expire: this one was asked to live 365d.'
      assert.equal(outcome.stderr, `Warning: ${warning}\n${notes({expires: expiresAt})}`)
      assert.deepEqual([outcome.stdout, outcome.exitCode], [`${newborn}\n`, 0])
      assert.deepEqual(
        registry.arrivals.map(({body}) => body),
        [asked, {...asked, expiresIn: '365d'}],
      )
    })

    it('fails where the registry does not do a year either', async (t) => {
      const registry = await startHostileRegistry(t)
      const failure = failed('REQUEST_FAILED', 1, noNeverReason)
      const runs = await assertFails(t, registry, [TokenCreate, '--label', 'ci'], {[create]: noNever}, failure)
      assert.deepEqual(
        runs.map((run) => run.length),
        [2, 2],
      )
    })

    it('fails where the registry does not do "never" and the user insisted', async (t) => {
      const registry = await startHostileRegistry(t)
      const failure = failed('REFUSED', 3, noNeverReason, ['ask for an end, as with `--expires 365d`'])
      const argv: [Command, ...string[]] = [TokenCreate, '--label', 'ci', '--expires', 'never']
      const runs = await assertFails(t, registry, argv, {[create]: noNever}, failure)
      assert.deepEqual(
        runs.map((run) => run.map(({body}) => body)),
        [[asked], [asked]],
      )
    })

    const proposal = 'ada@engine-20270131'

    for (const [what, listed] of [
      ['that are listed', json(200, {tokens: [{...token, name: proposal}]})],
      ['though it may not list', refusal(403, 'No')],
    ] as const) {
      it(`numbers its own label past those that are taken, ${what}`, async (t) => {
        const registry = await startHostileRegistry(t)
        const first = what === 'that are listed' ? 2 : 1
        registry.answer({
          [list]: listed,
          [create]: [refusal(409, 'Taken'), refusal(409, 'Taken'), json(201, {...made, name: 'made'})],
        })
        const outcome = await runCommand(TokenCreate, [], config, await worldOf(t, registry.url))
        assert.deepEqual([outcome.stdout, outcome.exitCode], [`${newborn}\n`, 0])
        assert.deepEqual(
          registry.arrivals.map(({route, body}) => [route, (body as {name?: string} | undefined)?.name]),
          [
            [list, undefined],
            ...[first, first + 1, first + 2].map((count) => [create, count === 1 ? proposal : `${proposal}-${count}`]),
          ],
        )
      })
    }

    it('tries no other label where the account holds as many tokens as it may', async (t) => {
      const registry = await startHostileRegistry(t)
      const full = json(409, {error: {code: 'TOKEN_LIMIT', message: 'Too many', details: []}})
      const routes = {[list]: json(200, {tokens: []}), [create]: full}
      const failure = failed('REFUSED', 3, 'Too many', ['run `apkg token list`, and revoke what is not needed'])
      const runs = await assertFails(t, registry, [TokenCreate], routes, failure)
      assert.deepEqual(
        runs.map((run) => run.map(({route}) => route)),
        [
          [list, create],
          [list, create],
        ],
      )
    })

    it('gives up on a registry that finds every label taken', async (t) => {
      const registry = await startHostileRegistry(t)
      registry.answer({[list]: json(200, {tokens: []}), [create]: refusal(409, 'Taken')})
      const outcome = await runCommand(TokenCreate, [], config, await worldOf(t, registry.url))
      assert.equal(outcome.exitCode, 3)
      assert.equal(registry.arrivals.length, 101)
    })

    for (const [error, reason] of [
      ['ENOSPC', 'the disk is full'],
      ['EPIPE', 'the reader has gone'],
      ['EIO', 'EIO'],
    ] as const) {
      it(`revokes again a token that stdout does not take (${error})`, async (t) => {
        const registry = await startHostileRegistry(t)
        const failure = {
          code: 'TOKEN_UNDELIVERED',
          exit: 1,
          message: `The value of the token \`ci\` could not be written to standard output (${reason}). The token was revoked again`,
          suggestions: [],
        }
        const routes = {[create]: json(201, made), [withdrawal]: body(204, '')}
        const more = {stdoutFails: error, notes: notes()}
        const runs = await assertFails(t, registry, [TokenCreate, '--label', 'ci'], routes, failure, more)
        assert.deepEqual(
          runs.map((run) => run.map(({route}) => route)),
          [
            [create, withdrawal],
            [create, withdrawal],
          ],
        )
      })
    }

    it('names the command that revokes a token that stdout does not take where that fails', async (t) => {
      const registry = await startHostileRegistry(t)
      const failure = {
        code: 'TOKEN_UNDELIVERED',
        exit: 1,
        message:
          'The value of the token `ci` could not be written to standard output (the disk is full). The token could NOT be revoked again and is still alive',
        suggestions: [withdraw],
      }
      const routes = {[create]: json(201, made), [withdrawal]: refusal(403, 'No')}
      const more = {stdoutFails: 'ENOSPC', notes: notes()}
      await assertFails(t, registry, [TokenCreate, '--label', 'ci'], routes, failure, more)
    })
  })

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

    it('revokes the token in use last, after all others', async (t) => {
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
        stderr:
          'Revoked API token: bbbb (bbbb2222)\nRevoked API token: cccc (cccc3333)\nRevoked API token: aaaa (aaaa1111)\n',
        exitCode: 0,
      })
      assert.deepEqual(registry.routes, [list, whoami, removal('bbbb2222'), removal('cccc3333'), removal('aaaa1111')])
    })

    for (const [what, answer, status, reason, exitCode] of [
      ['is lost', hangUp, 'unknown', 'the connection was cut', 5],
      ['is 502', html(502), 'unknown', 'it answered with status 502', 5],
      ['never comes', silence, 'unknown', 'no answer in time', 5],
      ['is 503, which did nothing', html(503), 'failed', 'it answered with status 503', 5],
      ['is 429', json(429, {}, {'retry-after': '1'}), 'failed', 'it answered with status 429', 5],
      ['is a refusal', refusal(403, 'No'), 'failed', 'No', 3],
    ] as const) {
      it(`calls a token ${status === 'unknown' ? 'not known to be revoked' : 'not revoked'}, and asks once, when the answer ${what}`, async (t) => {
        const env = reason === 'no answer in time' ? impatient : {}
        const {outcome, registry} = await revoke(t, {[removal('aaaa1111')]: answer}, ['aaaa'], {env})
        const message = by(`Cannot revoke an API token at REGISTRY: ${reason}`)
        assert.deepEqual(outcome, {
          tokens: [{id: 'aaaa1111', label: 'aaaa', status, reason: message, exitCode}],
          stderr: `${status === 'unknown' ? 'Not known whether revoked' : 'Not revoked'}: aaaa (aaaa1111): ${message}\n`,
          exitCode,
        })
        assert.deepEqual(registry.routes, [list, removal('aaaa1111')])
      })
    }

    it('asks for nothing more after Ctrl-C, and says what was not tried', async (t) => {
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
          'Revoked API token: aaaa (aaaa1111)\nNot known whether revoked: bbbb (bbbb2222): Interrupted\nNot revoked: cccc (cccc3333): Interrupted\n',
        exitCode: 130,
      })
      assert.deepEqual(registry.routes, [list, whoami, removal('aaaa1111'), removal('bbbb2222')])
    })

    it('forges no line of the candidates of an ambiguous label', async (t) => {
      const registry = await startHostileRegistry(t)
      const twins = ['aaaa1111', 'aaaa2222\n  bbbb3333  safe'].map((id) => ({...token, id}))
      const failure = {
        code: 'TOKEN_AMBIGUOUS',
        exit: 1,
        message: `\`ci\` stands for more than one token:
  aaaa1111  ci  2027-01-30T10:00:00.000Z
  aaaa2222\\u{a}  bbbb3333  safe  ci  2027-01-30T10:00:00.000Z
Nothing was revoked`,
        suggestions: ['give a whole id'],
      }
      await assertFails(t, registry, [TokenRevoke, 'ci'], {[list]: json(200, {tokens: twins})}, failure)
    })

    it('names the way to end a session where that is what is in use', async (t) => {
      const registry = await startHostileRegistry(t)
      const routes = {
        [whoami]: json(200, {username: 'ada', email: 'ada@example.com'}),
        'DELETE /auth/tokens/current': json(409, {error: {code: 'NO_CURRENT_TOKEN', message: 'No', details: []}}),
      }
      const failure = {
        code: 'REFUSED',
        exit: 3,
        message: by('Cannot revoke the API token in use at REGISTRY: No'),
        suggestions: ['run `apkg logout` to end a session'],
      }
      await assertFails(t, registry, [TokenRevoke, '--current'], routes, failure)
    })
  })

  describe('whoami', {concurrency: true}, () => {
    const whoami = 'GET /auth/whoami'

    it('fails on HTML', async (t) => {
      const registry = await startHostileRegistry(t)
      await assertFails(
        t,
        registry,
        [Whoami],
        {[whoami]: html(200)},
        {
          code: 'BAD_ANSWER',
          exit: 5,
          message: by('Cannot fetch the current user at REGISTRY: its answer is not JSON (content type text/html)'),
          suggestions: checkAddress,
        },
      )
    })

    it('shows the least that a registry may say, and every control character as its code', async (t) => {
      const registry = await startHostileRegistry(t)
      registry.answer({[whoami]: json(200, {username: 'a\u001B[2J\nEmail: x', email: '\u202Ee', mfaEnabled: null})})
      const outcome = await runCommand(Whoami, [], config, await worldOf(t, registry.url))
      assert.equal(
        scrubbed(outcome, registry.url).stdout,
        'Username: a\\u{1b}[2J\\u{a}Email: x\nEmail: \\u{202e}e\nScopes: none\nRegistry: REGISTRY\nCredential: APKG_TOKEN\n',
      )
      assert.deepEqual([outcome.stderr, outcome.exitCode], ['', 0])
    })
  })

  describe('the credential', {concurrency: true}, () => {
    const session = {accessToken: 'sess10n-access', refreshToken: 'sess10n-refresh', username: 'ada'}
    const refresh = 'POST /auth/refresh'

    /** Stores a session for a registry, as a login does, and returns a world without APKG_TOKEN. */
    async function loggedIn(t: TestContext, registry: HostileRegistry, env: NodeJS.ProcessEnv = {}): Promise<World> {
      const world = await worldOf(t, registry.url)
      await mkdir(path.join(world.home, '.apkg'), {mode: 0o700})
      const stored = JSON.stringify({registry: registry.url, ...session})
      await writeFile(path.join(world.home, '.apkg/credentials.json'), stored, {mode: 0o600})
      return {...world, env: {APKG_REGISTRY: registry.url, ...env}}
    }

    async function stored(world: World): Promise<unknown> {
      const {readFile} = await import('node:fs/promises')
      const file = path.join(world.home, '.apkg/credentials.json')
      return readFile(file, 'utf8').then(JSON.parse, () => undefined)
    }

    it('of a session is refreshed once when it is rejected, and stored', async (t) => {
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

    it('of a session that is rejected after its refresh is not refreshed again', async (t) => {
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
        'ends when the registry refuses with 401',
        refusal(401, 'Revoked'),
        false,
        {code: 'SESSION_ENDED', exit: 4, message: 'Your session at REGISTRY has ended: Revoked', suggestions: [login]},
      ],
      [
        'ends when the registry refuses with 400',
        refusal(400, 'Unknown'),
        false,
        {code: 'SESSION_ENDED', exit: 4, message: 'Your session at REGISTRY has ended: Unknown', suggestions: [login]},
      ],
      [
        'stays where the registry offers no refresh',
        refusal(404, 'What?'),
        true,
        {code: 'REJECTED', exit: 4, message: rejected, suggestions: [login]},
      ],
      [
        'stays where the registry does not allow it',
        refusal(405, 'What?'),
        true,
        {code: 'REJECTED', exit: 4, message: rejected, suggestions: [login]},
      ],
      [
        'stays when the registry fails',
        refusal(500, 'Broken'),
        true,
        {code: 'SERVER_FAILED', exit: 5, message: `${cannotRefresh}Broken`, suggestions: mendNothing},
      ],
      [
        'stays when the registry asks to wait',
        refusal(429, 'Slow'),
        true,
        {code: 'RATE_LIMITED', exit: 5, message: `${cannotRefresh}Slow`, suggestions: mendNothing},
      ],
      [
        'stays when the answer is HTML',
        html(200),
        true,
        {
          code: 'BAD_ANSWER',
          exit: 5,
          message: `${cannotRefresh}its answer is not JSON (content type text/html)`,
          suggestions: checkAddress,
        },
      ],
      [
        'stays when the new tokens cannot be sent',
        json(200, {accessToken: 'access-2\n', refreshToken: 'refresh-2', expiresIn: 3600, tokenType: 'Bearer'}),
        true,
        {
          code: 'BAD_ANSWER',
          exit: 5,
          message: `${cannotRefresh}its answer does not fit the protocol of POST /auth/refresh`,
          suggestions: checkAddress,
        },
      ],
      [
        'stays when the connection is cut',
        hangUp,
        true,
        {
          code: 'UNREACHABLE',
          exit: 5,
          message: `${cannotRefresh}the connection was cut`,
          suggestions: ['check the network and the address REGISTRY'],
        },
      ],
      [
        'stays when it is redirected, where the token is not sent',
        redirect(307, 'http://localhost:1/x'),
        true,
        {
          code: 'REDIRECTED',
          exit: 1,
          message: `${cannotRefresh}it redirects to http://localhost:1/x, which is not followed`,
          suggestions: giveMoved,
        },
      ],
    ] as const) {
      it(`of a session ${what}`, async (t) => {
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

    it('of APKG_TOKEN that is rejected is replaced by no other, and the session is pointed out', async (t) => {
      const registry = await startHostileRegistry(t)
      const world = await loggedIn(t, registry, {APKG_TOKEN: secret})
      for (const flags of [[], ['--json']]) {
        registry.answer({[list]: refusal(401, 'Revoked')})
        const outcome = scrubbed(await runCommand(TokenList, flags, config, world), registry.url)
        assertReport(outcome, flags.length > 0, {
          code: 'REJECTED',
          exit: 4,
          message: 'Cannot list API tokens at REGISTRY: Revoked (credential: APKG_TOKEN)',
          suggestions: ['set APKG_TOKEN to a live token', 'unset APKG_TOKEN to use ~/.apkg/credentials.json'],
        })
        assert.deepEqual(registry.arrivals, [{route: list, authorization: `Bearer ${secret}`, body: undefined}])
      }
    })

    it('of APKG_TOKEN works beside a damaged credentials file', async (t) => {
      const registry = await startHostileRegistry(t)
      const world = await loggedIn(t, registry, {APKG_TOKEN: secret})
      await writeFile(path.join(world.home, '.apkg/credentials.json'), '{"accessToken": "sess')
      registry.answer({[list]: json(200, {tokens: [token]})})
      const outcome = await runCommand(TokenList, [], config, world)
      assert.deepEqual([outcome.stdout, outcome.stderr, outcome.exitCode], [tokenLine, '', 0])
    })

    it('of APKG_TOKEN that is rejected beside a damaged credentials file points at a new login', async (t) => {
      const registry = await startHostileRegistry(t)
      const world = await loggedIn(t, registry, {APKG_TOKEN: secret})
      await writeFile(path.join(world.home, '.apkg/credentials.json'), '{"accessToken": "sess')
      registry.answer({[list]: refusal(401, 'Revoked')})
      const outcome = scrubbed(await runCommand(TokenList, [], config, world), registry.url)
      assertReport(outcome, false, {
        code: 'REJECTED',
        exit: 4,
        message: by('Cannot list API tokens at REGISTRY: Revoked'),
        suggestions: ['set APKG_TOKEN to a live token', 'unset APKG_TOKEN and run `apkg login`'],
      })
      assert.equal(outcome.exitCode, 4)
    })

    const damaged = `apkgt_${'s3cr3t'.repeat(6)}00`

    for (const [what, env, failure, notes] of [
      [
        'that is cut off',
        {APKG_TOKEN: damaged},
        {
          code: 'TOKEN_DAMAGED',
          exit: 4,
          message:
            'The credential from APKG_TOKEN is not whole: its 44 characters do not add up. Was it cut off when it was pasted?',
          suggestions: ['copy it again, or create another with `apkg token create`'],
        },
        '',
      ],
      [
        'with a line break in it',
        {APKG_TOKEN: 's3cr3t\ns3cr3t'},
        {
          code: 'TOKEN_UNSENDABLE',
          exit: 4,
          message: 'The credential from APKG_TOKEN holds white space or characters that no token has',
          suggestions: ['copy it again, or create another with `apkg token create`'],
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
          suggestions: ['set APKG_TOKEN, or unset it to use the credential of `apkg login`'],
        },
        '',
      ],
      [
        'that is bound to another registry',
        {APKG_TOKEN_REGISTRY: 'https://other.example/'},
        {
          code: 'AUTH_REQUIRED',
          exit: 4,
          message: 'There is no credential for REGISTRY',
          suggestions: [login, 'set APKG_TOKEN to an API token'],
        },
        'APKG_TOKEN is for https://other.example (APKG_TOKEN_REGISTRY) and is not used for REGISTRY.\n',
      ],
    ] as const) {
      it(`of APKG_TOKEN ${what} is sent nowhere`, async (t) => {
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

    it('goes to the services that are configured for its registry, and to those of no other', async (t) => {
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
})
