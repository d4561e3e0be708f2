import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {runCommand} from '@apkg/command-kit/testing'

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
  mendNothing,
  checkAddress,
  retryLater,
  by,
  token,
  tokenLine,
  worldOf,
  scrubbed,
  assertFails,
  type Failure,
} from './registry-answers.js'

const badAnswer = (reason: string): Failure => ({
  code: 'BAD_ANSWER',
  exit: 5,
  message: by(`Cannot list API tokens at REGISTRY: ${reason}`),
  suggestions: checkAddress,
})

// Most of these wait, for an answer or before another attempt: they wait together.
describe('token list, when the registry answers', {concurrency: true}, () => {
  const misfit = 'the response to GET /auth/tokens does not match the protocol'
  const refused = (code: string, exit: number, reason: string, suggestions: string[] = []): Failure => ({
    code,
    exit,
    message: by(`Cannot list API tokens at REGISTRY: ${reason}`),
    suggestions,
  })
  const unset = 'unset APKG_TOKEN and run `apkg login`'

  for (const [what, answer, failure] of [
    ['HTML, fails', html(200), badAnswer('the response is not JSON (content type text/html)')],
    ['nothing at all, fails', body(200, ''), badAnswer('the response is not JSON (no content type)')],
    [
      'JSON that is cut off, fails',
      body(200, '{"tokens": [', {'content-type': 'application/json'}),
      badAnswer('the response is not JSON (content type application/json)'),
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
      badAnswer('the response is not JSON (no content type)'),
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
      refused('REJECTED', 4, 'Revoked', ['set APKG_TOKEN to a valid token', unset]),
    ],
    ['402, fails', refusal(402, 'Pay'), refused('REFUSED', 3, 'Pay')],
    ['403, names the way past the variable', refusal(403, 'Not you'), refused('REFUSED', 3, 'Not you', [unset])],
    ['404, fails', refusal(404, 'Nothing here'), refused('REQUEST_FAILED', 1, 'Nothing here')],
    ['409, fails', refusal(409, 'Conflict'), refused('REFUSED', 3, 'Conflict')],
    ['418 without a word, says the status', body(418, ''), refused('REQUEST_FAILED', 1, 'it answered with status 418')],
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
        `Error: Cannot list API tokens at REGISTRY: its list does not end (credential: APKG_TOKEN)\n  hint: ${checkAddress[0]}\n`,
        5,
      ],
    )
  })
})

describe('token list, when the registry', {concurrency: true}, () => {
  const outOfTime: Failure = {
    code: 'TIMED_OUT',
    exit: 5,
    message: by('Cannot list API tokens at REGISTRY: the request timed out'),
    suggestions: retryLater,
  }
  const unreachable = (reason: string): Failure => ({
    code: 'UNREACHABLE',
    exit: 5,
    message: by(`Cannot list API tokens at REGISTRY: ${reason}`),
    suggestions: ['check the network and the address REGISTRY'],
  })

  it('is not there, fails', async (t) => {
    await assertFails(t, await deadAddress(), [TokenList], {}, unreachable('connection refused'))
  })

  for (const [what, answer, failure, attempts] of [
    ['never answers', silence, outOfTime, 1],
    ['answers a byte at a time', drip, outOfTime, 1],
    ['hangs up', hangUp, unreachable('connection reset'), 3],
    ['hangs up in the middle of its answer', cutOff, unreachable('connection reset'), 3],
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
