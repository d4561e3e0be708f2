import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import TokenList from '../../src/commands/token/list.js'
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
} from '../support/hostile-registry.js'
import {config} from '../support/oclif-config.js'
import {
  secret,
  list,
  impatient,
  retry,
  checkAccount,
  checkAddress,
  checkArguments,
  retryLater,
  by,
  token,
  tokenLine,
  worldOf,
  scrubbed,
  assertFails,
  type Failure,
} from './registry-responses.js'
import {runCommand} from '../support/run-command.js'
import {unrestricted} from '../support/unrestricted.js'

const badResponse = (reason: string): Failure => ({
  code: 'BAD_RESPONSE',
  exit: 5,
  message: `Cannot list API tokens at REGISTRY: ${reason}`,
  suggestions: checkAddress,
})

// Run concurrently, since most of these wait for an answer or before another attempt.
describe('token list: answers of a hostile registry', {concurrency: true}, () => {
  const misfit = 'the response to GET /auth/tokens does not match the protocol'
  const unset = 'unset APKG_TOKEN and run `apkg login`'
  const refused = (code: string, exit: number, reason: string, suggestions?: string[]): Failure => {
    const message = `Cannot list API tokens at REGISTRY: ${reason}`
    return {
      code,
      exit,
      // Only refusals that can be about the credential name it.
      message: suggestions?.includes(unset) ? by(message) : message,
      suggestions: suggestions ?? (code === 'REFUSED' ? checkAccount : checkArguments),
    }
  }

  for (const [what, answer, failure] of [
    ['HTML', html(200), badResponse('the response is not JSON (content type text/html)')],
    ['an empty body', body(200, ''), badResponse('the response is not JSON (no content type)')],
    [
      'truncated JSON',
      body(200, '{"tokens": [', {'content-type': 'application/json'}),
      badResponse('the response is not JSON (content type application/json)'),
    ],
    ['null', json(200, null), badResponse(misfit)],
    ['a bare list', json(200, [token]), badResponse(misfit)],
    ['another object', json(200, {ok: true}), badResponse(misfit)],
    ['`tokens` that is not a list', json(200, {tokens: {}}), badResponse(misfit)],
    ['a token without an id', json(200, {tokens: [{...token, id: undefined}]}), badResponse(misfit)],
    ['a token whose label is a number', json(200, {tokens: [{...token, name: 7}]}), badResponse(misfit)],
    ['a token whose scopes are null', json(200, {tokens: [{...token, scopes: null}]}), badResponse(misfit)],
    [
      'an unrequested compressed body',
      body(200, Buffer.from([0x1f, 0x8b, 8]), {'content-encoding': 'gzip'}),
      badResponse('the response is not JSON (no content type)'),
    ],
    ['an answer of more than 8 MiB', flood, badResponse('the response is larger than 8388608 bytes')],
    ['400', refusal(400, 'Bad', [{field: 'limit', message: 'no'}]), refused('REQUEST_FAILED', 1, 'Bad\n  - limit: no')],
    ['401', refusal(401, 'Revoked'), refused('REJECTED', 4, 'Revoked', ['set APKG_TOKEN to a valid token', unset])],
    ['402', refusal(402, 'Pay'), refused('REFUSED', 3, 'Pay')],
    ['403', refusal(403, 'Not you'), refused('REFUSED', 3, 'Not you', [unset])],
    ['404', refusal(404, 'Nothing here'), refused('REQUEST_FAILED', 1, 'Nothing here')],
    ['409', refusal(409, 'Conflict'), refused('REFUSED', 3, 'Conflict')],
    ['418 without a body', body(418, ''), refused('REQUEST_FAILED', 1, 'it responded with status 418')],
    ['304', body(304, ''), refused('REQUEST_FAILED', 1, 'it responded with status 304')],
    ['a redirect without a location', body(302, ''), refused('REQUEST_FAILED', 1, 'it responded with status 302')],
    [
      'a redirect to an invalid URL',
      redirect(302, 'http://['),
      refused('REQUEST_FAILED', 1, 'it responded with status 302'),
    ],
    ['500', refusal(500, 'Broken'), refused('SERVER_FAILED', 5, 'Broken', retry)],
    ['500 in HTML', html(500), refused('SERVER_FAILED', 5, 'it responded with status 500', retry)],
    [
      'an error that is a string',
      json(400, {error: 'no'}),
      refused('REQUEST_FAILED', 1, 'it responded with status 400'),
    ],
    [
      'an error whose details are null',
      json(400, {error: {code: 'X', message: 'Bad', details: null}}),
      refused('REQUEST_FAILED', 1, 'Bad'),
    ],
    [
      '403 as plain problem details',
      json(403, {title: 'Forbidden', detail: 'Not for you'}),
      refused('REFUSED', 3, 'Not for you', [unset]),
    ],
    [
      'a message with control characters',
      refusal(400, 'a\u001B[2J\u0007\nb\u202E'),
      refused('REQUEST_FAILED', 1, 'a\\u{1b}[2J\\u{7}\\u{a}b\\u{202e}'),
    ],
    [
      'a message that contains the credential',
      refusal(400, `Bad ${secret}`, [{field: secret, message: `in "Bearer ${secret}"`}]),
      refused('REQUEST_FAILED', 1, 'Bad [redacted]\n  - [redacted]: in "Bearer [redacted]"'),
    ],
    [
      '429 with 11 seconds to wait',
      json(429, {error: {message: 'Slow down'}}, {'retry-after': '11'}),
      refused('RATE_LIMITED', 5, 'Slow down', ['try again in 11 seconds']),
    ],
    [
      '429 with an hour to wait',
      json(429, {error: {message: 'Slow down'}}, {'retry-after': '3600'}),
      refused('RATE_LIMITED', 5, 'Slow down', ['try again in 3600 seconds']),
    ],
  ] as const) {
    it(`token list: ${what} fails after one request`, async (t) => {
      const registry = await startHostileRegistry(t)
      const runs = await assertFails(t, registry, [TokenList], {[list]: answer}, failure)
      const asked = [{route: list, authorization: `Bearer ${secret}`, body: undefined}]
      assert.deepEqual(runs, [asked, asked])
    })
  }

  it('token list: 502 in HTML fails after three attempts', async (t) => {
    const registry = await startHostileRegistry(t)
    const failure = refused('SERVER_FAILED', 5, 'it responded with status 502', retry)
    const runs = await assertFails(t, registry, [TokenList], {[list]: html(502)}, failure)
    assert.deepEqual(
      runs.map((run) => run.length),
      [3, 3],
    )
  })

  it('token list: 429 with a second to wait is retried after it', async (t) => {
    const registry = await startHostileRegistry(t)
    registry.answer({[list]: [json(429, {}, {'retry-after': '1'}), json(200, {tokens: [token]})]})
    const begun = Date.now()
    const outcome = await runCommand(TokenList, [], config, await worldOf(t, registry.url))
    assert.deepEqual([outcome.stdout, outcome.stderr, outcome.exitCode], [tokenLine, '', 0])
    assert.deepEqual(registry.routes, [list, list])
    assert.ok(Date.now() - begun >= 1000, 'it did not wait')
  })

  it('token list: a filter fails if the registry does not report what it needs', async (t) => {
    const registry = await startHostileRegistry(t)
    const used = {...token, lastUsed: '2027-01-30T10:00:00.000Z'}
    registry.answer({[list]: json(200, {tokens: [used]}), [`${list}?ended=true`]: json(200, {tokens: [used]})})
    const world = await worldOf(t, registry.url)
    for (const [filter, purpose] of [
      [['--revoked'], 'list tokens that expired or were revoked'],
      [['--last-used-from', '203.0.113.0/24'], 'report where tokens were last used'],
    ] as const) {
      const {stdout, exitCode} = await runCommand(TokenList, [...filter, '--json'], config, world)
      const {error} = JSON.parse(stdout) as {error: {code: string; message: string}}
      assert.deepEqual([error.code, exitCode], ['NOT_OFFERED', 1])
      assert.ok(error.message.includes(purpose), error.message)
    }
  })

  it('token list: nulls and additional fields, as the original registry sends, are accepted', async (t) => {
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
          note: null,
          scopes: ['read', 'publish'],
          packages: [],
          ...unrestricted,
          organization: null,
          createdBy: null,
          status: 'active',
          valueEndedAt: null,
          createdAt: '2027-01-30T10:00:00.000Z',
          rotatedAt: null,
          lastUsedAt: null,
          lastUse: null,
          expiresAt: '2027-04-30T10:00:00Z',
          suspendedAt: null,
          suspensions: [],
          revokedAt: null,
          revokedBy: null,
          generation: null,
          oldValue: null,
        },
      ],
    })
  })

  it('token list: control characters in fields are shown as their codes', async (t) => {
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
      'never',
      'active',
      ...['-', '-', '-', '-'],
      '-\n',
    ])
  })

  it('token list: follows all pages, whatever characters the cursor has', async (t) => {
    const registry = await startHostileRegistry(t)
    registry.answer({
      [list]: json(200, {tokens: [token], nextCursor: 'a b&c=/../?#é'}),
      [`${list}?cursor=a+b%26c%3D%2F..%2F%3F%23%C3%A9`]: json(200, {tokens: [token], nextCursor: ''}),
    })
    const outcome = await runCommand(TokenList, [], config, await worldOf(t, registry.url))
    assert.deepEqual([outcome.stdout, outcome.stderr, outcome.exitCode], [tokenLine + tokenLine, '', 0])
  })

  it('token list: gives up on pages that never end', async (t) => {
    const registry = await startHostileRegistry(t)
    const more = json(200, {tokens: [], nextCursor: 'again'})
    registry.answer({[list]: more, [`${list}?cursor=again`]: more})
    const outcome = scrubbed(await runCommand(TokenList, [], config, await worldOf(t, registry.url)), registry.url)
    assert.deepEqual(
      [outcome.stdout, outcome.stderr, outcome.exitCode],
      [
        '',
        `Error: Cannot list API tokens at REGISTRY: the list has more than 1000 pages\n  hint: ${checkAddress[0]}\n`,
        5,
      ],
    )
  })
})

describe('token list: connections of a hostile registry', {concurrency: true}, () => {
  const outOfTime: Failure = {
    code: 'TIMED_OUT',
    exit: 5,
    message: 'Cannot list API tokens at REGISTRY: the request timed out',
    suggestions: retryLater,
  }
  const unreachable = (reason: string): Failure => ({
    code: 'UNREACHABLE',
    exit: 5,
    message: `Cannot list API tokens at REGISTRY: ${reason}`,
    suggestions: ['check your network connection and the URL REGISTRY'],
  })

  it('token list: fails if no registry listens', async (t) => {
    await assertFails(t, await deadAddress(), [TokenList], {}, unreachable('connection refused'))
  })

  for (const [what, answer, failure, attempts] of [
    ['never answers', silence, outOfTime, 1],
    ['answers one byte at a time', drip, outOfTime, 1],
    ['closes the connection', hangUp, unreachable('connection reset'), 3],
    ['closes the connection during its answer', cutOff, unreachable('connection reset'), 3],
  ] as const) {
    it(`token list: fails after ${attempts} of 3 attempts if the registry ${what}`, async (t) => {
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
