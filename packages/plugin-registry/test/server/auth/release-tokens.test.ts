import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {packageOf, publish, type SentPackage} from '../../support/uploads.js'
import {createWorld, type World} from '../../support/world.js'

const name = '@ada/tool'
const scopes = ['publish:new', 'publish:update', 'tag']
const readme = '# Tool\n'

interface Options {
  uses?: number
  tag?: string
  scopes?: string[]
}

/** A registry, the release 1.2.3 of a package that doesn't exist yet, and a token that is limited to it. */
async function withToken(t: TestContext, {uses = 1, tag, ...options}: Options = {}) {
  const world = await createWorld(t)
  await world.addUser('ada')
  const {accessToken: session} = await world.logIn('ada')
  const release = await releaseOf('1.2.3')
  const {integrity} = release.metadata
  const limits = {packageScope: name, release: {version: '1.2.3', integrity, ...(tag !== undefined && {tag})}}
  const {token, id} = await world.createToken(session, {name: 'ci', scopes, uses, ...limits, ...options})
  const left = async () => (await world.call('GET', '/auth/tokens/current', {token})).body.usesLeft
  return {world, session, token, id, release, left}
}

async function releaseOf(version: string, files: Record<string, string> = {'README.md': readme}): Promise<SentPackage> {
  const sent = await packageOf({name, version}, files)
  return {...sent, metadata: {...sent.metadata, readme}}
}

const send = (world: World, token: string, sent: SentPackage, metadata: object = {}) =>
  publish(world, token, {...sent, metadata: {...sent.metadata, ...metadata}})

const provenanceOf = ({metadata: {integrity}}: SentPackage) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{digest: {sha256: Buffer.from(integrity.slice(7), 'base64').toString('hex')}}],
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: {},
})

describe('a token for one release', () => {
  it('release tokens: publishes its version, once, and repeats it without a use', async (t) => {
    const {world, session, token, id, release, left} = await withToken(t)
    const {integrity} = release.metadata
    const limits = {version: '1.2.3', integrity, tag: 'latest'}
    const {body: before} = await world.call('GET', '/auth/whoami', {token})
    assert.deepEqual([before.credential.release, before.credential.packagePatterns], [limits, [name]])
    assert.equal((await send(world, token, release)).status, 201)
    assert.equal(await left(), 0)
    const {status, body} = await send(world, token, release)
    assert.deepEqual([status, body.identical], [200, true])
    const {body: shown} = await world.call('GET', `/auth/tokens/${id}`, {token: session})
    assert.deepEqual([shown.release, shown.status], [limits, 'spent'])
    const {body: published} = await world.call('GET', `/packages/${encodeURIComponent(name)}`)
    assert.deepEqual(published.distTags, {latest: '1.2.3'})
  })

  const refused: Record<string, [field: string, metadata: (release: SentPackage) => object, options?: Options]> = {
    'another dist-tag': ['tag', () => ({tag: 'next'})],
    'latest instead of its dist-tag': ['tag', () => ({tag: 'latest'}), {tag: 'next'}],
    'no dist-tag instead of its own': ['tag', () => ({}), {tag: 'next'}],
    'a provenance statement': ['provenance', (release) => ({provenance: provenanceOf(release)})],
  }
  for (const [title, [field, metadata, options]] of Object.entries(refused)) {
    it(`attack: a token for one release can't publish it with ${title}`, async (t) => {
      const {world, token, release, left} = await withToken(t, options)
      const {status, body} = await send(world, token, release, metadata(release))
      assert.deepEqual([status, body.error.code, body.error.details[0].field], [403, 'SCOPE_INSUFFICIENT', field])
      assert.equal(await left(), 1)
    })
  }

  for (const [title, field, other] of [
    ['other bytes', 'integrity', () => releaseOf('1.2.3', {'README.md': readme, 'a.md': 'x'})],
    ['another version', 'version', () => releaseOf('1.2.4')],
  ] as const) {
    it(`attack: a token for one release can't publish ${title}`, async (t) => {
      const {world, token, left} = await withToken(t)
      const {status, body} = await send(world, token, await other())
      assert.deepEqual([status, body.error.code, body.error.details[0].field], [403, 'SCOPE_INSUFFICIENT', field])
      assert.equal(await left(), 1)
    })
  }

  it('attack: a token for one release cannot send other bytes with the integrity that it is limited to', async (t) => {
    const {world, token, release, left} = await withToken(t)
    const {tarball} = await releaseOf('1.2.3', {'README.md': readme, 'a.md': 'x'})
    const {status, body} = await send(world, token, {...release, tarball})
    assert.deepEqual([status, body.error.code], [400, 'INTEGRITY_MISMATCH'])
    assert.equal(await left(), 1)
  })

  it('attack: a token for one release cannot publish another package', async (t) => {
    const {world, token} = await withToken(t)
    const {status, body} = await publish(world, token, await packageOf({name: '@ada/other', version: '1.2.3'}))
    assert.deepEqual([status, body.error.code], [403, 'SCOPE_INSUFFICIENT'])
  })

  for (const [title, sent] of [
    ['another readme', {readme: '# Malware\n'}],
    ['another file as its readme', {readme: 'notes\n'}],
    ['no readme', {readme: undefined}],
  ] as const) {
    it(`attack: a token for one release can't publish it with ${title}`, async (t) => {
      const {world, session} = await withToken(t)
      const release = await releaseOf('1.2.3', {'README.md': readme, 'notes.md': 'notes\n'})
      const limits = {packageScope: name, release: {version: '1.2.3', integrity: release.metadata.integrity}}
      const {token} = await world.createToken(session, {name: 'other', scopes, ...limits})
      const {status, body} = await send(world, token, release, sent)
      assert.deepEqual([status, body.error.code, body.error.details[0].field], [400, 'MANIFEST_MISMATCH', 'readme'])
      assert.equal((await send(world, session, release, sent)).status, 201)
    })
  }

  it('release tokens: a readme with a byte order mark, and a package without one, can be published', async (t) => {
    const {world, session} = await withToken(t)
    for (const [version, files, text] of [
      ['2.0.0', {'readme.MD': `\uFEFF${readme}`}, readme],
      ['2.0.1', {'README.md': ''}, undefined],
      ['2.0.2', {'other.md': readme}, undefined],
    ] as const) {
      const release = await releaseOf(version, files)
      const limits = {packageScope: name, release: {version, integrity: release.metadata.integrity}}
      const {token} = await world.createToken(session, {name: version, scopes, ...limits})
      assert.equal((await send(world, token, release, {readme: text})).status, 201, version)
    }
  })

  it('attack: a token for one release changes, reads and manages nothing else', async (t) => {
    const {world, session, token} = await withToken(t, {uses: 5})
    const secret = await packageOf({name, version: '1.0.0', visibility: 'private'})
    assert.equal((await publish(world, session, secret)).status, 201)
    const path = `/packages/${encodeURIComponent(name)}`
    for (const [method, url, body] of [
      ['PUT', `${path}/dist-tags/latest`, {version: '1.0.0'}],
      ['PUT', `${path}/dist-tags/next`, {version: '1.0.0'}],
      ['DELETE', `${path}/dist-tags/next`, undefined],
      ['PATCH', path, {deprecated: 'x'}],
      ['PATCH', `${path}/1.0.0`, {deprecated: 'x'}],
      ['GET', '/auth/tokens', undefined],
      ['POST', '/auth/tokens', {name: 'more'}],
    ] as const) {
      const answer = await world.call(method, url, {token, body})
      assert.equal(answer.status, 403, `${method} ${url}`)
    }
    assert.equal((await world.call('GET', path, {token})).status, 404)
  })

  it('release tokens: of eight simultaneous publications, one publishes, and others find it or are refused', async (t) => {
    const {world, token, release, left} = await withToken(t)
    const other = await releaseOf('1.2.3', {'README.md': readme, 'a.md': 'x'})
    const sent = Array.from({length: 8}, (_, index) => send(world, token, index % 2 === 0 ? release : other))
    const statuses = (await Promise.all(sent)).map(({status}) => status).sort()
    assert.deepEqual(statuses, [200, 200, 200, 201, 403, 403, 403, 403])
    assert.equal(await left(), 0)
  })

  it('release tokens: the requested dist-tag is set, and the first version is the latest one too', async (t) => {
    const {world, token, release} = await withToken(t, {tag: 'next'})
    assert.equal((await send(world, token, release, {tag: 'next'})).status, 201)
    const {body} = await world.call('GET', `/packages/${encodeURIComponent(name)}`)
    assert.deepEqual(body.distTags, {latest: '1.2.3', next: '1.2.3'})
  })

  it('release tokens: can gives the same answer as publishing', async (t) => {
    const {world, token, release} = await withToken(t, {tag: 'next'})
    const {integrity} = release.metadata
    const ask = async (question: object) => {
      const {body} = await world.call('POST', '/auth/can', {token, body: {package: name, ...question}})
      return body.reasons.map(({code}: {code: string}) => code)
    }
    const whole = {action: 'publish', version: '1.2.3', integrity, tag: 'next'}
    for (const allowed of [{action: 'publish'}, {action: 'publish', version: '1.2.3'}, whole]) {
      assert.deepEqual(await ask(allowed), [], JSON.stringify(allowed))
    }
    for (const change of [
      {integrity: undefined, version: '1.2.4'},
      {version: '1.2.4'},
      {tag: undefined},
      {tag: 'latest'},
      {provenance: true},
      {integrity: (await releaseOf('1.2.4')).metadata.integrity},
      {action: 'tag'},
      {action: 'deprecate'},
      {action: 'yank'},
    ]) {
      assert.deepEqual(await ask({...whole, ...change}), ['SCOPE_INSUFFICIENT'], JSON.stringify(change))
    }
    await send(world, token, release, {tag: 'next'})
    assert.deepEqual(await ask({action: 'publish'}), [])
  })

  it('release tokens: the restriction without its release allows no publication', async (t) => {
    const {world, token, id, release} = await withToken(t)
    await world.query('UPDATE tokens SET release = NULL WHERE id = ?1', id)
    assert.equal((await send(world, token, release)).body.error.code, 'SCOPE_INSUFFICIENT')
  })

  it('release tokens: a rotated token keeps its release', async (t) => {
    const {world, session, token, id, release} = await withToken(t)
    const {body} = await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session})
    assert.equal(body.release.version, '1.2.3')
    assert.equal((await send(world, body.token, await releaseOf('1.2.4'))).status, 403)
    assert.equal((await send(world, token, release)).status, 201)
  })

  for (const [title, field, request] of [
    ['no package', 'packageScope', {packageScope: undefined}],
    ['a scope', 'packageScope', {packageScope: '@ada/*'}],
    ['two packages', 'packageScope', {packageScope: '@ada/tool,@ada/other'}],
    ['a scope that reads', 'scopes', {scopes: ['read', ...scopes]}],
    ['the default scopes', 'scopes', {scopes: undefined}],
    ['no scope that publishes', 'scopes', {scopes: ['tag']}],
    ['a dist-tag without the scope tag', 'scopes', {scopes: ['publish:update'], release: {tag: 'next'}}],
    ['an invalid version', 'release', {release: {version: '1.x'}}],
    ['an invalid integrity', 'release', {release: {integrity: 'sha512-AAAA'}}],
    ['an integrity with stray bits', 'release.integrity', {release: {integrity: `sha256-${'B'.repeat(43)}=`}}],
    ['a range as its dist-tag', 'release', {release: {tag: 'v1'}}],
    ['another field', 'readme', {release: {readme: 'x'}}],
  ] as const) {
    it(`release tokens: ${title} cannot be requested`, async (t) => {
      const {world, session, release} = await withToken(t)
      const {integrity} = release.metadata
      const limits = {version: '1.2.3', integrity, ...('release' in request && request.release)}
      const body = {...{name: 'x', scopes, packageScope: name}, ...request, release: limits}
      const answer = await world.call('POST', '/auth/tokens', {token: session, body})
      assert.equal(answer.status, 400)
      assert.match(answer.body.error.code, /^(VALIDATION|UNSUPPORTED_RESTRICTION)$/)
      assert.ok(answer.body.error.details[0].field.startsWith(field), JSON.stringify(answer.body.error.details))
    })
  }
})
