import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {RegistryClient, Secret, TransportError, type Transport, type WireResponse} from '@apkg/command-kit'

import {withdrawToken} from '../../../src/account/token/create-token.js'
import {changeTokens, exitCodeOf, planChange, type TokenOutcome} from '../../../src/account/token/change-tokens.js'
import {revocation} from '../../../src/account/token/revoke-token.js'
import type {Selection} from '../../../src/account/token/select-tokens.js'
import type {Token} from '../../../src/account/token/token.js'
import {tokenWith} from '../../support/tokens.js'

type Revocation = TokenOutcome<'revoked'>

type Reply = WireResponse | TransportError

const registry = 'https://r.example'

/** A client whose registry sends these replies by route, and 204 for any other route. Returns the requests too. */
function startClient(replies: Record<string, Reply>) {
  const asked: string[] = []
  const transport: Transport = ({method, url}) => {
    const route = `${method} ${url.pathname}`
    asked.push(route)
    const reply = replies[route] ?? reply204
    return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply)
  }
  const client = new RegistryClient({
    target: {registry, services: {}},
    credential: {secret: new Secret('s3cr3t'), source: 'a vault'},
    transport,
    interrupted: new AbortController().signal,
    userAgent: 'test',
    offline: false,
    hintsFor: () => Promise.resolve(undefined),
    whileWaiting: (_, answer) => answer,
  })
  return {client, asked}
}

const reply204: Reply = {status: 204, headers: {}, body: ''}
const interruption = new TransportError('interrupted', 'interrupted')

function json(status: number, content: unknown): Reply {
  return {status, headers: {'content-type': 'application/json'}, body: JSON.stringify(content)}
}

function ownIs(credential?: {kind: string; id: string} | null): Record<string, Reply> {
  return {'GET /auth/whoami': json(200, {username: 'ada', email: 'ada@example.com', credential})}
}

function tokenOf(id: string): Token {
  return tokenWith({id, label: `l${id}`})
}

const [one, two, three] = ['1', '2', '3'].map(tokenOf) as [Token, Token, Token]
const revokeTokens = (client: RegistryClient, selection: Selection) => changeTokens(client, selection, revocation)
const removal = (id: string) => `DELETE /auth/tokens/${id}`
const done = ({id, label}: Token): Revocation => ({id, label, status: 'revoked'})

const seeAccount = `run \`apkg whoami --registry ${registry}\` to see your account and permissions`
const checkNetwork = `check your network connection and the URL ${registry}`
const seeList = 'run `apkg token list` to find its ID'

describe('revoking tokens', () => {
  it('revoke: without tokens, nothing is requested', async () => {
    const {client, asked} = startClient({})
    assert.deepEqual(await revokeTokens(client, {tokens: [], unmatched: []}), [])
    assert.deepEqual(asked, [])
  })

  it('revoke: with a single token, the token in use is not looked up', async () => {
    const {client, asked} = startClient({})
    assert.deepEqual(await revokeTokens(client, {tokens: [one], unmatched: []}), [done(one)])
    assert.deepEqual(asked, [removal('1')])
  })

  for (const [what, credential, order] of [
    ['keeps the order if the token in use is not among them', {kind: 'token', id: '9'}, [one, two, three]],
    ['keeps the order if the registry reports no credential', undefined, [one, two, three]],
    ['keeps the order if the credential is null', null, [one, two, three]],
    ['moves the token in use from the start to the end', {kind: 'token', id: '1'}, [two, three, one]],
    ['moves the token in use from the middle to the end', {kind: 'token', id: '2'}, [one, three, two]],
    ['leaves the token in use at the end', {kind: 'token', id: '3'}, [one, two, three]],
  ] as const) {
    it(`revoke: ${what}`, async () => {
      const {client, asked} = startClient(ownIs(credential))
      const given = [one, two, three]
      assert.deepEqual(await revokeTokens(client, {tokens: given, unmatched: []}), order.map(done))
      assert.deepEqual(asked, ['GET /auth/whoami', ...order.map(({id}) => removal(id))])
      assert.deepEqual(given, [one, two, three], 'the given array is unchanged')
    })
  }

  it("revoke: keeps the given order if the registry doesn't report the token in use", async () => {
    const {client, asked} = startClient({'GET /auth/whoami': json(403, {error: {code: 'NOPE', message: 'No'}})})
    assert.deepEqual(await revokeTokens(client, {tokens: [two, one], unmatched: []}), [done(two), done(one)])
    assert.deepEqual(asked, ['GET /auth/whoami', removal('2'), removal('1')])
  })

  it('revoke: continues after a failure, and reports a missing token as already revoked', async () => {
    const refusal = (status: number, message: string) => json(status, {error: {code: 'X', message}})
    const {client, asked} = startClient({
      ...ownIs(),
      [removal('1')]: refusal(403, 'Not you'),
      [removal('2')]: refusal(404, 'Gone'),
    })
    const reason = `Cannot revoke an API token at ${registry}: Not you (credential: a vault)`
    assert.deepEqual(await revokeTokens(client, {tokens: [one, two, three], unmatched: []}), [
      {id: '1', label: 'l1', status: 'failed', reason, suggestions: [seeAccount], exitCode: 3},
      {id: '2', label: 'l2', status: 'already', since: null},
      done(three),
    ])
    assert.deepEqual(asked, ['GET /auth/whoami', ...['1', '2', '3'].map(removal)])
  })

  it('revoke: sends no request for a token that was already revoked', async () => {
    const {client, asked} = startClient({})
    const revokedAt = '2027-01-30T10:00:00Z'
    const selection = {tokens: [{...one, status: 'revoked' as const, revokedAt}, two], unmatched: ['x']}
    const before = {id: '1', label: 'l1', status: 'already', since: revokedAt}
    const unknown = {id: null, label: null, argument: 'x', status: 'not-found', suggestions: [seeList], exitCode: 1}
    assert.deepEqual(planChange(selection, revocation), [before, {id: '2', label: 'l2', status: 'planned'}, unknown])
    assert.deepEqual(asked, [])
    assert.deepEqual(await revokeTokens(client, selection), [before, done(two), unknown])
    assert.deepEqual(asked, ['GET /auth/whoami', removal('2')])
  })

  it('revoke: stops at Ctrl-C and reports the untried tokens as failed', async () => {
    const {client, asked} = startClient({...ownIs({kind: 'token', id: '1'}), [removal('2')]: interruption})
    const interrupted = {reason: 'Interrupted', exitCode: 130} as const
    const revocations = await revokeTokens(client, {tokens: [one, two, three], unmatched: []})
    assert.deepEqual(revocations, [
      {id: '2', label: 'l2', status: 'unknown', ...interrupted},
      {id: '3', label: 'l3', status: 'failed', ...interrupted},
      {id: '1', label: 'l1', status: 'failed', ...interrupted},
    ])
    assert.deepEqual(asked, ['GET /auth/whoami', removal('2')])
    assert.equal(exitCodeOf(revocations), 130)
  })

  for (const [what, reply, status, why, hint = 'try again later'] of [
    [
      'never came',
      new TransportError('timeout', 'x'),
      'unknown',
      'the request timed out',
      'try again later, or raise the timeout with APKG_TIMEOUT_SECS',
    ],
    [
      'was too large',
      new TransportError('too-large', 'it is too large'),
      'unknown',
      'it is too large',
      `check that ${registry} is the URL of an apkg registry, or choose another one with --registry`,
    ],
    ['was cut off', new TransportError('unreachable', 'it was cut', true), 'unknown', 'it was cut', checkNetwork],
    [
      'cannot have been sent',
      new TransportError('unreachable', 'connection refused', false),
      'failed',
      'connection refused',
      checkNetwork,
    ],
    ['was 500', json(500, {}), 'unknown', 'it responded with status 500'],
    ['was 504', json(504, {}), 'unknown', 'it responded with status 504'],
    ['was 503', json(503, {}), 'failed', 'it responded with status 503'],
    [
      'was 503 from a registry that does not know',
      json(503, {error: {code: 'OUTCOME_UNKNOWN'}}),
      'unknown',
      'it responded with status 503',
    ],
    ['was 429', json(429, {}), 'failed', 'it responded with status 429'],
  ] as const) {
    it(`revoke: the outcome is ${status} if the response ${what}`, async () => {
      const {client} = startClient({[removal('1')]: reply})
      const reason = `Cannot revoke an API token at ${registry}: ${why}`
      assert.deepEqual(await revokeTokens(client, {tokens: [one], unmatched: []}), [
        {id: '1', label: 'l1', status, reason, suggestions: [hint], exitCode: 5},
      ])
    })
  }
})

describe('revoking a token that was not delivered', () => {
  const command = `apkg token revoke --registry ${registry} 1`

  for (const [what, reply, leftover] of [
    ['leaves nothing to do if the token was revoked', reply204, undefined],
    ['leaves nothing to do if the token is gone', json(404, {}), undefined],
    ['returns the command that revokes the token if the registry refuses', json(403, {}), command],
    ['returns that command if the response is lost', new TransportError('timeout', 'x'), command],
    ['returns that command if it is interrupted', interruption, command],
  ] as const) {
    it(`withdraw: ${what}`, async () => {
      const {client, asked} = startClient({[removal('1')]: reply})
      assert.equal(await withdrawToken(client, one), leftover)
      assert.deepEqual(asked, [removal('1')])
    })
  }
})

const revoked: Revocation = {id: '1', label: 'a', status: 'revoked'}
const already: Revocation = {id: '7', label: 'g', status: 'already', since: null}
const refused: Revocation = {id: '2', label: 'b', status: 'failed', reason: 'no', exitCode: 3}
const unreachable: Revocation = {id: '3', label: 'c', status: 'failed', reason: 'down', exitCode: 5}
const unexplained: Revocation = {id: '4', label: 'd', status: 'failed'}
const unknown: Revocation = {id: '5', label: 'e', status: 'unknown', reason: 'lost', exitCode: 5}
const interrupted: Revocation = {id: '6', label: 'f', status: 'unknown', reason: 'Interrupted', exitCode: 130}

describe('the exit code of token revoke', () => {
  for (const [what, revocations, code] of [
    ['0 if there was nothing to do', [], 0],
    ['0 if all were revoked', [revoked, revoked], 0],
    ['0 if one was revoked before', [revoked, already], 0],
    ['6 if the others were revoked before', [already, refused], 6],
    ['6 if some were revoked', [revoked, refused], 6],
    ['6 if some were revoked, in any order', [unreachable, revoked], 6],
    ['6 if some outcomes are unknown', [revoked, unknown], 6],
    ["the failure's code if the only token failed", [refused], 3],
    ["the first failure's code if none were revoked", [unreachable, refused], 5],
    ["the lost response's code if no outcome is known", [unknown], 5],
    ['130 after an interruption, regardless of earlier outcomes', [revoked, refused, interrupted], 130],
    ['130 if the first was interrupted', [interrupted, {...interrupted, status: 'failed'}], 130],
    ['1 if a failure lacks a code', [unexplained], 1],
  ] as const) {
    it(`revoke: exits with ${what}`, () => {
      assert.equal(exitCodeOf(revocations), code)
    })
  }
})
