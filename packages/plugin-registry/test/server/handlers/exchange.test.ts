import assert from 'node:assert/strict'
import {createHmac, createPublicKey, generateKeyPairSync, sign as signBytes} from 'node:crypto'
import {describe, it} from 'node:test'

import {inspectTokenValue} from '@apkg/wire'

import {operator} from '../../../src/server/store/store.js'
import {githubClaims, gitlabClaims, startIssuer} from '../../support/oidc-issuer.js'
import {audience, createPublisherWorld, exchangeForScope, type PublisherWorld} from '../../support/publishers.js'
import {packageOf, publish} from '../../support/uploads.js'
import {type Answer, day, minute, second} from '../../support/world.js'

const codeOf = ({body}: Answer) => body.error?.code as string | undefined

const detailsOf = ({body}: Answer) => body.error.details as unknown

async function refused(answer: Promise<Answer> | Answer, code: string): Promise<Answer> {
  const received = await answer
  assert.equal(codeOf(received), code, JSON.stringify(received.body))
  return received
}

async function exchanged(answer: Promise<Answer>): Promise<string> {
  const {status, body} = await answer
  assert.equal(status, 201, JSON.stringify(body))
  return body.token
}

const whoami = ({world}: PublisherWorld, token: string) => world.call('GET', '/auth/whoami', {token})

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

/** The header, the claims and their signature of an ID token. */
function parts(token: string): [string, string, string] {
  return token.split('.') as [string, string, string]
}

describe('exchanging an ID token', () => {
  it('exchange: a job of a trusted publisher gets a token for 15 minutes, in the same form as a created token', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    const {status, body, headers} = await publishers.exchange()
    assert.equal(status, 201)
    assert.deepEqual(inspectTokenValue(body.token), {state: 'intact', kind: 'token'})
    const {name, scopes, packagePatterns, expiresIn, expires} = body
    assert.deepEqual(
      {name, scopes, packagePatterns, expiresIn, expires},
      {
        name: 'github:acme/tool',
        scopes: ['read', 'publish:update', 'tag'],
        packagePatterns: ['@acme/tool'],
        expiresIn: '15m',
        expires: '2026-11-23T12:15:00.000Z',
      },
    )
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal((await whoami(publishers, body.token)).body.username, 'github:acme/tool')
    publishers.world.pass(15 * minute)
    await refused(whoami(publishers, body.token), 'CREDENTIAL_EXPIRED')
  })

  it('exchange: a GitLab job gets a token', async (t) => {
    const publishers = await createPublisherWorld(t)
    const gitlab = {provider: 'gitlab', claims: {project_path: 'acme/tool'}, workflow: undefined}
    await publishers.add(gitlab)
    const claims = gitlabClaims(audience)
    const token = await exchanged(publishers.exchangeToken(await publishers.issuer.sign(claims)))
    const {origin} = (await whoami(publishers, token)).body.credential.trustedPublisher
    assert.deepEqual(origin, {
      provider: 'gitlab',
      issuer: publishers.issuer.url,
      subject: 'project_path:acme/tool:ref_type:branch:ref:main',
      repository: 'acme/tool',
      repositoryId: '20',
      commit: '714a629c0b401fdce83e847fc9589983fc6f46bc',
      ref: 'main',
      workflow: 'gitlab.example.com/acme/tool//.gitlab-ci.yml@refs/heads/main',
      run: `${publishers.issuer.url}/acme/tool/-/pipelines/574`,
    })
  })

  it('exchange: with any other issuer, the complete subject must match', async (t) => {
    const publishers = await createPublisherWorld(t)
    const oidc = {provider: 'oidc', claims: {sub: 'pipeline:7'}, workflow: undefined}
    assert.equal((await publishers.add(oidc)).status, 201)
    const sign = (claims: object) => publishers.issuer.sign({aud: audience, ...claims})
    const token = await exchanged(publishers.exchangeToken(await sign({sub: 'pipeline:7'})))
    assert.equal((await whoami(publishers, token)).body.username, 'oidc:pipeline:7')
    await refused(publishers.exchangeToken(await sign({sub: 'pipeline:77'})), 'OIDC_PUBLISHER_UNKNOWN')
  })

  it('exchange: the token can publish and tag its package, and nothing else', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, session} = publishers
    await world.publish(session, {name: '@acme/tool', version: '1.0.0'})
    await world.publish(session, {name: '@acme/other', version: '1.0.0', content: 'other'})
    await publishers.add()
    const token = await exchanged(publishers.exchange())
    const call = (method: string, url: string, body?: object) => world.call(method, url, {token, ...(body && {body})})
    const next = await packageOf({name: '@acme/tool', version: '1.1.0'})
    assert.equal((await publish(world, token, next)).status, 201)
    assert.equal((await call('PUT', '/dist-tags/@acme%2Ftool/next', {version: '1.1.0'})).status, 200)
    const other = await packageOf({name: '@acme/other', version: '1.1.0'})
    await refused(publish(world, token, other), 'SCOPE_INSUFFICIENT')
    await refused(publish(world, token, await packageOf({name: '@ada/tool'})), 'SCOPE_INSUFFICIENT')
    for (const [method, url, body] of [
      ['PATCH', '/packages/@acme%2Ftool', {deprecated: 'no'}],
      ['PATCH', '/packages/@acme%2Ftool/1.0.0', {deprecated: 'no'}],
      ['POST', '/auth/tokens', {name: 'own'}],
      ['GET', '/auth/tokens'],
      ['GET', '/auth/trusted-publishers'],
    ] as [string, string, object?][]) {
      const {status} = await call(method, url, body)
      assert.equal(status, 403, `${method} ${url}`)
    }
    assert.deepEqual((await call('GET', '/auth/keys')).body, {keys: []})
  })

  it('exchange: a new package needs a trusted publisher for its scope', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world} = publishers
    await publishers.add()
    const narrow = await exchanged(publishers.exchange())
    const {body} = await refused(publish(world, narrow, await packageOf({name: '@acme/tool'})), 'SCOPE_INSUFFICIENT')
    assert.match(body.error.message, /only a trusted publisher of @acme\/\* can publish new packages/)
    await publishers.add({package: '@acme/*'})
    const wide = await exchanged(publishers.exchange({}, '@acme/new'))
    assert.equal((await publish(world, wide, await packageOf({name: '@acme/new'}))).status, 201)
    await refused(publish(world, wide, await packageOf({name: '@ada/new'})), 'SCOPE_INSUFFICIENT')
  })

  it('exchange: the token reads private packages of its own scope only', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, session} = publishers
    await world.publish(session, {name: '@acme/private', version: '1.0.0', visibility: 'private'})
    await world.publish(session, {name: '@ada/private', version: '1.0.0', visibility: 'private', content: 'ada'})
    await publishers.add()
    const token = await exchanged(publishers.exchange())
    assert.equal((await world.call('GET', '/packages/@acme%2Fprivate', {token})).status, 200)
    await refused(world.call('GET', '/packages/@ada%2Fprivate', {token}), 'PACKAGE_UNKNOWN')
    const versions = ['@acme/private@1.0.0', '@ada/private@1.0.0']
    const status = await world.call('POST', '/packages/status', {token, body: {versions}})
    assert.deepEqual(status.body.unknown, ['@ada/private@1.0.0'])
    // To read packages, the scope is enough.
    await exchanged(publishers.exchange({}, '@acme/*'))
  })

  it('exchange: a signed upload is refused, because a publisher has no signing key', async (t) => {
    const publishers = await createPublisherWorld(t)
    const token = await exchangeForScope(publishers)
    const signature = {keyId: `SHA256:${'A'.repeat(43)}=`, signature: `${'A'.repeat(86)}==`}
    const sent = await packageOf({name: '@acme/tool'})
    const signed = {...sent, metadata: {...sent.metadata, signature}}
    await refused(publish(publishers.world, token, signed), 'SIGNER_UNKNOWN')
  })

  it('exchange: the token ends when its publisher is removed, its holder revokes it, or its value is reported as leaked', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, session} = publishers
    const {id} = (await publishers.add()).body
    const ended = await exchanged(publishers.exchange())
    assert.equal((await world.call('DELETE', '/auth/tokens/current', {token: ended})).status, 204)
    await refused(whoami(publishers, ended), 'CREDENTIAL_REVOKED')
    const reported = await exchanged(publishers.exchange())
    await world.call('POST', '/auth/revoke', {body: {values: [reported]}})
    await refused(whoami(publishers, reported), 'CREDENTIAL_REVOKED')
    const removed = await exchanged(publishers.exchange())
    assert.equal((await whoami(publishers, removed)).status, 200)
    await world.call('DELETE', `/auth/trusted-publishers/${id}`, {token: session})
    await refused(whoami(publishers, removed), 'CREDENTIAL_REVOKED')
    await refused(publishers.exchange(), 'OIDC_PUBLISHER_UNKNOWN')
  })

  it('exchange: in the scope of a user, the token ends when the user is disabled or removed', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world} = publishers
    await publishers.add({package: '@ada/*'})
    const token = await exchanged(publishers.exchange())
    await world.store.users.setDisabled('id-of-ada', true, operator, world.now())
    await refused(whoami(publishers, token), 'USER_DISABLED')
    await refused(publishers.exchange(), 'OIDC_PUBLISHER_UNKNOWN')
    await world.store.users.setDisabled('id-of-ada', false, operator, world.now())
    assert.equal((await whoami(publishers, token)).status, 200)
    await world.store.users.remove('id-of-ada', operator, world.now())
    await refused(whoami(publishers, token), 'CREDENTIAL_REVOKED')
    await refused(publishers.exchange(), 'OIDC_PUBLISHER_UNKNOWN')
  })

  it('exchange: a running upload is refused if the publisher is removed in the meantime', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, session} = publishers
    const {id} = (await publishers.add({package: '@acme/*'})).body
    const token = await exchanged(publishers.exchange())
    const {hashSecret} = await import('../../../src/server/auth/credential-values.js')
    const credential = await world.store.credentials.find('token', hashSecret(token))
    await world.call('DELETE', `/auth/trusted-publishers/${id}`, {token: session})
    const tag = {name: '@acme/tool', tag: 'next', version: '1.0.0'}
    const outcome = await world.store.packages.setTag(tag, credential!, operator, world.now())
    assert.equal(outcome, 'credential-ended')
  })

  it('exchange: a restore suspends trusted publishers until they are added again', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, session} = publishers
    await publishers.add()
    const token = await exchanged(publishers.exchange())
    await world.store.tokens.suspendAll(operator, world.now())
    await refused(whoami(publishers, token), 'CREDENTIAL_REVOKED')
    await refused(publishers.exchange(), 'OIDC_PUBLISHER_UNKNOWN')
    const listed = await world.call('GET', '/auth/trusted-publishers', {token: session})
    assert.equal(listed.body.publishers[0].status, 'suspended')
    assert.equal((await publishers.add()).status, 201)
    await exchanged(publishers.exchange())
  })

  it('exchange: the audit log records the exchange and the uses of the token, with the publisher as the actor', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world} = publishers
    const token = await exchangeForScope(publishers)
    await publish(world, token, await packageOf({name: '@acme/tool'}))
    const rows = await world.store.audit.latest(10, {actor: 'github:acme/tool'})
    assert.deepEqual(
      rows.map(({action}) => action),
      ['package.publish', 'token.exchange', 'trusted-publisher.pin'],
    )
    const [published, exchange] = rows
    assert.equal(published?.credentialId, exchange?.target)
    const {origin} = exchange?.detail as {origin: {run: string}}
    assert.equal(origin.run, `${publishers.issuer.url}/acme/tool/actions/runs/42/attempts/2`)
    assert.ok(!JSON.stringify(rows).includes(token))
  })
})

describe('an invalid ID token', () => {
  const attacks: Record<string, (publishers: PublisherWorld) => Promise<string>> = {
    'for another registry': ({issuer}) => issuer.sign(githubClaims('https://other.example.com')),
    'for this registry and another one': ({issuer}) =>
      issuer.sign(githubClaims(audience, {aud: [audience, 'https://other.example.com']})),
    'for a URL with a trailing slash': ({issuer}) => issuer.sign(githubClaims(`${audience}/`)),
    'without an audience': ({issuer}) => issuer.sign(githubClaims(audience, {aud: undefined})),
    'that expired': ({issuer, world}) => issuer.sign(githubClaims(audience, {exp: world.now() / 1000 - 60})),
    'that is not valid yet': ({issuer, world}) => issuer.sign(githubClaims(audience, {nbf: world.now() / 1000 + 60})),
    'from the future': ({issuer, world}) => issuer.sign(githubClaims(audience, {iat: world.now() / 1000 + 60})),
    'without an end': ({issuer}) => issuer.sign(githubClaims(audience, {exp: undefined})),
    'of more than a day': ({issuer, world}) =>
      issuer.sign(githubClaims(audience, {exp: (world.now() + day) / 1000 + 60})),
    'without an id': ({issuer}) => issuer.sign(githubClaims(audience, {jti: undefined})),
    'with a blank id': ({issuer}) => issuer.sign(githubClaims(audience, {jti: ''})),
    'with changed claims': async ({issuer}) => {
      const [header, claims, signature] = parts(await issuer.sign(githubClaims(audience, {repository: 'evil/fork'})))
      const changed = JSON.parse(Buffer.from(claims, 'base64url').toString())
      return [header, encode({...changed, repository: 'acme/tool'}), signature].join('.')
    },
    'signed with another key': async ({issuer}) => {
      const [header, claims] = parts(await issuer.sign(githubClaims(audience)))
      const {privateKey} = generateKeyPairSync('rsa', {modulusLength: 2048})
      const signature = signBytes('sha256', Buffer.from(`${header}.${claims}`), privateKey)
      return [header, claims, signature.toString('base64url')].join('.')
    },
    'without a signature (alg none)': async ({issuer}) => {
      const [, claims] = parts(await issuer.sign(githubClaims(audience)))
      return `${encode({alg: 'none', kid: issuer.key.id})}.${claims}.`
    },
    'with an HMAC under the public key (HS256)': async ({issuer}) => {
      const [, claims] = parts(await issuer.sign(githubClaims(audience)))
      const key = createPublicKey({key: issuer.key.publicJwk as never, format: 'jwk'})
      const header = encode({alg: 'HS256', kid: issuer.key.id})
      const signed = [key.export({type: 'spki', format: 'pem'}), JSON.stringify(issuer.key.publicJwk)].map((secret) =>
        createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url'),
      )
      return `${header}.${claims}.${signed[0]}`
    },
    'with its own key': async ({issuer}) => {
      const [, claims] = parts(await issuer.sign(githubClaims(audience)))
      const {privateKey, publicKey} = generateKeyPairSync('rsa', {modulusLength: 2048})
      const header = encode({alg: 'RS256', jwk: publicKey.export({format: 'jwk'}), jku: 'http://127.0.0.1:1/keys'})
      const signature = signBytes('sha256', Buffer.from(`${header}.${claims}`), privateKey)
      return `${header}.${claims}.${signature.toString('base64url')}`
    },
    'that is an API token': async ({world, session}) => (await world.createToken(session, {name: 'ci'})).token,
    'that is not one': async () => 'a.b.c',
  }
  for (const [title, attack] of Object.entries(attacks)) {
    it(`exchange: an ID token ${title} is refused`, async (t) => {
      const publishers = await createPublisherWorld(t)
      await publishers.add()
      const token = await attack(publishers)
      const {status, body} = await refused(publishers.exchangeToken(token), 'OIDC_TOKEN_INVALID')
      assert.equal(status, 401)
      assert.ok(!JSON.stringify(body).includes(token))
      // Nothing was recorded, so the publisher is still pending.
      assert.equal((await publishers.world.store.audit.latest(1))[0]?.action === 'token.exchange', false)
    })
  }

  it('exchange: an ID token from an issuer that the operator did not allow is refused without fetching keys', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    const stranger = await startIssuer(t, () => publishers.world.now())
    const token = await stranger.sign(githubClaims(audience))
    const {body} = await refused(publishers.exchangeToken(token), 'OIDC_ISSUER_UNKNOWN')
    assert.match(body.error.message, new RegExp(stranger.url))
    assert.equal(stranger.fetches, 0)
  })

  it('exchange: an ID token that names another issuer than the one that signed it is refused', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    const stranger = await startIssuer(t, () => publishers.world.now())
    await stranger.rotate()
    const token = await stranger.sign(githubClaims(audience, {iss: publishers.issuer.url}))
    await refused(publishers.exchangeToken(token), 'OIDC_TOKEN_INVALID')
  })

  it('exchange: refused ID tokens count toward the limit of refused credentials', async (t) => {
    const {world, exchangeToken} = await createPublisherWorld(t)
    await world.store.policy.set({failedAuthRate: 3}, operator, world.now())
    for (let sent = 0; sent < 3; sent++) await refused(exchangeToken('a.b.c'), 'OIDC_TOKEN_INVALID')
    const {headers} = await refused(exchangeToken('a.b.c'), 'TOO_MANY_ATTEMPTS')
    assert.ok(headers['retry-after'])
  })

  it('exchange: a registry without an https URL responds with 404', async (t) => {
    const {world, issuer, session} = await createPublisherWorld(t, {publicUrl: new URL('http://registry.example.com')})
    const token = await issuer.sign(githubClaims('http://registry.example.com'))
    await refused(world.call('POST', '/auth/oidc/exchange', {body: {token}}), 'NOT_FOUND')
    const body = {package: '@acme/*', required: true}
    await refused(world.call('PUT', '/auth/trusted-publishing', {body, token: session}), 'NOT_FOUND')
  })
})

describe('the claims of an ID token', () => {
  const mismatches: Record<string, [claims: object, details: object[], publisher?: object]> = {
    'another workflow': [
      {workflow_ref: 'acme/tool/.github/workflows/a.yml@refs/heads/main'},
      [{field: 'workflow', message: 'is a.yml, expected publish.yml'}],
    ],
    'the name of the workflow as free text': [
      {workflow: 'publish.yml', workflow_ref: 'acme/tool/.github/workflows/evil.yml@refs/heads/main'},
      [{field: 'workflow', message: 'is evil.yml, expected publish.yml'}],
    ],
    'a workflow in a folder of another repository': [
      {workflow_ref: 'evil/fork/.github/workflows/publish.yml@refs/heads/main'},
      [{field: 'workflow', message: 'is missing, expected publish.yml'}],
    ],
    'another environment': [
      {environment: 'staging'},
      [{field: 'environment', message: 'is staging, expected prod'}],
      {claims: {repository: 'acme/tool', environment: 'prod'}},
    ],
    'no environment': [
      {},
      [{field: 'environment', message: 'is missing, expected prod'}],
      {claims: {repository: 'acme/tool', environment: 'prod'}},
    ],
    'no repository ID': [{repository_id: undefined}, [{field: 'repository_id', message: 'is not a numeric ID'}]],
  }
  for (const [title, [claims, details, publisher]] of Object.entries(mismatches)) {
    it(`exchange: a job with ${title} is refused, and the details name the claim`, async (t) => {
      const publishers = await createPublisherWorld(t)
      await publishers.add(publisher)
      const answer = await refused(publishers.exchange(claims as Record<string, unknown>), 'OIDC_CLAIM_MISMATCH')
      assert.equal(answer.status, 401)
      assert.deepEqual(detailsOf(answer), details)
    })
  }

  it('exchange: a fork is not a trusted publisher', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    const fork = {
      repository: 'evil/tool',
      repository_owner: 'evil',
      repository_id: '666',
      repository_owner_id: '6',
      workflow_ref: 'evil/tool/.github/workflows/publish.yml@refs/heads/main',
      sub: 'repo:evil/tool:ref:refs/heads/main',
    }
    const answer = await refused(publishers.exchange(fork), 'OIDC_PUBLISHER_UNKNOWN')
    assert.equal(answer.status, 403)
  })

  it('exchange: another repository with the same name is refused without details', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    await exchanged(publishers.exchange())
    const other = {repository_id: '777', workflow_ref: 'acme/tool/.github/workflows/a.yml@refs/heads/main'}
    assert.deepEqual(detailsOf(await refused(publishers.exchange(other), 'OIDC_CLAIM_MISMATCH')), [])
    // Its owner has changed, too.
    const transferred = {repository_owner_id: '777'}
    const answer = await refused(publishers.exchange(transferred), 'OIDC_CLAIM_MISMATCH')
    assert.deepEqual(detailsOf(answer), [{field: 'repository_owner_id', message: 'is 777, expected 9919'}])
  })

  it('exchange: a renamed repository is refused, and the details contain its new name', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    await exchanged(publishers.exchange())
    const renamed = {
      repository: 'acme/renamed',
      workflow_ref: 'acme/renamed/.github/workflows/publish.yml@refs/heads/main',
    }
    const answer = await refused(publishers.exchange(renamed), 'OIDC_CLAIM_MISMATCH')
    assert.deepEqual(detailsOf(answer), [{field: 'repository', message: 'is acme/renamed, expected acme/tool'}])
  })

  it('exchange: GitHub names are compared case-insensitively', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add({claims: {repository: 'Acme/Tool'}})
    await exchanged(publishers.exchange())
  })

  for (const event of ['pull_request', 'pull_request_target', 'workflow_run', 'issue_comment', undefined]) {
    it(`exchange: a job started by ${event ?? 'no event'} is refused`, async (t) => {
      const publishers = await createPublisherWorld(t)
      await publishers.add()
      await refused(publishers.exchange({event_name: event}), 'OIDC_EVENT_REFUSED')
    })
  }

  it('exchange: a trusted publisher can allow other events', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add({events: ['release', 'repository_dispatch']})
    await exchanged(publishers.exchange({event_name: 'repository_dispatch'}))
    const answer = await refused(publishers.exchange({event_name: 'push'}), 'OIDC_EVENT_REFUSED')
    const message = 'is push, expected release, repository_dispatch'
    assert.deepEqual(detailsOf(answer), [{field: 'event_name', message}])
  })

  it('exchange: a pull request is refused even if its subject matches', async (t) => {
    const publishers = await createPublisherWorld(t)
    const sub = 'repo:acme/tool:pull_request'
    await publishers.add({provider: 'oidc', claims: {sub}, workflow: undefined})
    await refused(publishers.exchange({sub, event_name: 'pull_request'}), 'OIDC_EVENT_REFUSED')
  })

  const gitlabRefusals = {
    'an unprotected branch': {ref_protected: 'false'},
    'no claim about the branch': {ref_protected: undefined},
    'a merge request': {pipeline_source: 'merge_request_event'},
    'an external pull request': {pipeline_source: 'external_pull_request_event'},
    'an unknown source': {pipeline_source: undefined},
  }
  for (const [title, claims] of Object.entries(gitlabRefusals)) {
    it(`exchange: a GitLab pipeline with ${title} is refused`, async (t) => {
      const publishers = await createPublisherWorld(t)
      await publishers.add({provider: 'gitlab', claims: {project_path: 'acme/tool'}, workflow: undefined})
      const token = await publishers.issuer.sign(gitlabClaims(audience, claims))
      await refused(publishers.exchangeToken(token), 'OIDC_EVENT_REFUSED')
    })
  }

  it('exchange: a publisher of several packages must specify which one to publish', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    await publishers.add({package: '@acme/other'})
    const answer = await refused(publishers.exchange(), 'OIDC_PUBLISHER_AMBIGUOUS')
    assert.equal(answer.status, 409)
    assert.deepEqual(detailsOf(answer), [
      {field: 'package', message: 'can be @acme/other'},
      {field: 'package', message: 'can be @acme/tool'},
    ])
    const {body} = await publishers.exchange({}, '@acme/other')
    assert.deepEqual(body.packagePatterns, ['@acme/other'])
    await refused(publishers.exchange({}, '@acme/third'), 'OIDC_PUBLISHER_UNKNOWN')
  })

  it('exchange: a publisher of both the package and its scope can publish the package for the first time', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    await publishers.add({package: '@acme/*'})
    const {body} = await publishers.exchange({}, '@acme/tool')
    assert.deepEqual(body.packagePatterns, ['@acme/*'])
    assert.equal((await publish(publishers.world, body.token, await packageOf({name: '@acme/tool'}))).status, 201)
  })

  it('exchange: of a publisher of the package and one of the scope, only the one whose claims match counts', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    await publishers.add({package: '@acme/*', workflow: 'other.yml'})
    const {body} = await publishers.exchange({}, '@acme/tool')
    assert.deepEqual(body.packagePatterns, ['@acme/tool'])
  })
})

describe('pinning the IDs of a project', () => {
  it('pinning: the first exchange records the IDs of the project', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, session} = publishers
    const {body} = await publishers.add()
    assert.equal(body.status, 'pending')
    assert.equal(body.pendingUntil, '2026-11-30T12:00:00.000Z')
    await refused(
      publishers.exchange({workflow_ref: 'acme/tool/.github/workflows/a.yml@refs/heads/main'}),
      'OIDC_CLAIM_MISMATCH',
    )
    await exchanged(publishers.exchange())
    await exchanged(publishers.exchange())
    const [listed] = (await world.call('GET', '/auth/trusted-publishers', {token: session})).body.publishers
    assert.equal(listed.status, 'active')
    assert.deepEqual(listed.claims, {
      repository: 'acme/tool',
      repository_id: '1296269',
      repository_owner_id: '9919',
    })
    assert.equal(listed.pinnedAt, '2026-11-23T12:00:00.000Z')
    const pins = await world.store.audit.latest(10, {action: 'trusted-publisher.pin'})
    assert.equal(pins.length, 1)
    assert.deepEqual((pins[0]?.detail as {claims: object}).claims, listed.claims)
  })

  it('pinning: a trusted publisher without an exchange expires after 7 days', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world} = publishers
    await publishers.add()
    world.pass(7 * day)
    await refused(publishers.exchange(), 'OIDC_PUBLISHER_UNKNOWN')
    const {accessToken: token} = await world.logIn('ada')
    const listed = await world.call('GET', '/auth/trusted-publishers', {token})
    assert.equal(listed.body.publishers[0].status, 'expired')
  })

  it('pinning: an ID from the request is never replaced', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {body} = await publishers.add({claims: {repository: 'acme/tool', repository_id: '1'}})
    assert.equal(body.status, 'active')
    await refused(publishers.exchange(), 'OIDC_CLAIM_MISMATCH')
    await exchanged(publishers.exchange({repository_id: '1'}))
  })
})

describe('an ID token that was exchanged before', () => {
  it('replay: within a minute, an ID token can be exchanged again if the first token is unused', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    const token = await publishers.issuer.sign(githubClaims(audience))
    const lost = await exchanged(publishers.exchangeToken(token))
    publishers.world.pass(59 * second)
    const next = await exchanged(publishers.exchangeToken(token))
    await refused(whoami(publishers, lost), 'CREDENTIAL_UNKNOWN')
    assert.equal((await whoami(publishers, next)).status, 200)
    await refused(publishers.exchangeToken(token), 'OIDC_REPLAYED')
  })

  it('replay: the minute starts at the first exchange', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    const token = await publishers.issuer.sign(githubClaims(audience))
    await exchanged(publishers.exchangeToken(token))
    publishers.world.pass(40 * second)
    await exchanged(publishers.exchangeToken(token))
    publishers.world.pass(40 * second)
    const {status} = await refused(publishers.exchangeToken(token), 'OIDC_REPLAYED')
    assert.equal(status, 401)
  })

  it('replay: another ID token with the same `jti` is refused', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    await exchanged(publishers.exchange({jti: 'same'}))
    await refused(publishers.exchange({jti: 'same', run_id: '43'}), 'OIDC_REPLAYED')
  })

  it('replay: concurrent exchanges leave a single token', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    const token = await publishers.issuer.sign(githubClaims(audience))
    const answers = await Promise.all(Array.from({length: 10}, () => publishers.exchangeToken(token)))
    const values = answers.filter(({status}) => status === 201).map(({body}) => body.token as string)
    const statuses = []
    for (const value of values) statuses.push((await whoami(publishers, value)).status)
    assert.equal(statuses.filter((status) => status === 200).length, 1)
  })

  it('replay: a token cannot move to another trusted publisher', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    await publishers.add({package: '@acme/other'})
    const token = await publishers.issuer.sign(githubClaims(audience))
    await exchanged(publishers.exchangeToken(token, '@acme/tool'))
    await refused(publishers.exchangeToken(token, '@acme/other'), 'OIDC_REPLAYED')
  })
})

describe('the keys of an issuer', () => {
  it('issuer: a new key works immediately, and the one that it replaced stops working', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    const old = await publishers.issuer.sign(githubClaims(audience))
    await exchanged(publishers.exchange())
    publishers.world.pass(minute)
    await publishers.issuer.rotate()
    await exchanged(publishers.exchange())
    await refused(publishers.exchangeToken(old), 'OIDC_TOKEN_INVALID')
    assert.equal(publishers.issuer.fetches, 2)
  })

  it('issuer: keys are fetched once, and unknown keys do not cause more fetches', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    await exchanged(publishers.exchange())
    await publishers.issuer.rotate()
    for (let sent = 0; sent < 5; sent++) await refused(publishers.exchange(), 'OIDC_TOKEN_INVALID')
    assert.equal(publishers.issuer.fetches, 1)
  })

  it('issuer: while it is down, its ID tokens are refused once its cached keys are too old', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    await exchanged(publishers.exchange())
    await publishers.issuer.stop()
    await exchanged(publishers.exchange())
    publishers.world.pass(10 * minute)
    const {status, headers} = await refused(publishers.exchange(), 'OIDC_ISSUER_UNREACHABLE')
    assert.equal(status, 503)
    assert.ok(headers['retry-after'])
    assert.match(publishers.world.log.join(), /failed to fetch the keys/)
  })

  const json = (content: unknown) => JSON.stringify(content)
  const answers: Record<string, (issuer: PublisherWorld['issuer']) => PublisherWorld['issuer']['answer']> = {
    'keys of 10 MB': (issuer) => (path, response) => {
      const keys = {keys: [issuer.key.publicJwk], padding: 'x'.repeat(10 * 1024 * 1024)}
      response.end(json(path === '/keys' ? keys : {issuer: issuer.url, jwks_uri: `${issuer.url}/keys`}))
    },
    'a configuration of another issuer': (issuer) => (path, response) => {
      const named = {issuer: 'https://evil.example.com', jwks_uri: `${issuer.url}/keys`}
      response.end(json(path === '/keys' ? {keys: [issuer.key.publicJwk]} : named))
    },
    'a redirect': (issuer) => (path, response) => {
      if (path === '/moved') response.end(json({keys: [issuer.key.publicJwk]}))
      else if (path === '/keys') response.writeHead(302, {location: '/moved'}).end()
      else response.end(json({issuer: issuer.url, jwks_uri: `${issuer.url}/keys`}))
    },
    'keys over plain http': (issuer) => (_path, response) => {
      response.end(json({issuer: issuer.url, jwks_uri: 'http://keys.example.com/keys'}))
    },
    'an error': () => (_path, response) => {
      response.writeHead(500).end()
    },
    'something that is not JSON': () => (_path, response) => {
      response.end('<html>')
    },
    'no list of keys': (issuer) => (path, response) => {
      response.end(json(path === '/keys' ? {} : {issuer: issuer.url, jwks_uri: `${issuer.url}/keys`}))
    },
  }
  for (const [title, answer] of Object.entries(answers)) {
    it(`issuer: ${title} is treated as unreachable`, async (t) => {
      const publishers = await createPublisherWorld(t)
      await publishers.add()
      publishers.issuer.answer = answer(publishers.issuer)
      await refused(publishers.exchange(), 'OIDC_ISSUER_UNREACHABLE')
      publishers.issuer.answer = undefined
      await exchanged(publishers.exchange())
    })
  }
})
