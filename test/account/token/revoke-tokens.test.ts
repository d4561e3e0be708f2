import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {RegistryClient, Secret, TransportError, type Transport, type WireResponse} from '@apkg/command-kit'

import {withdrawToken} from '../../../src/account/token/create-token.js'
import {exitCodeOf, revokeTokens, type Revocation} from '../../../src/account/token/revoke-tokens.js'
import type {Token} from '../../../src/account/token/token.js'

type Reply = WireResponse | TransportError

const registry = 'https://r.example'

/** A client whose registry replies as it is told, by route, and with 204 to what is not listed; and what was asked. */
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
  const createdAt = '2027-01-30T10:00:00Z'
  return {id, label: `l${id}`, prefix: null, scopes: [], packages: [], createdAt, lastUsedAt: null, expiresAt: null}
}

const [one, two, three] = ['1', '2', '3'].map(tokenOf) as [Token, Token, Token]
const removal = (id: string) => `DELETE /auth/tokens/${id}`
const done = ({id, label}: Token): Revocation => ({id, label, status: 'revoked'})

describe('revoking tokens', () => {
  it('of which there are none asks nothing', async () => {
    const {client, asked} = startClient({})
    assert.deepEqual(await revokeTokens(client, []), [])
    assert.deepEqual(asked, [])
  })

  it('of which there is one does not ask which is in use', async () => {
    const {client, asked} = startClient({})
    assert.deepEqual(await revokeTokens(client, [one]), [done(one)])
    assert.deepEqual(asked, [removal('1')])
  })

  for (const [what, credential, order] of [
    ['keeps the order where the one in use is not among them', {kind: 'token', id: '9'}, [one, two, three]],
    ['keeps the order where the registry does not say', undefined, [one, two, three]],
    ['keeps the order where there is none', null, [one, two, three]],
    ['leaves the one in use, the first, to the end', {kind: 'token', id: '1'}, [two, three, one]],
    ['leaves the one in use, in the middle, to the end', {kind: 'token', id: '2'}, [one, three, two]],
    ['leaves the one in use at the end', {kind: 'token', id: '3'}, [one, two, three]],
  ] as const) {
    it(what, async () => {
      const {client, asked} = startClient(ownIs(credential))
      const given = [one, two, three]
      assert.deepEqual(await revokeTokens(client, given), order.map(done))
      assert.deepEqual(asked, ['GET /auth/whoami', ...order.map(({id}) => removal(id))])
      assert.deepEqual(given, [one, two, three], 'what was given is not changed')
    })
  }

  it('keeps the given order where the registry does not say which is in use', async () => {
    const {client, asked} = startClient({'GET /auth/whoami': json(403, {error: {code: 'NOPE', message: 'No'}})})
    assert.deepEqual(await revokeTokens(client, [two, one]), [done(two), done(one)])
    assert.deepEqual(asked, ['GET /auth/whoami', removal('2'), removal('1')])
  })

  it('goes on after a failure, and takes one that is gone for revoked', async () => {
    const refusal = (status: number, message: string) => json(status, {error: {code: 'X', message}})
    const {client, asked} = startClient({
      ...ownIs(),
      [removal('1')]: refusal(403, 'Not you'),
      [removal('2')]: refusal(404, 'Gone'),
    })
    const reason = `Cannot revoke an API token at ${registry}: Not you (credential: a vault)`
    assert.deepEqual(await revokeTokens(client, [one, two, three]), [
      {id: '1', label: 'l1', status: 'failed', reason, exitCode: 3},
      done(two),
      done(three),
    ])
    assert.deepEqual(asked, ['GET /auth/whoami', ...['1', '2', '3'].map(removal)])
  })

  it('stops when it is interrupted: one may be revoked, and those after it are not', async () => {
    const {client, asked} = startClient({...ownIs({kind: 'token', id: '1'}), [removal('2')]: interruption})
    const interrupted = {reason: 'Interrupted', exitCode: 130} as const
    const revocations = await revokeTokens(client, [one, two, three])
    assert.deepEqual(revocations, [
      {id: '2', label: 'l2', status: 'unknown', ...interrupted},
      {id: '3', label: 'l3', status: 'failed', ...interrupted},
      {id: '1', label: 'l1', status: 'failed', ...interrupted},
    ])
    assert.deepEqual(asked, ['GET /auth/whoami', removal('2')])
    assert.equal(exitCodeOf(revocations), 130)
  })

  for (const [what, reply, status, why] of [
    ['never came', new TransportError('timeout', 'x'), 'unknown', 'the request timed out'],
    ['was too large', new TransportError('too-large', 'it is too large'), 'unknown', 'it is too large'],
    ['was cut off', new TransportError('unreachable', 'it was cut', true), 'unknown', 'it was cut'],
    ['cannot have been', new TransportError('unreachable', 'nobody there', false), 'failed', 'nobody there'],
    ['was 500', json(500, {}), 'unknown', 'it answered with status 500'],
    ['was 504', json(504, {}), 'unknown', 'it answered with status 504'],
    ['was 503', json(503, {}), 'failed', 'it answered with status 503'],
    ['was 429', json(429, {}), 'failed', 'it answered with status 429'],
  ] as const) {
    it(`is ${status} where the answer ${what}`, async () => {
      const {client} = startClient({[removal('1')]: reply})
      const reason = `Cannot revoke an API token at ${registry}: ${why} (credential: a vault)`
      assert.deepEqual(await revokeTokens(client, [one]), [{id: '1', label: 'l1', status, reason, exitCode: 5}])
    })
  }
})

describe('withdrawing a newborn token', () => {
  const command = `apkg token revoke --registry ${registry} 1`

  for (const [what, reply, leftover] of [
    ['leaves nothing where it is revoked', reply204, undefined],
    ['leaves nothing where it is gone', json(404, {}), undefined],
    ['leaves the command that revokes it where that is refused', json(403, {}), command],
    ['leaves that command where the answer is lost', new TransportError('timeout', 'x'), command],
    ['leaves that command where it is interrupted', interruption, command],
  ] as const) {
    it(what, async () => {
      const {client, asked} = startClient({[removal('1')]: reply})
      assert.equal(await withdrawToken(client, one), leftover)
      assert.deepEqual(asked, [removal('1')])
    })
  }
})

const revoked: Revocation = {id: '1', label: 'a', status: 'revoked'}
const refused: Revocation = {id: '2', label: 'b', status: 'failed', reason: 'no', exitCode: 3}
const unreachable: Revocation = {id: '3', label: 'c', status: 'failed', reason: 'down', exitCode: 5}
const unexplained: Revocation = {id: '4', label: 'd', status: 'failed'}
const unknown: Revocation = {id: '5', label: 'e', status: 'unknown', reason: 'lost', exitCode: 5}
const interrupted: Revocation = {id: '6', label: 'f', status: 'unknown', reason: 'Interrupted', exitCode: 130}

describe('the exit code of revoking', () => {
  for (const [what, revocations, code] of [
    ['0 where there was nothing to do', [], 0],
    ['0 where all went', [revoked, revoked], 0],
    ['6 where some went', [revoked, refused], 6],
    ['6 where some went, in any order', [unreachable, revoked], 6],
    ['6 where of some it is not known', [revoked, unknown], 6],
    ['that of the failure where the only one failed', [refused], 3],
    ['that of the first failure where none went', [unreachable, refused], 5],
    ['that of the lost answer where of none it is known', [unknown], 5],
    ['130 after an interruption, whatever went before', [revoked, refused, interrupted], 130],
    ['130 where the first was interrupted', [interrupted, {...interrupted, status: 'failed'}], 130],
    ['1 where a failure says none', [unexplained], 1],
  ] as const) {
    it(`is ${what}`, () => {
      assert.equal(exitCodeOf(revocations), code)
    })
  }
})
