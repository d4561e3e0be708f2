import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {RegistryClient} from '../../src/client/registry-client.js'
import {TransportError, type WireResponse} from '../../src/client/transport.js'
import type {ShadowedSource} from '../../src/credentials/resolve.js'
import {Secret} from '../../src/credentials/secret.js'
import type {ApkgError} from '../../src/errors/apkg-error.js'

const registry = 'https://r.example'

interface Circumstances {
  source?: string | undefined
  shadowed?: ShadowedSource[]
}

/** The failure of listing tokens (or of another call) where the registry replies with this. */
async function failureOf(
  reply: WireResponse | TransportError,
  {source, shadowed = []}: Circumstances,
  call: (client: RegistryClient) => Promise<unknown> = (client) => client.call('listTokens', {query: {}}),
): Promise<{message: string; suggestions: readonly string[]}> {
  const client = new RegistryClient({
    target: {registry, services: {}},
    credential: source === undefined ? undefined : {secret: new Secret('s3cr3t'), source},
    transport: () => (reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply)),
    interrupted: new AbortController().signal,
    userAgent: 'test',
    offline: false,
    shadowed: () => Promise.resolve(shadowed),
    whileWaiting: (_, answer) => answer,
  })
  try {
    await call(client)
  } catch (error) {
    const {message, suggestions} = error as ApkgError
    return {message, suggestions}
  }
  throw new Error('it did not fail')
}

function refusal(status: number, code = 'X', details: object[] = []): WireResponse {
  return {status, headers: {}, body: JSON.stringify({error: {code, message: 'No', details}})}
}

const listing = `Cannot list API tokens at ${registry}:`

describe('a request that fails', () => {
  for (const [what, reply, reason] of [
    ['is refused', refusal(403), 'No'],
    ['is rejected', refusal(401), 'No'],
    ['is asked to wait', refusal(429), 'No'],
    ['meets a broken registry', refusal(500), 'No'],
    ['is not valid', refusal(400), 'No'],
    ['is not answered in time', new TransportError('timeout', 'x'), 'the request timed out'],
    ['is not received', new TransportError('unreachable', 'nobody there'), 'nobody there'],
    ['is answered at length', new TransportError('too-large', 'too much'), 'too much'],
    ['is answered oddly', {status: 200, headers: {}, body: 'x'}, 'its answer is not JSON (it names no content type)'],
    [
      'is redirected',
      {status: 302, headers: {location: 'https://other.example/x?y'}, body: ''},
      'refusing to follow a redirect to https://other.example/x',
    ],
  ] as const) {
    it(`says where its credential came from when it ${what}`, async () => {
      const {message} = await failureOf(reply, {source: 'a vault'})
      assert.equal(message, `${listing} ${reason} (credential: a vault)`)
    })

    it(`says nothing of a credential when it ${what} without one`, async () => {
      assert.equal((await failureOf(reply, {})).message, `${listing} ${reason}`)
    })
  }

  it('says so before the details of the refusal', async () => {
    const details = [{field: 'limit', message: 'no'}, {message: 'odd'}]
    const {message} = await failureOf(refusal(400, 'X', details), {source: 'a vault'})
    assert.equal(message, `${listing} No (credential: a vault)\n  - limit: no\n  - odd`)
  })

  it('says nothing of a credential that it does not carry', async () => {
    const {message} = await failureOf(refusal(500), {source: 'a vault'}, (client) =>
      client.call('login', {body: {username: 'ada', password: 'x'}}),
    )
    assert.equal(message, `Cannot log in at ${registry}: No`)
  })
})

describe('the way out of a refusal', () => {
  const unset = 'unset APKG_TOKEN and run `apkg login`'
  const live = 'set APKG_TOKEN to a live token'
  const [broken, vault, store] = [
    {source: '~/.apkg/credentials.json', problem: 'it is damaged'},
    {source: 'a vault'},
    {source: 'another vault'},
  ]
  for (const [what, status, code, source, shadowed, suggestions] of [
    ['of APKG_TOKEN is a login where nothing else is there', 401, 'X', 'APKG_TOKEN', [], [live, unset]],
    ['of APKG_TOKEN is a login where all else is broken', 401, 'X', 'APKG_TOKEN', [broken], [live, unset]],
    [
      'of APKG_TOKEN is the first other source that can be used',
      401,
      'X',
      'APKG_TOKEN',
      [broken, vault, store],
      [live, 'unset APKG_TOKEN to use a vault'],
    ],
    ['of APKG_TOKEN where it is not for the lack of a scope is no other token', 403, 'X', 'APKG_TOKEN', [], [unset]],
    [
      'of APKG_TOKEN for lack of rights is a token that has them',
      403,
      'SCOPE_INSUFFICIENT',
      'APKG_TOKEN',
      [],
      ['set APKG_TOKEN to a token that may: `apkg token create` takes --scopes and --package-scope', unset],
    ],
    [
      'of APKG_TOKEN for lack of rights is the other source, whatever the code',
      403,
      'TOKEN_LIMIT',
      'APKG_TOKEN',
      [store],
      ['unset APKG_TOKEN to use another vault'],
    ],
    ['of another credential is a login', 401, 'X', 'a vault', [store], [`run \`apkg login --registry ${registry}\``]],
    ['of another credential for lack of rights is not known', 403, 'X', 'a vault', [store], []],
    [
      'for a label that is taken is another',
      409,
      'LABEL_TAKEN',
      'APKG_TOKEN',
      [],
      ['give another --label, or revoke the token that has this one'],
    ],
    [
      'for too many tokens is to revoke some',
      409,
      'TOKEN_LIMIT',
      'a vault',
      [],
      ['run `apkg token list`, and revoke what is not needed'],
    ],
    [
      'for a session that is no token is a logout',
      409,
      'NO_CURRENT_TOKEN',
      'a vault',
      [],
      ['run `apkg logout` to end a session'],
    ],
    ['for a code that is not known is not known', 409, 'constructed', 'a vault', [], []],
    ['for a payment is not known', 402, 'X', 'APKG_TOKEN', [], []],
  ] as const) {
    it(what, async () => {
      const failure = await failureOf(refusal(status, code), {source, shadowed: [...shadowed]})
      assert.deepEqual(failure.suggestions, suggestions)
    })
  }
})
