import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {formatIntegrity} from '@apkg/package-format'

import type {ServerConfig} from '../../../src/server/config.js'
import {voidCredentials} from '../../../src/server/operations/void-credentials.js'
import {packumentResponse} from '../../../src/server/packages/packument-response.js'
import {operator} from '../../../src/server/store/store.js'
import {sha256Of} from '../../support/package-drafts.js'
import {createWorld, minute, type World} from '../../support/world.js'
import {ignored, worldDatabase} from '../../support/world-database.js'

const url = '/packages/%40ada%2Ftool'

/** More than are read in two steps. */
const manyVersions = Array.from({length: 520}, (_, minor) => `1.${minor + 1}.0`)

async function openWithTool(
  t: TestContext,
  config: Partial<ServerConfig> = {},
  visibility: 'public' | 'private' = 'public',
) {
  const world = await createWorld(t, config)
  await world.addUser('ada')
  const {accessToken: token} = await world.logIn('ada')
  await world.publish(token, {name: '@ada/tool', visibility})
  return {world, token, call: (method: string, path: string, body?: object) => world.call(method, path, {token, body})}
}

/** Publishes so many versions at a time that none waits for long. */
async function publishAll(world: World, token: string): Promise<void> {
  const waiting = [...manyVersions]
  while (waiting.length > 0) {
    const batch = waiting.splice(0, worldDatabase().hasFiles ? waiting.length : 4)
    await Promise.all(batch.map((version) => world.publish(token, {name: '@ada/tool', version})))
  }
}

describe('packument', () => {
  it('packument: a change is served immediately, although the previous state is in memory', async (t) => {
    const {world, token, call} = await openWithTool(t)
    const first = await call('GET', url)
    const again = await call('GET', url)
    assert.deepEqual([again.body, again.headers['etag']], [first.body, first.headers['etag']])
    await world.publish(token, {name: '@ada/tool', version: '1.1.0'})
    const changed = await call('GET', url)
    assert.deepEqual(Object.keys(changed.body.versions), ['1.0.0', '1.1.0'])
    assert.notEqual(changed.headers['etag'], first.headers['etag'])
    assert.equal((await call('HEAD', url)).headers['content-length'], changed.headers['content-length'])
  })

  // On PostgreSQL, publishing so many takes long, and the next test reads in steps, too.
  const onFiles = worldDatabase().hasFiles ? it : ignored
  onFiles('packument: many versions are read and serialized in steps, in the order they were published', async (t) => {
    const {world, token, call} = await openWithTool(t)
    await publishAll(world, token)
    await call('PUT', `${url}/${manyVersions[3]}/yank`, {yanked: true})
    await world.store.packages.takeDown({name: '@ada/tool', version: '1.7.0', reason: 'malware'}, operator, world.now())
    const {body} = await call('GET', url)
    const record = await world.store.packages.find('@ada/tool')
    assert.equal(record?.versions.length, manyVersions.length)
    const source = {baseUrl: '', version: '0.1.0'}
    assert.deepEqual(JSON.stringify(body), JSON.stringify(packumentResponse(record, source)))
    const published = record.versions.map(({version}) => version)
    assert.deepEqual(published.toSorted(), ['1.0.0', ...manyVersions.filter((each) => each !== '1.7.0')].toSorted())
    assert.ok(record.versions.every(({attestations}) => attestations.length === 1))
  })

  onFiles('packument: reading starts over if the package is changed between two steps', async (t) => {
    const {world, token} = await openWithTool(t)
    await publishAll(world, token)
    const reading = world.store.packages.find('@ada/tool')
    await world.store.packages.takeDown({name: '@ada/tool', version: '1.7.0', reason: 'malware'}, operator, world.now())
    const record = await reading
    assert.ok(record?.versions.every(({version}) => version !== '1.7.0'))
  })

  it('packument: a restore or a recovery changes the ETag', async (t) => {
    const {world} = await openWithTool(t)
    const etag = async () => (await world.call('GET', url)).headers['etag']
    const before = await etag()
    await voidCredentials(world.store, world.now())
    const after = await etag()
    assert.notEqual(after, before)
    await voidCredentials(world.store, world.now())
    assert.notEqual(await etag(), after)
  })

  it('packument: has the fields that the original client reads, without null', async (t) => {
    const {world, token, call} = await openWithTool(t, {publicUrl: new URL('https://example.com/apkg/')})
    world.pass(minute)
    const metadata = {description: 'Does it', keywords: ['a'], dependencies: {'@a/b': '^1.0.0'}, origin: 'cursor'}
    const version = {...metadata, name: '@ada/tool', version: '1.1.0+build', content: 'more', readme: '# Tool'}
    await world.publish(token, version)
    const {status, body} = await world.call('GET', url, {headers: {host: 'evil.example'}})
    const signed = {publishedBy: {username: 'ada'}, type: 'skill'}
    const {dependencies, ...rest} = metadata
    const dist = (tarball: string, content: string) => ({
      tarball: `https://example.com/apkg${url}/${tarball}/tarball`,
      integrity: formatIntegrity(Buffer.from(sha256Of(content), 'hex')),
      ...{size: content.length, unpackedSize: 3000, fileCount: 2},
    })
    assert.equal(status, 200)
    for (const each of Object.values<any>(body.versions)) {
      const {signatures, attestations, ...rest} = each.dist
      assert.deepEqual([signatures.length, attestations.length], [1, 1])
      each.dist = rest
    }
    assert.deepEqual(body, {
      name: '@ada/tool',
      description: 'Does it',
      distTags: {latest: '1.1.0+build'},
      versions: {
        '1.0.0': {
          version: '1.0.0',
          publishedAt: '2026-11-23T12:00:00.000Z',
          dist: dist('1.0.0', 'content'),
          dependencies: {},
          ...signed,
        },
        '1.1.0+build': {
          version: '1.1.0+build',
          publishedAt: '2026-11-23T12:01:00.000Z',
          dist: dist('1.1.0%2Bbuild', 'more'),
          dependencies,
          ...rest,
          ...signed,
        },
      },
      maintainers: [{username: 'ada', role: 'owner'}],
      visibility: 'public',
      createdAt: '2026-11-23T12:00:00.000Z',
      updatedAt: '2026-11-23T12:01:00.000Z',
      readme: '# Tool',
    })
    assert.equal((await call('GET', '/packages/@ada%2Ftool')).status, 200)
  })

  it('packument: without a public URL, tarball URLs use the listening address', async (t) => {
    const {world} = await openWithTool(t)
    const address = await world.app.listen({port: 0, host: '127.0.0.1'})
    const {body} = await world.call('GET', url, {headers: {host: 'localhost:1'}})
    assert.equal(body.versions['1.0.0'].dist.tarball, `${address}${url}/1.0.0/tarball`)
  })

  it('packument: a matching ETag gets 304', async (t) => {
    const {world} = await openWithTool(t)
    const first = await world.call('GET', url)
    const etag = first.headers['etag']!
    assert.match(etag, /^"[\w-]{32}"$/)
    for (const ifNoneMatch of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const {status, headers, body} = await world.call('GET', url, {headers: {'if-none-match': ifNoneMatch}})
      assert.deepEqual([status, body, headers['etag']], [304, undefined, etag], ifNoneMatch)
      assert.equal(headers['cache-control'], first.headers['cache-control'])
    }
    assert.equal((await world.call('GET', url, {headers: {'if-none-match': '"other"'}})).status, 200)
  })

  it('packument: the ETag changes with the content, including maintainers', async (t) => {
    const world = await createWorld(t)
    for (const user of ['ada', 'bob']) await world.addUser(user)
    const {id: organizationId} = await world.addOrganization('acme', {ada: 'publisher'})
    const {accessToken: token} = await world.logIn('ada')
    const name = '@acme/tool'
    const path = '/packages/%40acme%2Ftool'
    const bob = {organizationId, userId: 'id-of-bob'}
    const seen: string[] = []
    const changes: (() => Promise<unknown>)[] = [
      () => world.publish(token, {name}),
      () => world.publish(token, {name, version: '2.0.0'}),
      () => world.call('PUT', `${path}/dist-tags/old`, {token, body: {version: '1.0.0'}}),
      () => world.call('PATCH', `${path}/1.0.0`, {token, body: {deprecated: 'no'}}),
      () => world.call('PATCH', path, {token, body: {deprecated: 'no'}}),
      () => world.call('DELETE', `${path}/dist-tags/old`, {token}),
      () => world.store.packages.takeDown({name, version: '2.0.0', reason: 'malware'}, operator, world.now()),
      () => world.store.organizations.setMember({...bob, role: 'publisher'}, operator, world.now()),
      () => world.store.users.remove('id-of-bob', operator, world.now()),
    ]
    for (const change of changes) {
      await change()
      const last = seen.at(-1)
      const answer = await world.call('GET', path, last === undefined ? {} : {headers: {'if-none-match': last}})
      assert.equal(answer.status, 200, `change ${seen.length}`)
      seen.push(answer.headers['etag']!)
    }
    // The last change undid the one before it.
    assert.deepEqual([new Set(seen).size, seen.at(-1)], [changes.length - 1, seen.at(-3)])
  })

  const cases = [
    {visibility: 'public', anonymousRead: true, caching: 'public, no-cache', vary: undefined},
    {visibility: 'public', anonymousRead: false, caching: 'private, no-cache', vary: 'authorization'},
    {visibility: 'private', anonymousRead: true, caching: 'private, no-cache', vary: 'authorization'},
  ] as const
  for (const {visibility, anonymousRead, caching, vary} of cases) {
    const reading = anonymousRead ? 'with' : 'without'
    it(`packument: a ${visibility} package is cached as "${caching}" ${reading} anonymous reading`, async (t) => {
      const {world, token} = await openWithTool(t, {anonymousRead}, visibility)
      const {headers} = await world.call('GET', url, vary === undefined ? {} : {token})
      assert.deepEqual([headers['cache-control'], headers['vary']], [caching, vary])
    })
  }

  it('packument: a matching ETag does not get 304 without access', async (t) => {
    const world = await createWorld(t)
    for (const user of ['ada', 'bob']) await world.addUser(user)
    const {id: organizationId} = await world.addOrganization('acme', {ada: 'publisher', bob: 'reader'})
    await world.publish((await world.logIn('ada')).accessToken, {name: '@acme/tool', visibility: 'private'})
    const {accessToken: token} = await world.logIn('bob')
    const read = (headers = {}) => world.call('GET', '/packages/%40acme%2Ftool', {token, headers})
    const {headers} = await read()
    assert.equal((await read({'if-none-match': headers['etag']})).status, 304)
    await world.store.organizations.removeMember({organizationId, userId: 'id-of-bob'}, operator, world.now())
    assert.equal((await read({'if-none-match': headers['etag']})).status, 404)
  })
})

describe('deprecation', () => {
  it('deprecation: a deprecated package is marked until the deprecation is undone', async (t) => {
    const {call} = await openWithTool(t)
    assert.equal((await call('PATCH', url, {deprecated: 'use @ada/other'})).body.deprecated, 'use @ada/other')
    assert.equal((await call('GET', url)).body.deprecated, 'use @ada/other')
    assert.ok(!('deprecated' in (await call('PATCH', url, {deprecated: null})).body))
  })

  it('deprecation: a deprecated version is marked', async (t) => {
    const {call} = await openWithTool(t)
    const {status, body} = await call('PATCH', `${url}/1.0.0`, {deprecated: 'broken'})
    assert.deepEqual([status, body.version, body.deprecated], [200, '1.0.0', 'broken'])
    assert.equal((await call('GET', url)).body.versions['1.0.0'].deprecated, 'broken')
    const unknown = await call('PATCH', `${url}/9.0.0`, {deprecated: 'broken'})
    assert.deepEqual([unknown.status, unknown.body.error.message], [404, '@ada/tool@9.0.0 does not exist'])
  })

  it('yanking: a yanked version is marked until that is undone, keeps its dist-tag, and can be downloaded', async (t) => {
    const {world, call} = await openWithTool(t)
    const {status, body} = await call('PUT', `${url}/1.0.0/yank`, {yanked: true})
    assert.deepEqual([status, body.version, body.yanked], [200, '1.0.0', true])
    const {distTags, versions} = (await call('GET', url)).body
    assert.deepEqual([distTags.latest, versions['1.0.0'].yanked], ['1.0.0', true])
    assert.equal((await world.call('GET', `${url}/1.0.0/tarball`)).status, 200)
    assert.ok(!('yanked' in (await call('PUT', `${url}/1.0.0/yank`, {yanked: false})).body))
    assert.ok(!('yanked' in (await call('GET', url)).body.versions['1.0.0']))
    const rows = (await world.store.audit.latest(100)).filter(({action}) => action === 'package.yank')
    assert.deepEqual(
      rows.map(({target, detail}) => [target, detail]).reverse(),
      [true, false].map((yanked) => ['@ada/tool@1.0.0', {yanked}]),
    )
  })

  it('yanking: repeating it changes nothing, and an unknown version is refused', async (t) => {
    const {world, call} = await openWithTool(t)
    await call('PUT', `${url}/1.0.0/yank`, {yanked: true})
    const before = await world.store.audit.latest(100)
    assert.equal((await call('PUT', `${url}/1.0.0/yank`, {yanked: true})).status, 200)
    assert.deepEqual(await world.store.audit.latest(100), before)
    const unknown = await call('PUT', `${url}/9.0.0/yank`, {yanked: true})
    assert.deepEqual([unknown.status, unknown.body.error.message], [404, '@ada/tool@9.0.0 does not exist'])
  })

  it('deprecation: accepts one line of up to 1024 characters, or null', async (t) => {
    const {call} = await openWithTool(t)
    for (const deprecated of ['a'.repeat(1024), 'Überholt: 用 @ada/other 👍']) {
      assert.equal((await call('PATCH', url, {deprecated})).status, 200, deprecated)
    }
    const unprintable = ['a\0b', 'a\nb', '\u001B[2J', 'a\u202Eb', '\uD800']
    for (const deprecated of [...unprintable, '', 'a'.repeat(1025), true, undefined]) {
      for (const path of [url, `${url}/1.0.0`]) {
        const answer = await call('PATCH', path, {deprecated})
        assert.deepEqual([answer.status, answer.body.error.details[0].field], [400, 'deprecated'], String(deprecated))
      }
    }
  })
})

describe('dist-tag', () => {
  it('dist-tag: can be set, is in the packument, and can be removed', async (t) => {
    const {call} = await openWithTool(t)
    const set = await call('PUT', `${url}/dist-tags/old`, {version: '1.0.0'})
    assert.deepEqual([set.status, set.body], [200, {tag: 'old', version: '1.0.0'}])
    assert.deepEqual((await call('GET', url)).body.distTags, {latest: '1.0.0', old: '1.0.0'})
    assert.equal((await call('DELETE', `${url}/dist-tags/old`)).status, 204)
    const again = await call('DELETE', `${url}/dist-tags/old`)
    assert.equal(again.body.error.code, 'DIST_TAG_UNKNOWN')
    assert.equal(again.body.error.message, '@ada/tool does not have the dist-tag "old"')
  })

  it('dist-tag: a name that is a valid version or range is refused', async (t) => {
    const {call} = await openWithTool(t)
    for (const tag of ['1.0.0', 'v1', '1', 'x', '^1', '*', '>=2', 'a b', '-a', '%0A', 'a'.repeat(129)]) {
      const segment = tag.startsWith('%') ? tag : encodeURIComponent(tag)
      const {status, body} = await call('PUT', `${url}/dist-tags/${segment}`, {version: '1.0.0'})
      assert.deepEqual([status, body.error.details[0].field], [400, 'tag'], tag)
    }
  })

  it('dist-tag: requires an existing version, and `latest` cannot be removed', async (t) => {
    const {world, call} = await openWithTool(t)
    assert.equal((await call('PUT', `${url}/dist-tags/old`, {version: '9.0.0'})).body.error.code, 'VERSION_UNKNOWN')
    const latest = await call('DELETE', `${url}/dist-tags/latest`)
    assert.deepEqual([latest.status, latest.body.error.code], [409, 'DIST_TAG_LATEST'])
    await world.store.packages.takeDown({name: '@ada/tool', version: '1.0.0', reason: 'malware'}, operator, world.now())
    const gone = await call('PUT', `${url}/dist-tags/old`, {version: '1.0.0'})
    assert.deepEqual([gone.status, gone.body.error.code], [409, 'VERSION_RETIRED'])
  })
})

describe('provenance', () => {
  it('provenance: returns the statement that the version was published with', async (t) => {
    const {world, token, call} = await openWithTool(t)
    const provenance = {predicateType: 'https://slsa.dev/provenance/v1', subject: [], predicate: {}}
    await world.publish(token, {name: '@ada/tool', version: '2.0.0', provenance})
    assert.deepEqual((await call('GET', `${url}/2.0.0/provenance`)).body, provenance)
    assert.equal((await call('GET', `${url}/1.0.0/provenance`)).body.error.code, 'PROVENANCE_UNKNOWN')
    assert.equal((await call('GET', `${url}/9.0.0/provenance`)).body.error.code, 'VERSION_UNKNOWN')
    await world.store.packages.takeDown({name: '@ada/tool', version: '2.0.0', reason: 'malware'}, operator, world.now())
    assert.equal((await call('GET', `${url}/2.0.0/provenance`)).body.error.code, 'VERSION_TAKEN_DOWN')
  })
})

describe('search', () => {
  it('search: has the fields that the original client reads, without null', async (t) => {
    const {world, token} = await openWithTool(t)
    const metadata = {description: 'Lints', keywords: ['lint'], type: 'agent', origin: 'cursor', targets: ['cursor']}
    await world.publish(token, {name: '@ada/lint', ...metadata})
    const {status, body} = await world.call('GET', '/search?q=lint&limit=20&offset=0')
    assert.equal(status, 200)
    const result = {name: '@ada/lint', version: '1.0.0', publisher: {username: 'ada'}, ...metadata}
    assert.deepEqual(body, {results: [result], total: 1})
    const minimal = await world.call('GET', '/search?q=tool')
    assert.deepEqual(minimal.body.results, [
      {name: '@ada/tool', version: '1.0.0', publisher: {username: 'ada'}, type: 'skill'},
    ])
  })

  it('search: returns 20 results by default, at most 250, and the total', async (t) => {
    const {world, token} = await openWithTool(t)
    for (const number of Array(21).keys()) await world.publish(token, {name: `@ada/tool-${number}`})
    const {body} = await world.call('GET', '/search')
    assert.deepEqual([body.results.length, body.total], [20, 22])
    const rest = await world.call('GET', '/search?offset=20&limit=250')
    assert.deepEqual([rest.body.results.length, rest.body.total], [2, 22])
    for (const query of ['limit=0', 'limit=251', 'offset=-1', 'limit=a', 'q=%00']) {
      assert.equal((await world.call('GET', `/search?${query}`)).status, 400, query)
    }
  })

  it('search: marks deprecated packages', async (t) => {
    const {call} = await openWithTool(t)
    await call('PATCH', `${url}/1.0.0`, {deprecated: 'broken'})
    assert.equal((await call('GET', '/search?q=tool')).body.results[0].deprecated, 'broken')
  })
})

describe('whoami', () => {
  it('whoami: lists organizations with the role in each', async (t) => {
    const {world, call} = await openWithTool(t)
    assert.deepEqual((await call('GET', '/auth/whoami')).body.orgs, [])
    await world.addOrganization('beta', {ada: 'reader'})
    await world.addOrganization('acme', {ada: 'publisher'})
    assert.deepEqual((await call('GET', '/auth/whoami')).body.orgs, [
      {name: 'acme', role: 'publisher'},
      {name: 'beta', role: 'reader'},
    ])
  })
})

describe('suspended token', () => {
  it('suspended token: refused with the reason until it is resumed', async (t) => {
    const {world, token} = await openWithTool(t)
    const created = await world.createToken(token, {name: 'ci'})
    await world.store.tokens.suspendAll(operator, world.now())
    const refused = await world.call('GET', '/auth/whoami', {token: created.token})
    assert.deepEqual([refused.status, refused.body.error.code], [401, 'CREDENTIAL_SUSPENDED'])
    assert.match(
      refused.body.error.message,
      /^The token "ci" was suspended when the registry was restored from a backup/,
    )
    await world.store.tokens.resume({id: created.id}, {makers: ['restore']}, operator, world.now())
    assert.equal((await world.call('GET', '/auth/whoami', {token: created.token})).status, 200)
  })
})
