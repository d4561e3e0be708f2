import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {isSignedBy, parsePublicKey, trustedPublisherStatement} from '@apkg/package-format/signing'
import {scopes} from '@apkg/wire'
import * as responses from '@apkg/wire/protocol'
import {Value} from 'typebox/value'

import {operator} from '../../../src/server/store/store.js'
import {createPublisherWorld, exchangeForScope, type PublisherWorld} from '../../support/publishers.js'
import {packageOf, publish} from '../../support/uploads.js'
import {type Answer, hour} from '../../support/world.js'

async function refused(answer: Promise<Answer> | Answer, code: string): Promise<Answer> {
  const received = await answer
  assert.equal(received.body?.error?.code, code, JSON.stringify(received.body))
  return received
}

const list = ({world}: PublisherWorld, token: string) => world.call('GET', '/auth/trusted-publishers', {token})

const remove = ({world}: PublisherWorld, token: string, id: string) =>
  world.call('DELETE', `/auth/trusted-publishers/${id}`, {token})

const requirePublishing = ({world}: PublisherWorld, token: string, scope: string, required = true) =>
  world.call('PUT', '/auth/trusted-publishing', {token, body: {package: scope, required}})

describe('trusted publishers', () => {
  it('trusted publishers: can be added, listed and removed, and the audit log records each change', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, session, issuer} = publishers
    const {status, body} = await publishers.add({claims: {repository: 'acme/tool', environment: 'prod'}})
    assert.equal(status, 201)
    assert.ok(Value.Check(responses.TrustedPublisher, body))
    const {id, ...added} = body
    assert.deepEqual(added, {
      name: 'github:acme/tool',
      package: '@acme/tool',
      provider: 'github',
      issuer: issuer.url,
      claims: {repository: 'acme/tool', environment: 'prod'},
      workflow: 'publish.yml',
      events: ['push', 'release', 'workflow_dispatch', 'schedule'],
      status: 'pending',
      createdAt: '2026-11-23T12:00:00.000Z',
      createdBy: 'ada',
      pinnedAt: null,
      pendingUntil: '2026-11-30T12:00:00.000Z',
      lastUsedAt: null,
    })
    assert.deepEqual((await list(publishers, session)).body, {publishers: [body], required: []})
    assert.equal((await remove(publishers, session, id)).status, 204)
    await refused(remove(publishers, session, id), 'TRUSTED_PUBLISHER_UNKNOWN')
    assert.deepEqual((await list(publishers, session)).body, {publishers: [], required: []})
    const rows = await world.store.audit.latest(10, {action: 'trusted-publisher.'})
    assert.deepEqual(
      rows.map(({action, name, target}) => ({action, name, target})),
      [
        {action: 'trusted-publisher.remove', name: 'ada', target: id},
        {action: 'trusted-publisher.add', name: 'ada', target: id},
      ],
    )
    const {publisher, package: published} = rows[0]?.detail as {publisher: string; package: string}
    assert.deepEqual([publisher, published], ['github:acme/tool', '@acme/tool'])
  })

  it('trusted publishers: adding the same one twice is refused', async (t) => {
    const publishers = await createPublisherWorld(t)
    await publishers.add()
    await refused(publishers.add(), 'TRUSTED_PUBLISHER_EXISTS')
    assert.equal((await publishers.add({workflow: 'other.yml'})).status, 201)
    // Its numbers were recorded, but it is the same.
    assert.equal((await publishers.exchange()).status, 201)
    await refused(publishers.add(), 'TRUSTED_PUBLISHER_EXISTS')
  })

  it('trusted publishers: a scope has at most 100', async (t) => {
    const publishers = await createPublisherWorld(t)
    for (let added = 0; added < 100; added++) {
      assert.equal((await publishers.add({workflow: `w${added}.yml`})).status, 201)
    }
    await refused(publishers.add(), 'TRUSTED_PUBLISHER_LIMIT')
    assert.equal((await publishers.add({package: '@ada/*'})).status, 201)
  })

  it('trusted publishers: only admins of an organization manage its publishers', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, session} = publishers
    const {id} = (await publishers.add()).body
    for (const role of ['publisher', 'reader', undefined] as const) {
      const name = role ?? 'eve'
      await world.addUser(name)
      const member = {organizationId: 'id-of-acme', userId: `id-of-${name}`}
      if (role) await world.store.organizations.setMember({...member, role}, operator, world.now())
      const {accessToken: other} = await world.logIn(name)
      const project = {provider: 'github', issuer: publishers.issuer.url, claims: {repository: 'evil/tool'}}
      const add = (published: string) =>
        world.call('POST', '/auth/trusted-publishers', {
          body: {package: published, ...project, workflow: 'publish.yml'},
          token: other,
        })
      const {body} = await refused(add('@acme/tool'), 'PACKAGE_FORBIDDEN')
      const unknown = await refused(add('@nobody/tool'), 'PACKAGE_FORBIDDEN')
      assert.equal(body.error.message.replaceAll('acme', 'nobody'), unknown.body.error.message)
      await refused(requirePublishing(publishers, other, '@acme/*'), 'PACKAGE_FORBIDDEN')
      await refused(remove(publishers, other, id), 'TRUSTED_PUBLISHER_UNKNOWN')
      assert.deepEqual((await list(publishers, other)).body, {publishers: [], required: []})
      assert.equal((await add(`@${name}/tool`)).status, 201)
    }
    assert.equal((await list(publishers, session)).body.publishers.length, 1)
    await refused(publishers.add({package: '@eve/tool'}), 'PACKAGE_FORBIDDEN')
  })

  it('trusted publishers: an admin who is demoted during the request cannot add one', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, session} = publishers
    const {hashSecret} = await import('../../../src/server/auth/credential-values.js')
    const credential = await world.store.credentials.find('session', hashSecret(session))
    assert.ok(credential?.kind === 'session')
    const member = {organizationId: 'id-of-acme', userId: 'id-of-ada', role: 'publisher' as const}
    await world.store.organizations.setMember(member, operator, world.now())
    const draft = {
      ...{id: '0123456789abcdef', package: '@acme/*', provider: 'oidc' as const, issuer: 'https://example.com'},
      ...{claims: {sub: 'x'}, workflow: null, events: null},
    }
    const {trustedPublishers} = world.store
    assert.equal(await trustedPublishers.add(draft, credential, operator, world.now()), 'forbidden')
    await world.call('POST', '/auth/logout', {token: session})
    assert.equal(await trustedPublishers.add(draft, credential, operator, world.now()), 'changed')
  })

  for (const scope of scopes) {
    it(`trusted publishers: a token with the scope ${scope} can neither list nor change them`, async (t) => {
      const publishers = await createPublisherWorld(t)
      const {world, session} = publishers
      const {id} = (await publishers.add()).body
      const {token} = await world.createToken(session, {name: 'ci', scopes: [scope]})
      const project = {provider: 'oidc', issuer: publishers.issuer.url, claims: {sub: 'x'}}
      const body = {package: '@acme/*', ...project}
      await refused(world.call('POST', '/auth/trusted-publishers', {body, token}), 'SESSION_REQUIRED')
      await refused(remove(publishers, token, id), 'SESSION_REQUIRED')
      await refused(requirePublishing(publishers, token, '@acme/*'), 'SESSION_REQUIRED')
      await refused(list(publishers, token), 'SESSION_REQUIRED')
    })
  }

  it('trusted publishers: changes require a recent login', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {id} = (await publishers.add()).body
    publishers.world.pass(hour / 2)
    await refused(publishers.add({workflow: 'other.yml'}), 'STEP_UP_REQUIRED')
    await refused(remove(publishers, publishers.session, id), 'STEP_UP_REQUIRED')
    await refused(requirePublishing(publishers, publishers.session, '@acme/*'), 'STEP_UP_REQUIRED')
    assert.equal((await list(publishers, publishers.session)).status, 200)
  })

  const github = {claims: {repository: 'acme/tool'}, workflow: 'publish.yml'}
  const invalid: Record<string, [changes: object, field: string]> = {
    'no project': [{...github, claims: {environment: 'prod'}}, 'claims'],
    'only an owner': [{...github, claims: {repository_owner: 'acme'}}, 'claims'],
    'a pattern as the subject': [{...github, claims: {sub: 'repo:acme/*'}}, 'claims.sub'],
    'no subject for another issuer': [
      {provider: 'oidc', claims: {repository: 'acme/tool'}, workflow: undefined},
      'claims',
    ],
    'no project on GitLab': [{provider: 'gitlab', claims: {namespace_path: 'acme'}, workflow: undefined}, 'claims'],
    'no workflow': [{...github, workflow: undefined}, 'workflow'],
    'the name of a workflow as free text': [{claims: {...github.claims, workflow: 'Publish'}}, 'claims.workflow'],
    'a workflow on GitLab': [{provider: 'gitlab', claims: {project_path: 'acme/tool'}}, 'workflow'],
    'an audience': [{claims: {...github.claims, aud: 'https://registry.example.com'}}, 'claims.aud'],
    'an event as a claim': [{claims: {...github.claims, event_name: 'push'}}, 'claims.event_name'],
    'an ID that is not a number': [{claims: {...github.claims, repository_id: '0x1'}}, 'claims.repository_id'],
    'a repository without an owner': [{claims: {repository: 'tool'}}, 'claims.repository'],
    'pull requests': [{events: ['push', 'pull_request_target']}, 'events'],
    'another workflow as an event': [{events: ['workflow_run']}, 'events'],
    'an issuer that is not accepted': [{issuer: 'https://evil.example.com'}, 'issuer'],
    'the issuer of GitLab for GitHub': [{issuer: 'https://gitlab.com'}, 'issuer'],
    'no issuer': [{provider: 'oidc', issuer: undefined, claims: {sub: 'x'}, workflow: undefined}, 'issuer'],
    'a control character in a claim': [{claims: {...github.claims, environment: 'a\u200bb'}}, 'claims.environment'],
  }
  const malformed: typeof invalid = {
    'a path as a workflow': [{...github, workflow: '../publish.yml'}, 'workflow'],
    'a prefix of a scope': [{package: '@acme/tool-*'}, 'package'],
    'no claims': [{claims: {}}, 'claims'],
    'a claim named like a prototype property': [
      {claims: JSON.parse('{"repository": "acme/tool", "__proto__": "x"}')},
      'claims',
    ],
  }
  const rules = [
    ['TRUSTED_PUBLISHER_INVALID', invalid],
    ['VALIDATION', malformed],
  ] as const
  for (const [code, requests] of rules) {
    for (const [title, [changes, field]] of Object.entries(requests)) {
      it(`trusted publishers: one with ${title} is refused`, async (t) => {
        const publishers = await createPublisherWorld(t)
        const {body} = await refused(publishers.add(changes), code)
        assert.deepEqual(
          body.error.details.map((detail: {field: string}) => detail.field),
          [field],
          JSON.stringify(body.error.details),
        )
      })
    }
  }

  it('trusted publishers: an unknown field is refused', async (t) => {
    const publishers = await createPublisherWorld(t)
    await refused(publishers.add({expiresIn: '1d'}), 'UNSUPPORTED_RESTRICTION')
  })

  it("trusted publishers: a request with GitHub's issuer follows the rules of GitHub, even if it says oidc", async (t) => {
    const publishers = await createPublisherWorld(t)
    const {issuer: _, ...named} = {
      issuer: '',
      package: '@acme/tool',
      provider: 'oidc',
      claims: {sub: 'repo:acme/tool:x'},
    }
    const github = 'https://token.actions.githubusercontent.com'
    const add = (body: object) =>
      publishers.world.call('POST', '/auth/trusted-publishers', {body, token: publishers.session})
    const {body} = await add({...named, issuer: github})
    assert.equal(body.provider, 'github')
    assert.deepEqual(body.events, ['push', 'release', 'workflow_dispatch', 'schedule'])
    assert.equal(body.status, 'pending')
  })
})

describe('a scope that requires trusted publishing', () => {
  it('required trusted publishing: only exchanged tokens can change packages of the scope until it is undone', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, session} = publishers
    await world.publish(session, {name: '@acme/tool', version: '1.0.0'})
    const exchanged = await exchangeForScope(publishers)
    const {token: ci} = await world.createToken(session, {name: 'ci', scopes: ['admin']})
    assert.deepEqual((await requirePublishing(publishers, session, '@acme/*')).body, {
      package: '@acme/*',
      required: true,
    })
    assert.deepEqual((await list(publishers, session)).body.required, ['@acme/*'])
    const changes = (token: string, version: string) => [
      async () => publish(world, token, await packageOf({name: '@acme/tool', version})),
      () => world.call('PUT', '/dist-tags/@acme%2Ftool/next', {token, body: {version: '1.0.0'}}),
      () => world.call('DELETE', '/dist-tags/@acme%2Ftool/next', {token}),
      () => world.call('PATCH', '/packages/@acme%2Ftool', {token, body: {deprecated: 'no'}}),
      () => world.call('PATCH', '/packages/@acme%2Ftool/1.0.0', {token, body: {deprecated: 'no'}}),
    ]
    for (const token of [session, ci]) {
      for (const change of changes(token, '1.1.0')) {
        const {status} = await refused(change(), 'TRUSTED_PUBLISHING_REQUIRED')
        assert.equal(status, 403)
      }
    }
    for (const change of changes(exchanged, '1.1.0')) {
      const {status, body} = await change()
      assert.ok(status < 300, JSON.stringify(body))
    }
    // Other scopes are not affected.
    assert.equal((await publish(world, session, await packageOf({name: '@ada/tool'}))).status, 201)
    await requirePublishing(publishers, session, '@acme/*', false)
    for (const change of changes(ci, '1.2.0')) assert.ok((await change()).status < 300)
    const rows = await world.store.audit.latest(10, {action: 'trusted-publisher.require'})
    assert.deepEqual(
      rows.map(({detail}) => detail),
      [
        {package: '@acme/*', required: false},
        {package: '@acme/*', required: true},
      ],
    )
  })

  it('required trusted publishing: repeating it changes nothing', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, session} = publishers
    for (const required of [false, true, true, false, false]) {
      assert.equal((await requirePublishing(publishers, session, '@ada/*', required)).status, 200)
    }
    assert.equal((await world.store.audit.latest(10, {action: 'trusted-publisher.require'})).length, 2)
  })

  it('required trusted publishing: a change that began before it was required is refused', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, session} = publishers
    await world.publish(session, {name: '@acme/tool', version: '1.0.0'})
    const {hashSecret} = await import('../../../src/server/auth/credential-values.js')
    const credential = await world.store.credentials.find('session', hashSecret(session))
    await requirePublishing(publishers, session, '@acme/*')
    const {packages} = world.store
    const tag = {name: '@acme/tool', tag: 'next', version: '1.0.0'}
    const deprecation = {name: '@acme/tool', message: 'no'}
    assert.equal(await packages.setTag(tag, credential!, operator, world.now()), 'publisher-required')
    assert.equal(await packages.removeTag(tag, credential!, operator, world.now()), 'publisher-required')
    assert.equal(await packages.deprecate(deprecation, credential!, operator, world.now()), 'publisher-required')
    await assert.rejects(world.publish(session, {name: '@acme/tool', version: '2.0.0'}))
  })
})

describe('a version that a trusted publisher published', () => {
  it('origin: the packument contains it with a signature of the registry, which stays valid after a key rotation', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, issuer} = publishers
    const token = await exchangeForScope(publishers)
    const sent = await packageOf({name: '@acme/tool'})
    assert.equal((await publish(world, token, sent)).status, 201)
    const versionOf = async () => (await world.call('GET', '/packages/@acme%2Ftool')).body.versions['1.0.0']
    const version = await versionOf()
    assert.deepEqual(version.publishedBy, {username: 'github:acme/tool'})
    assert.deepEqual(version.trustedPublisher, {
      provider: 'github',
      issuer: issuer.url,
      subject: 'repo:acme/tool:ref:refs/heads/main',
      repository: 'acme/tool',
      repositoryId: '1296269',
      commit: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
      ref: 'refs/heads/main',
      workflow: 'acme/tool/.github/workflows/publish.yml@refs/heads/main',
      run: `${issuer.url}/acme/tool/actions/runs/42/attempts/2`,
    })
    const isAttested = async ({dist, trustedPublisher}: typeof version) => {
      const [attestation] = dist.attestations.filter(({kind}: {kind: string}) => kind === 'trusted-publisher')
      const {kind: _, signature, ...subject} = attestation
      const {keys} = (await world.call('GET', '/registry/signing-keys')).body
      const key = keys.find(({keyId}: {keyId: string}) => keyId === subject.keyId)
      const statement = trustedPublisherStatement({...subject, origin: trustedPublisher})
      return isSignedBy(parsePublicKey(key.publicKey)!, statement, signature)
    }
    assert.equal(await isAttested(version), true)
    const moved = {...version.trustedPublisher, repository: 'evil/tool'}
    assert.equal(await isAttested({...version, trustedPublisher: moved}), false)
    await world.store.signingKeys.rotate('superseded', operator, world.now())
    assert.equal(await isAttested(await versionOf()), true)
    await world.store.signingKeys.rotate('key-compromise', operator, world.now())
    assert.equal(await isAttested(await versionOf()), true)
    assert.equal((await world.call('GET', '/search?q=tool')).body.results[0].publisher.username, 'github:acme/tool')
  })

  it('origin: clients cannot set it', async (t) => {
    const {world, session} = await createPublisherWorld(t)
    const sent = await packageOf({name: '@ada/tool'})
    const trustedPublisher = {provider: 'github', issuer: 'https://example.com', subject: 'x', repository: 'acme/tool'}
    const forged = {...sent, metadata: {...sent.metadata, trustedPublisher}}
    assert.equal((await publish(world, session, forged)).status, 201)
    const version = (await world.call('GET', '/packages/@ada%2Ftool')).body.versions['1.0.0']
    assert.equal(version.trustedPublisher, undefined)
    assert.equal(version.dist.attestations.length, 1)
  })

  it('origin: publishing the same bytes again keeps the first publisher', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, session} = publishers
    const sent = await packageOf({name: '@acme/tool'})
    await publish(world, session, sent)
    const token = await exchangeForScope(publishers)
    const {status, body} = await publish(world, token, sent)
    assert.deepEqual([status, body.identical], [200, true])
    const version = (await world.call('GET', '/packages/@acme%2Ftool')).body.versions['1.0.0']
    assert.deepEqual(version.publishedBy, {username: 'ada'})
    assert.equal(version.trustedPublisher, undefined)
  })
})
