import assert from 'node:assert/strict'
import {rmSync, truncateSync} from 'node:fs'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {Readable} from 'node:stream'
import {describe, it, type TestContext} from 'node:test'

import {parseIntegrity} from '@apkg/package-format'

import type {ServerConfig} from '../../../src/server/config.js'
import {operator} from '../../../src/server/store/store.js'
import {storedFile} from '../../support/blobs.js'
import {packageOf, publish, type SentPackage} from '../../support/uploads.js'
import {createWorld, type World} from '../../support/world.js'

interface Published {
  world: World
  token: string
  sent: SentPackage
  /** Requests the tarball, as ada if a credential is needed. */
  ask: (headers?: Record<string, string>) => Promise<{status: number; headers: Record<string, unknown>; bytes: Buffer}>
}

async function published(
  t: TestContext,
  fields: Record<string, unknown> = {},
  changes: Partial<ServerConfig> = {},
): Promise<Published> {
  const world = await createWorld(t, changes)
  await world.addUser('ada')
  const {accessToken: token} = await world.logIn('ada')
  const sent = await packageOf({name: '@ada/tool', ...fields}, {'text.md': 'some text'.repeat(100)})
  assert.equal((await publish(world, token, sent)).status, 201)
  return {
    ...{world, token, sent},
    async ask(headers = {}) {
      const url = `/packages/@ada%2Ftool/${sent.metadata.version}/tarball`
      const answer = await world.app.inject({url, headers})
      return {status: answer.statusCode, headers: answer.headers, bytes: answer.rawPayload}
    },
  }
}

function fileOf({folder}: World, {metadata}: SentPackage): string {
  return storedFile(folder, parseIntegrity(metadata.integrity) ?? '')
}

describe('tarball download', () => {
  it('download: has the headers that caches and clients need', async (t) => {
    const {sent, ask} = await published(t)
    const {status, headers, bytes} = await ask()
    assert.deepEqual([status, bytes], [200, Buffer.from(sent.tarball)])
    assert.equal(headers['content-type'], 'application/zstd')
    assert.equal(headers['content-length'], String(sent.tarball.length))
    assert.equal(headers['x-integrity'], sent.metadata.integrity)
    assert.equal(headers['content-disposition'], 'attachment; filename="ada-tool-1.0.0.tar.zst"')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['cache-control'], 'public, max-age=300, must-revalidate')
    assert.equal(headers['vary'], undefined)
    assert.match(String(headers['etag']), /^"[0-9a-f]{64}"$/)
  })

  it('download: only private caches may store it unless anyone can read it', async (t) => {
    for (const [fields, changes] of [
      [{visibility: 'private'}, {}],
      [{}, {anonymousRead: false}],
    ] as const) {
      const {token, ask} = await published(t, fields, changes)
      const {status, headers} = await ask({authorization: `Bearer ${token}`})
      assert.deepEqual([status, headers['vary']], [200, 'authorization'])
      assert.equal(headers['cache-control'], 'private, max-age=300, must-revalidate')
      assert.ok([401, 404].includes((await ask()).status))
    }
  })

  it('download: a matching ETag gets 304', async (t) => {
    const {ask} = await published(t)
    const {etag} = (await ask()).headers
    const {status, headers, bytes} = await ask({'if-none-match': `"other", ${String(etag)}`})
    assert.deepEqual([status, bytes.length, headers['etag']], [304, 0, etag])
    assert.equal(headers['cache-control'], 'public, max-age=300, must-revalidate')
  })

  it('download: a range request gets that part', async (t) => {
    const {sent, ask} = await published(t)
    const all = Buffer.from(sent.tarball)
    const end = all.length - 1
    const parts: [string, number, number][] = [
      ['bytes=0-0', 0, 0],
      ['bytes=10-19', 10, 19],
      ['bytes=10-', 10, end],
      ['bytes=-5', end - 4, end],
      [`bytes=-${all.length + 5}`, 0, end],
      [`bytes=10-${all.length + 5}`, 10, end],
    ]
    for (const [range, first, last] of parts) {
      const {status, headers, bytes} = await ask({range})
      assert.deepEqual([status, bytes], [206, all.subarray(first, last + 1)], range)
      assert.equal(headers['content-range'], `bytes ${first}-${last}/${all.length}`)
      assert.equal(headers['content-length'], String(last - first + 1))
    }
    for (const range of ['bytes=5-4', 'bytes=-', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=a-b']) {
      assert.deepEqual((await ask({range})).bytes, all, range)
    }
    for (const range of [`bytes=${all.length}-`, 'bytes=-0']) {
      const {status, headers} = await ask({range})
      assert.deepEqual([status, headers['content-range']], [416, `bytes */${all.length}`], range)
    }
  })

  it('download: If-Range with another ETag gets the complete tarball', async (t) => {
    const {sent, ask} = await published(t)
    const {etag} = (await ask()).headers
    assert.equal((await ask({range: 'bytes=1-2', 'if-range': String(etag)})).status, 206)
    const {status, bytes} = await ask({range: 'bytes=1-2', 'if-range': '"other"'})
    assert.deepEqual([status, bytes.length], [200, sent.tarball.length])
  })

  it('download: HEAD gets the headers without reading the file', async (t) => {
    const {world, sent} = await published(t)
    const opened: string[] = []
    const open = world.blobs.open.bind(world.blobs)
    world.blobs.open = (key, range) => {
      opened.push(key)
      return open(key, range)
    }
    const answer = await world.app.inject({method: 'HEAD', url: '/packages/@ada%2Ftool/1.0.0/tarball'})
    assert.deepEqual([answer.statusCode, answer.rawPayload.length], [200, 0])
    assert.equal(answer.headers['content-length'], String(sent.tarball.length))
    assert.deepEqual(opened, [])
  })

  it('download: a version with a plus sign works, escaped or not', async (t) => {
    const {world, sent} = await published(t, {version: '1.0.0+build.1'})
    for (const version of ['1.0.0+build.1', '1.0.0%2Bbuild.1']) {
      const {statusCode, rawPayload} = await world.app.inject({url: `/packages/@ada%2Ftool/${version}/tarball`})
      assert.deepEqual([statusCode, rawPayload], [200, Buffer.from(sent.tarball)], version)
    }
  })

  it('download: a version that was taken down gets 410 with the reason', async (t) => {
    const {world, ask} = await published(t)
    await world.store.packages.takeDown({name: '@ada/tool', version: '1.0.0', reason: 'a court order'}, operator, 1)
    const {status, bytes} = await ask()
    assert.equal(status, 410)
    assert.match(bytes.toString(), /"VERSION_TAKEN_DOWN".*a court order/)
  })

  it('download: a missing file is a server error', async (t) => {
    const {world, ask} = await published(t)
    rmSync(path.join(world.folder, 'blobs', 'sha256'), {recursive: true})
    assert.equal((await ask()).status, 500)
    assert.match(world.log.join(''), /The tarball of @ada\/tool@1.0.0 is missing/)
  })

  it('download: a truncated file is a server error until the same bytes are published again', async (t) => {
    const {world, token, sent, ask} = await published(t)
    const damaged = fileOf(world, sent)
    truncateSync(damaged, 10)
    assert.equal((await ask()).status, 500)
    assert.match(world.log.join(''), /The tarball of @ada\/tool@1.0.0 is missing or damaged/)
    assert.equal((await publish(world, token, sent)).status, 200)
    assert.deepEqual((await ask()).bytes, Buffer.from(sent.tarball))
  })

  it('download: a file that ends early aborts the connection and is logged', async (t) => {
    const {world, sent} = await published(t)
    const size = sent.tarball.length
    world.blobs.open = async () => ({bytes: Readable.from([Buffer.from('part')]), size})
    await world.app.listen({host: '127.0.0.1', port: 0})
    const {port} = world.app.server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}/packages/@ada%2Ftool/1.0.0/tarball`)
    await assert.rejects(answer.arrayBuffer())
    assert.match(world.log.join(''), /Truncated: \d+ of \d+ bytes are missing/)
  })
})
