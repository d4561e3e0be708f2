import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {RegistryClient} from '../../src/client/registry-client.js'
import {refusalHints} from '../../src/reporting/refusal-hints.js'
import {TransportError, type WireResponse} from '../../src/client/transport.js'
import {publicRegistry} from '../../src/registry/registry-url.js'
import type {ShadowedSource} from '../../src/credentials/resolve-credential.js'
import {Secret} from '../../src/credentials/secret.js'
import type {ApkgError} from '../../src/errors/apkg-error.js'

const registry = 'https://r.example'

interface Circumstances {
  source?: string | undefined
  shadowed?: ShadowedSource[]
  at?: string
}

/** Returns the failure of listing tokens, or of another call, for a response of the registry. */
async function failureOf(
  reply: WireResponse | TransportError,
  {source, shadowed = [], at = registry}: Circumstances,
  call: (client: RegistryClient) => Promise<unknown> = (client) => client.call('listTokens', {query: {}}),
): Promise<{message: string; suggestions: readonly string[]}> {
  const client = new RegistryClient({
    target: {registry: at, services: {}},
    credential: source === undefined ? undefined : {secret: new Secret('s3cr3t'), source},
    transport: () => (reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply)),
    interrupted: new AbortController().signal,
    userAgent: 'test',
    offline: false,
    hintsFor: (refusal, from) => refusalHints(refusal, from, () => Promise.resolve(shadowed)),
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

describe('a failed request', () => {
  for (const [what, reply, reason] of [
    ['is refused', refusal(403), 'No'],
    ['is rejected', refusal(401), 'No'],
    ['is rate limited', refusal(429), 'No'],
    ['gets a server error', refusal(500), 'No'],
    ['is invalid', refusal(400), 'No'],
    ['times out', new TransportError('timeout', 'x'), 'the request timed out'],
    ['cannot be sent', new TransportError('unreachable', 'host not found'), 'host not found'],
    ['gets too large a response', new TransportError('too-large', 'too much'), 'too much'],
    [
      'gets a response that is not JSON',
      {status: 200, headers: {}, body: 'x'},
      'the response is not JSON (no content type)',
    ],
    [
      'is redirected',
      {status: 302, headers: {location: 'https://other.example/x?y'}, body: ''},
      'refusing to follow a redirect to https://other.example/x',
    ],
  ] as const) {
    const isAboutCredential = what === 'is refused' || what === 'is rejected'
    it(`failed request: ${isAboutCredential ? 'names' : 'does not name'} the source of its credential when it ${what}`, async () => {
      const {message} = await failureOf(reply, {source: 'a vault'})
      assert.equal(message, `${listing} ${reason}${isAboutCredential ? ' (credential: a vault)' : ''}`)
    })

    it(`failed request: names no credential when it ${what} without one`, async () => {
      assert.equal((await failureOf(reply, {})).message, `${listing} ${reason}`)
    })
  }

  it('failed request: suggests selecting a registry only if the public one is unreachable', async () => {
    const reply = new TransportError('unreachable', 'host not found')
    assert.deepEqual((await failureOf(reply, {at: publicRegistry})).suggestions, [
      'check your network connection and the URL https://api.apkg.ai',
      'to use another registry, set APKG_REGISTRY to its URL, or pass it with --registry',
    ])
    assert.equal((await failureOf(reply, {})).suggestions.length, 1)
  })

  it('failed request: names the credential before the details of the refusal', async () => {
    const details = [{field: 'limit', message: 'no'}, {message: 'odd'}]
    const {message} = await failureOf(refusal(403, 'X', details), {source: 'a vault'})
    assert.equal(message, `${listing} No (credential: a vault)\n  - limit: no\n  - odd`)
  })

  it('failed request: redacts the credential from a redirect that it refuses and from a content type', async () => {
    const moved = {status: 302, headers: {location: `https://other.example/s3cr3t`}, body: ''}
    assert.match((await failureOf(moved, {source: 'a vault'})).message, /https:\/\/other\.example\/\[redacted\]/)
    const odd = {status: 200, headers: {'content-type': 'x/s3cr3t'}, body: 'x'}
    assert.match((await failureOf(odd, {source: 'a vault'})).message, /content type x\/\[redacted\]/)
  })

  it('failed request: names no credential for a public endpoint', async () => {
    const {message} = await failureOf(refusal(500), {source: 'a vault'}, (client) =>
      client.call('login', {body: {username: 'ada', password: 'x'}}),
    )
    assert.equal(message, `Cannot log in at ${registry}: No`)
  })
})

describe('refusalHints', () => {
  const unset = 'unset APKG_TOKEN and run `apkg login`'
  const account = `run \`apkg whoami --registry ${registry}\` to see your account and permissions`
  const live = 'set APKG_TOKEN to a valid token'
  const [broken, vault, store] = [
    {source: '~/.apkg/credentials.json', problem: 'it is damaged'},
    {source: 'a vault'},
    {source: 'another vault'},
  ]
  const byOwner =
    'as its owner, run `apkg token list --suspended`, and `apkg token resume` with its ID. If it belongs to an organization, add --org'
  const byOperator = 'ask the registry operator to resume it with `apkg registry token resume`'
  for (const [what, makers, suggestions] of [
    ['its owner', ['owner'], [byOwner, unset]],
    ['the operator', ['operator'], [byOperator, unset]],
    ['both', ['owner', 'restore'], [byOwner, byOperator, unset]],
    ['someone whom an older registry only names in its message', [], [byOwner, byOperator, unset]],
  ] as const) {
    it(`refusalHints: a token that was suspended by ${what} has to be resumed`, async () => {
      const details = makers.map((by) => ({code: by, message: by}))
      const refused = {status: 401, code: 'CREDENTIAL_SUSPENDED', details}
      assert.deepEqual(await refusalHints(refused, 'APKG_TOKEN', () => Promise.resolve([])), suggestions)
    })
  }

  for (const [what, status, code, source, shadowed, suggestions] of [
    ['APKG_TOKEN rejected, no other source: log in', 401, 'X', 'APKG_TOKEN', [], [live, unset]],
    ['APKG_TOKEN rejected, other sources unusable: log in', 401, 'X', 'APKG_TOKEN', [broken], [live, unset]],
    [
      'APKG_TOKEN rejected: unset it to use the first usable source',
      401,
      'X',
      'APKG_TOKEN',
      [broken, vault, store],
      [live, 'unset APKG_TOKEN to use a vault'],
    ],
    ['APKG_TOKEN refused for another reason than scopes: no hint about scopes', 403, 'X', 'APKG_TOKEN', [], [unset]],
    [
      'APKG_TOKEN lacks a scope: use a token that has it',
      403,
      'SCOPE_INSUFFICIENT',
      'APKG_TOKEN',
      [],
      ['set APKG_TOKEN to a token with the right --scopes and --package (see `apkg help token create`)', unset],
    ],
    [
      'APKG_TOKEN refused: unset it to use the other source, whatever the code',
      403,
      'TOKEN_LIMIT',
      'APKG_TOKEN',
      [store],
      ['unset APKG_TOKEN to use another vault'],
    ],
    [
      'a variable of one registry rejected: unset that one',
      401,
      'X',
      'APKG_TOKEN__R_EXAMPLE',
      [],
      ['set APKG_TOKEN__R_EXAMPLE to a valid token', 'unset APKG_TOKEN__R_EXAMPLE and run `apkg login`'],
    ],
    [
      'a token file rejected: change the file',
      401,
      'X',
      'APKG_TOKEN_FILE',
      [store],
      ['set APKG_TOKEN_FILE to a file with a valid token', 'unset APKG_TOKEN_FILE to use another vault'],
    ],
    [
      'another credential rejected: log in',
      401,
      'X',
      'a vault',
      [store],
      [`run \`apkg login --registry ${registry}\``],
    ],
    ['another credential refused: see what it allows', 403, 'X', 'a vault', [store], [account]],
    [
      'label taken: choose another',
      409,
      'LABEL_TAKEN',
      'APKG_TOKEN',
      [],
      ['choose another --label, or run `apkg token show`, `apkg token rotate` or `apkg token revoke` with this one'],
    ],
    [
      'too many tokens: revoke some',
      409,
      'TOKEN_LIMIT',
      'a vault',
      [],
      ['run `apkg token list`, and `apkg token revoke` for the tokens you no longer need'],
    ],
    [
      'the credential is a session: log out',
      409,
      'NO_CURRENT_TOKEN',
      'a vault',
      [],
      ['run `apkg logout` to revoke a session'],
    ],
    [
      'key taken: generate another',
      409,
      'KEY_TAKEN',
      'a vault',
      [],
      ['run `apkg key generate` for a new key, then register that one'],
    ],
    [
      'key too weak: generate another',
      409,
      'KEY_WEAK',
      'a vault',
      [],
      ['run `apkg key generate` for a new key, then register that one'],
    ],
    [
      "proof for another address: use the registry's own",
      409,
      'PROOF_INVALID',
      'a vault',
      [],
      ['use --registry to pass the URL that the registry operator gave you'],
    ],
    [
      'version exists: publish another',
      409,
      'VERSION_EXISTS',
      'a vault',
      [],
      ['set a new version, such as with `apkg version patch`, then publish it'],
    ],
    [
      'too many keys: revoke some',
      409,
      'KEY_LIMIT',
      'a vault',
      [],
      ['run `apkg key list`, and `apkg key revoke` for the keys you no longer need'],
    ],
    [
      'latest removed: move it instead',
      409,
      'DIST_TAG_LATEST',
      'a vault',
      [],
      ['point it at another version: `apkg dist-tag add <package>@<version> latest`'],
    ],
    ['unknown code: see what the credential allows', 409, 'constructed', 'a vault', [], [account]],
    ['payment required: see which account is in use', 402, 'X', 'APKG_TOKEN', [], [account]],
  ] as const) {
    it(`refusalHints: ${what}`, async () => {
      const failure = await failureOf(refusal(status, code), {source, shadowed: [...shadowed]})
      assert.deepEqual(failure.suggestions, suggestions)
    })
  }
})
