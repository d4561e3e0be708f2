import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {readdirSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'
import type {Worker} from 'node:worker_threads'

import {defaultConfig, type ServerConfig} from '../../../src/server/config.js'
import {operator} from '../../../src/server/store/store.js'
import {listed} from '../../support/blobs.js'
import {uploadWith, integrityOf, multipart, packageOf, publish, send, uploadOf} from '../../support/uploads.js'
import {type Answer, createWorld, type World} from '../../support/world.js'

async function openWithAda(
  t: TestContext,
  changes: Partial<ServerConfig> = {},
): Promise<{world: World; token: string}> {
  const world = await createWorld(t, changes)
  await world.addUser('ada')
  const {accessToken: token} = await world.logIn('ada')
  return {world, token}
}

/** The code of a refusal, with the fields or limits in its details. */
function refusal({status, body}: Answer): unknown[] {
  const {code, details} = body.error as {code: string; details: {field?: string; code?: string}[]}
  return [status, code, ...details.map((each) => each.code ?? each.field)]
}

function draftsOf({folder}: World): string[] {
  return readdirSync(path.join(folder, 'blobs', 'tmp'))
}

async function blobsOf({blobs}: World): Promise<string[]> {
  return listed(blobs)
}

describe('publishing', () => {
  it('publish: stores a version sent by the original client and returns 201', async (t) => {
    const {world, token} = await openWithAda(t)
    const sent = await packageOf({name: '@ada/tool', keywords: ['a'], dependencies: {'@ada/other': '^1.0.0'}})
    const {status, body} = await publish(world, token, sent)
    const publishedAt = new Date(world.now()).toISOString()
    const {integrity} = sent.metadata
    const page = '/@ada/tool/v/1.0.0'
    assert.deepEqual(
      [status, body],
      [201, {name: '@ada/tool', version: '1.0.0', integrity, publishedAt, tag: 'latest', page}],
    )
    assert.equal((await world.app.inject({url: page})).statusCode, 200)
    const answer = await world.app.inject({url: '/packages/@ada%2Ftool/1.0.0/tarball'})
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.rawPayload, Buffer.from(sent.tarball))
    assert.deepEqual(draftsOf(world), [])
  })

  it('publish: bytes whose blob is deleted while they are published are stored again', async (t) => {
    const {world, token} = await openWithAda(t)
    const sent = await packageOf({name: '@ada/tool'})
    await publish(world, token, sent)
    const old = (await world.store.packages.version('@ada/tool', '1.0.0'))?.key ?? ''
    const sizeOf = world.blobs.sizeOf.bind(world.blobs)
    // Between finding the blob and the transaction, which the collector can't do while the version needs it.
    world.blobs.sizeOf = async (key) => {
      const size = await sizeOf(key)
      await world.query("UPDATE blobs SET state = 'deleting', unreferenced_at = 1")
      return size
    }
    assert.equal((await publish(world, token, sent)).status, 200)
    world.blobs.sizeOf = sizeOf
    const key = (await world.store.packages.version('@ada/tool', '1.0.0'))?.key ?? ''
    assert.notEqual(key, old)
    assert.equal(await world.blobs.sizeOf(key), sent.tarball.length)
  })

  it('publish: works after an inspection thread died', async (t) => {
    const {world, token} = await openWithAda(t, {inspection: {...defaultConfig.inspection, timeout: 10_000}})
    const threads: Worker[] = []
    const onThread = (thread: Worker) => threads.push(thread)
    process.on('worker', onThread)
    t.after(() => process.off('worker', onThread))
    assert.equal((await publish(world, token, await packageOf({name: '@ada/one'}))).status, 201)
    await threads[0]?.terminate()
    assert.equal((await publish(world, token, await packageOf({name: '@ada/two'}))).status, 201)
    assert.equal(threads.length, 2)
  })

  it('publish: the same bytes again are identical, and other bytes are refused', async (t) => {
    const {world, token} = await openWithAda(t)
    const sent = await packageOf({name: '@ada/tool'})
    await publish(world, token, sent)
    world.pass(1000)
    const again = await publish(world, token, sent)
    assert.deepEqual(
      [again.status, again.body.identical, again.body.publishedAt],
      [200, true, '2026-11-23T12:00:00.000Z'],
    )
    const tagged = await publish(world, token, {...sent, metadata: {...sent.metadata, tag: 'stable', readme: 'new'}})
    assert.deepEqual([tagged.status, tagged.body.identical, tagged.body.tag], [200, true, 'stable'])
    const {distTags, readme} = (await world.call('GET', '/packages/@ada%2Ftool')).body
    assert.deepEqual([distTags, readme], [{latest: '1.0.0', stable: '1.0.0'}, undefined])
    const other = await publish(world, token, await packageOf({name: '@ada/tool'}, {'more.md': 'more'}))
    assert.deepEqual(refusal(other), [409, 'VERSION_EXISTS'])
    assert.equal((await blobsOf(world)).length, 1)
  })

  it('publish: a version number that was taken down cannot be reused', async (t) => {
    const {world, token} = await openWithAda(t)
    const sent = await packageOf({name: '@ada/tool'})
    await publish(world, token, sent)
    const version = {name: '@ada/tool', version: '1.0.0', reason: 'malware'}
    await world.store.packages.takeDown(version, operator, world.now())
    for (const each of [sent, await packageOf({name: '@ada/tool'}, {'more.md': 'more'})]) {
      const answer = await publish(world, token, each)
      assert.deepEqual(refusal(answer), [409, 'VERSION_RETIRED'])
      assert.match(answer.body.error.message, /^@ada\/tool@1\.0\.0 was taken down .* cannot be used again$/)
    }
  })

  it('publish: a version that differs only in build metadata is the same version, also after a takedown', async (t) => {
    const {world, token} = await openWithAda(t)
    await publish(world, token, await packageOf({name: '@ada/tool'}))
    const again = await packageOf({name: '@ada/tool', version: '1.0.0+z'})
    const exists = await publish(world, token, again)
    assert.deepEqual(refusal(exists), [409, 'VERSION_EXISTS'])
    assert.match(
      exists.body.error.message,
      /^@ada\/tool@1\.0\.0 already exists\. 1\.0\.0\+z differs from it only in build/,
    )
    assert.equal((await blobsOf(world)).length, 1)
    const version = {name: '@ada/tool', version: '1.0.0', reason: 'malware'}
    await world.store.packages.takeDown(version, operator, world.now())
    const retired = await publish(world, token, again)
    assert.deepEqual(refusal(retired), [409, 'VERSION_RETIRED'])
    assert.match(retired.body.error.message, /^@ada\/tool@1\.0\.0 was taken down/)
    assert.deepEqual((await world.call('GET', '/packages/@ada%2Ftool')).body.versions, {})
  })

  it('publish: of concurrent uploads of one version, one wins', async (t) => {
    const {world, token} = await openWithAda(t)
    const drafts = ['a', 'b', 'a', 'b', 'c'].map((text) => packageOf({name: '@ada/tool'}, {'text.md': text}))
    const sent = await Promise.all(drafts)
    const answers = await Promise.all(sent.map((each) => publish(world, token, each)))
    assert.equal(answers.filter(({status}) => status === 201).length, 1)
    const packument = await world.call('GET', '/packages/@ada%2Ftool')
    const {integrity} = packument.body.versions['1.0.0'].dist
    for (const [position, {status}] of answers.entries()) {
      const isWinner = sent[position]?.metadata.integrity === integrity
      assert.ok(isWinner ? [200, 201].includes(status) : status === 409, `${position}: ${status}`)
    }
  })

  it('publish: a token can publish only within its scopes and patterns', async (t) => {
    const {world, token: session} = await openWithAda(t)
    const request = {name: 'ci', scopes: ['publish'], packageScope: '@ada/tool'}
    const {token} = await world.createToken(session, request)
    assert.equal((await publish(world, token, await packageOf({name: '@ada/tool'}))).status, 201)
    const other = await publish(world, token, await packageOf({name: '@ada/other'}))
    assert.deepEqual(refusal(other), [403, 'SCOPE_INSUFFICIENT', 'token-packages'])
    const foreign = await publish(world, session, await packageOf({name: '@bob/tool'}))
    assert.deepEqual(refusal(foreign), [403, 'PACKAGE_FORBIDDEN'])
  })

  it('publish: refuses configuration of tools below the root of a package, and accepts it at the root', async (t) => {
    const {world, token} = await openWithAda(t)
    for (const file of ['skills/x/.claude/settings.json', 'docs/AGENTS.md', 'lib/mcp.json']) {
      const answer = await publish(world, token, await packageOf({name: '@ada/tool'}, {[file]: '{}'}))
      assert.deepEqual(refusal(answer), [400, 'ARCHIVE_INVALID', file])
      assert.match(answer.body.error.message, /configuration by a tool or by git/)
    }
    const atRoot = {'.claude/settings.json': '{}', 'AGENTS.md': '', '.mcp.json': '{}'}
    assert.equal((await publish(world, token, await packageOf({name: '@ada/tool'}, atRoot))).status, 201)
    const server = {name: '@ada/server', type: 'mcp-server'}
    assert.equal((await publish(world, token, await packageOf(server, {'lib/mcp.json': '{}'}))).status, 201)
  })

  it('publish: accepts provenance only if its subject is the tarball', async (t) => {
    const {world, token} = await openWithAda(t)
    const {metadata, tarball} = await packageOf({name: '@ada/tool'})
    const sha256 = Buffer.from(metadata.integrity.slice('sha256-'.length), 'base64').toString('hex')
    for (const subject of [undefined, [], [null], [{digest: {sha256: '00'}}]]) {
      const answer = await publish(world, token, {metadata: {...metadata, provenance: {subject}}, tarball})
      assert.deepEqual(refusal(answer), [400, 'VALIDATION', 'provenance'])
    }
    const provenance = {_type: 'https://in-toto.io/Statement/v1', subject: [{name: 'tool', digest: {sha256}}]}
    assert.equal((await publish(world, token, {metadata: {...metadata, provenance}, tarball})).status, 201)
    assert.deepEqual((await world.call('GET', '/packages/@ada%2Ftool/1.0.0/provenance')).body, provenance)
  })
})

describe('metadata of an upload', () => {
  const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown
  const wrong: [string, Record<string, unknown>, string][] = [
    ['a name that differs from the URL', {name: '@ada/other'}, 'name'],
    ['an invalid version', {version: '1.0'}, 'version'],
    ['the type project', {type: 'project'}, 'type'],
    ['an invalid integrity', {integrity: 'sha512-AAAA'}, 'integrity'],
    ['an invalid visibility', {visibility: 'secret'}, 'visibility'],
    ['an invalid name of a dependency', {dependencies: {'../x': '1.0.0'}}, 'dependencies'],
    ['a readme that is too long', {readme: 'x'.repeat(20_481)}, 'readme'],
    ['a dist-tag that is a valid range', {tag: 'v1'}, 'tag'],
    ['a text with a NUL', {description: 'a\0b'}, 'description'],
    ['a list with a NUL', {keywords: ['a\0b']}, 'keywords'],
    ['a readme with a NUL', {readme: 'a\0b'}, 'readme'],
    ['a range with a NUL', {dependencies: {'@ada/other': '1\0'}}, 'dependencies'],
    ['an unknown field with a NUL', {more: {deep: ['a\0b']}}, 'more'],
    ['provenance with a NUL', {provenance: {predicate: {'a\0b': 1}}}, 'provenance'],
    ['provenance that is nested too deeply', {provenance: {predicate: nested(4000)}}, 'provenance'],
    ['an unknown field that is nested too deeply', {more: nested(4000)}, 'more'],
    ['unknown targets', {targets: ['emacs']}, 'targets'],
    ['a missing type', {type: undefined}, 'type'],
  ]
  for (const [what, changes, field] of wrong) {
    it(`metadata: refuses ${what}, and stores nothing`, async (t) => {
      const {world, token} = await openWithAda(t)
      const {metadata, tarball} = await packageOf({name: '@ada/tool'})
      const upload = uploadOf({metadata: {...metadata, ...changes}, tarball})
      const answer = await send(world, token, '@ada/tool', upload)
      assert.deepEqual(refusal(answer), [400, 'VALIDATION', field])
      assert.deepEqual([draftsOf(world), await blobsOf(world)], [[], []])
    })
  }

  const differing: [string, unknown][] = [
    ['version', '1.0.1'],
    ['type', 'agent'],
    ['visibility', 'private'],
    ['description', 'another'],
    ['license', 'ISC'],
    ['keywords', ['b']],
    ['dependencies', {'@ada/other': '^1.0.0'}],
    ['targets', ['cursor']],
  ]
  for (const [field, value] of differing) {
    it(`metadata: refused if the manifest has another ${field}`, async (t) => {
      const {world, token} = await openWithAda(t)
      const {metadata, tarball} = await packageOf({name: '@ada/tool'})
      const answer = await publish(world, token, {metadata: {...metadata, [field]: value}, tarball})
      assert.deepEqual(refusal(answer), [400, 'MANIFEST_MISMATCH', field])
      assert.deepEqual([draftsOf(world), await blobsOf(world)], [[], []])
    })
  }

  it('metadata: refused if the manifest has another name', async (t) => {
    const {world, token} = await openWithAda(t)
    const {tarball} = await packageOf({name: '@bob/tool'})
    const answer = await publish(world, token, uploadWith({name: '@ada/tool'}, tarball))
    assert.deepEqual(refusal(answer), [400, 'MANIFEST_MISMATCH', 'name'])
  })
})

describe('an upload', () => {
  it('upload: refused unless it has exactly the two parts in order', async (t) => {
    const {world, token} = await openWithAda(t)
    const {metadata, tarball} = await packageOf({name: '@ada/tool'})
    const first = {name: 'metadata', content: JSON.stringify(metadata)}
    const second = {name: 'tarball', content: tarball}
    const complete = multipart(first, second)
    const bodies: [Buffer, ...unknown[]][] = [
      [multipart(), 'VALIDATION', 'metadata'],
      [multipart(first), 'VALIDATION', 'tarball'],
      [multipart(second, first), 'VALIDATION', 'metadata'],
      [multipart(first, {name: 'readme', content: ''}, second), 'VALIDATION', 'tarball'],
      [multipart(first, second, {name: 'readme', content: ''}), 'VALIDATION', 'readme'],
      [multipart({...first, content: '{'}, second), 'MALFORMED_JSON'],
      [multipart({...first, content: ' '.repeat(262_145)}, second), 'BODY_TOO_LARGE', 'metadata'],
      [complete.subarray(0, -10), 'VALIDATION'],
      [Buffer.concat([complete, Buffer.from('more')]), 'VALIDATION'],
      [Buffer.concat([Buffer.from('more'), complete]), 'VALIDATION'],
      [Buffer.from('not multipart'), 'VALIDATION'],
    ]
    for (const [body, ...expected] of bodies) {
      const answer = await send(world, token, '@ada/tool', body)
      assert.deepEqual(refusal(answer).slice(1), expected, body.subarray(0, 200).toString())
      assert.ok(answer.status === 400 || answer.status === 413)
      assert.deepEqual([draftsOf(world), await blobsOf(world)], [[], []])
    }
  })

  it('upload: only the publish endpoint accepts multipart, and it accepts nothing else', async (t) => {
    const {world, token} = await openWithAda(t)
    const upload = uploadOf(await packageOf({name: '@ada/tool'}))
    const json = await world.call('PUT', '/packages/@ada%2Ftool', {body: {}, token})
    assert.deepEqual(refusal(json), [415, 'UNSUPPORTED_MEDIA_TYPE'])
    const headers = {'content-type': 'multipart/form-data; boundary=x'}
    const elsewhere = await world.call('PATCH', '/packages/@ada%2Ftool', {body: upload, token, headers})
    assert.deepEqual(refusal(elsewhere), [415, 'UNSUPPORTED_MEDIA_TYPE'])
  })

  it('upload: refused beyond the limits, with the limit in the error', async (t) => {
    const archive = {...defaultConfig.archive, packed: 2000, files: 3}
    const {world, token} = await openWithAda(t, {archive})
    const large = await packageOf({name: '@ada/tool'}, {large: randomBytes(2000)})
    assert.deepEqual(refusal(await publish(world, token, large)), [413, 'BODY_TOO_LARGE', 'tarball'])
    const many = await packageOf({name: '@ada/tool'}, {a: '', b: '', c: ''})
    const answer = await publish(world, token, many)
    assert.deepEqual(refusal(answer), [400, 'ARCHIVE_INVALID', 'files'])
    assert.match(answer.body.error.message, /more than 3 files/)
    assert.deepEqual([draftsOf(world), await blobsOf(world)], [[], []])
  })

  it('upload: refused if its bytes do not match the integrity', async (t) => {
    const {world, token} = await openWithAda(t)
    const {metadata, tarball} = await packageOf({name: '@ada/tool'})
    const integrity = integrityOf(Buffer.from('other'))
    const answer = await publish(world, token, {metadata: {...metadata, integrity}, tarball})
    assert.deepEqual(refusal(answer), [400, 'INTEGRITY_MISMATCH', 'integrity'])
    assert.deepEqual([draftsOf(world), await blobsOf(world)], [[], []])
  })
})
