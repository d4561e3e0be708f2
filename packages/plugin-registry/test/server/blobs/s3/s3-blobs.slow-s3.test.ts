import assert from 'node:assert/strict'
import {once} from 'node:events'
import http from 'node:http'
import type {AddressInfo} from 'node:net'
import {after, before, describe, it, type TestContext} from 'node:test'

import type {BlobStore} from '../../../../src/server/blobs/blob-store.js'
import {BlobsUnavailable} from '../../../../src/server/blobs/blobs-unavailable.js'
import {credentialProvider} from '../../../../src/server/blobs/s3/credentials.js'
import {bytes, listed, storeBytes} from '../../../support/blobs.js'
import {
  blobsAt,
  isS3Missing,
  newPrefix,
  rootKey,
  type S3Server,
  startFaultyProxy,
  startS3,
} from '../../../support/s3-server.js'
import {describeBlobStore} from '../blob-store-contract.js'

const cleanups: (() => unknown)[] = []
let s3: S3Server | undefined

before(async () => {
  s3 = await startS3({after: (clean) => cleanups.unshift(clean as () => unknown)}).catch(() => undefined)
})

after(async () => {
  for (const clean of cleanups) await clean()
})

/** The URL of the server. The test is skipped without one. */
function serverFor(t: TestContext): string {
  if (isS3Missing(t)) return 'http://127.0.0.1:1'
  assert.ok(s3)
  return s3.url
}

describeBlobStore('S3', async (t) => blobsAt(t, serverFor(t)))

async function text(blobs: BlobStore, key: string): Promise<string> {
  const opened = await blobs.open(key)
  return Buffer.concat((await opened?.bytes.toArray()) ?? []).toString()
}

describe('blobs in S3', () => {
  it('S3: a lost response is repeated, and the object counts as stored after it was compared', async (t) => {
    const url = serverFor(t)
    const methods: string[] = []
    const proxy = await startFaultyProxy(t, url, ({method = ''}) => {
      methods.push(method)
      return methods.length === 1 ? 'lose-response' : 'none'
    })
    const blobs = blobsAt(t, proxy)
    const {key} = await storeBytes(blobs, 'hello')
    assert.deepEqual(methods, ['PUT', 'PUT', 'HEAD'])
    assert.equal(await text(blobs, key), 'hello')
    assert.deepEqual(await listed(blobs), [key])
  })

  it('S3: a 412 is an error if the object is missing', async (t) => {
    const proxy = await startFaultyProxy(t, serverFor(t), ({method}) =>
      method === 'PUT' ? {status: 412, code: 'PreconditionFailed'} : 'none',
    )
    await assert.rejects(storeBytes(blobsAt(t, proxy), 'hello'), BlobsUnavailable)
  })

  it('S3: conflicts and overload are retried', async (t) => {
    const faults = [
      {status: 409, code: 'ConditionalRequestConflict'},
      {status: 503, code: 'SlowDown'},
    ]
    const proxy = await startFaultyProxy(t, serverFor(t), () => faults.shift() ?? 'none')
    const blobs = blobsAt(t, proxy)
    const {key} = await storeBytes(blobs, 'hello')
    assert.deepEqual([await text(blobs, key), faults], ['hello', []])
  })

  it('S3: an object is read back if the store refuses checksums', async (t) => {
    const requests: string[] = []
    const proxy = await startFaultyProxy(t, serverFor(t), ({method, headers}) => {
      const hasChecksum = headers['x-amz-checksum-sha256'] !== undefined
      requests.push(`${method}${hasChecksum ? ' with checksum' : ''}`)
      return hasChecksum ? {status: 501, code: 'NotImplemented'} : 'none'
    })
    const blobs = blobsAt(t, proxy)
    const {key} = await storeBytes(blobs, 'hello')
    assert.deepEqual(requests, ['PUT with checksum', 'PUT', 'HEAD', 'GET'])
    assert.equal(await text(blobs, key), 'hello')
    requests.length = 0
    await storeBytes(blobs, 'hello')
    assert.deepEqual(requests, ['PUT', 'HEAD', 'GET'])
  })

  it('S3: the store refuses bytes that do not match their checksum', async (t) => {
    const blobs = blobsAt(t, serverFor(t))
    const draft = await blobs.put(bytes('hello'))
    await assert.rejects(blobs.store({...draft, sha256: '0'.repeat(64)}), BlobsUnavailable)
    assert.deepEqual(await listed(blobs), [])
  })

  it('S3: other objects in the bucket are not listed', async (t) => {
    const url = serverFor(t)
    const prefix = newPrefix()
    const blobs = blobsAt(t, url, {prefix})
    const {key} = await storeBytes(blobs, 'hello')
    await storeBytes(blobsAt(t, url, {prefix: `${prefix}sha256/`}), 'other')
    await storeBytes(blobsAt(t, url), 'another')
    assert.deepEqual(await listed(blobs), [key])
  })

  it('S3: the clock is corrected by that of the store', async (t) => {
    for (const offset of [-86_400_000, 86_400_000]) {
      const blobs = blobsAt(t, serverFor(t), {clock: () => Date.now() + offset})
      const {key} = await storeBytes(blobs, 'hello')
      for await (const {age} of blobs.list()) assert.ok(Math.abs(age) < 60_000, String(age))
      assert.equal(await text(blobs, key), 'hello')
    }
  })

  it('S3: credentials that expire are replaced by those that their source has now', async (t) => {
    if (isS3Missing(t)) return
    const server = await startS3(t)
    let key = rootKey
    let current = key.accessKeyId
    let requests = 0
    const source = http.createServer((_request, response) => {
      requests++
      const {accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey} = key
      const Expiration = new Date(Date.now() + 3_600_000).toISOString()
      response.end(JSON.stringify({AccessKeyId, SecretAccessKey, Token: '', Expiration}))
    })
    source.listen(0, '127.0.0.1')
    await once(source, 'listening')
    t.after(() => source.close())
    const before = {...process.env}
    t.after(() => {
      process.env = before
    })
    process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = `http://127.0.0.1:${(source.address() as AddressInfo).port}/`
    process.env['AWS_EC2_METADATA_DISABLED'] = 'true'
    // The server has one key at a time, and doesn't respond to an old one as AWS does.
    const proxy = await startFaultyProxy(t, server.url, ({headers}) =>
      headers.authorization?.includes(`Credential=${current}/`) ? 'none' : {status: 400, code: 'ExpiredToken'},
    )
    const blobs = blobsAt(t, proxy, {credentials: credentialProvider({})})
    const {key: stored} = await storeBytes(blobs, 'hello')
    assert.equal(await text(blobs, stored), 'hello')
    assert.equal(requests, 1)

    await server.stop()
    const next = {accessKeyId: 'next-key', secretAccessKey: 'next-secret'}
    await server.start(next)
    current = next.accessKeyId
    await assert.rejects(blobs.sizeOf(stored), BlobsUnavailable)
    key = next
    assert.equal(await blobs.sizeOf(stored), 5)
    assert.equal(await text(blobs, stored), 'hello')
  })

  it('S3: a missing bucket is not a missing blob', async (t) => {
    const blobs = blobsAt(t, serverFor(t), {bucket: new URL(`${serverFor(t)}/missing/`)})
    const key = `sha256/${'0'.repeat(64)}/${'0'.repeat(32)}`
    await assert.rejects(blobs.sizeOf(key), /NoSuchBucket/)
    await assert.rejects(blobs.open(key), /NoSuchBucket/)
    await assert.rejects(blobs.readHead(), /NoSuchBucket/)
    await assert.rejects(blobs.check(), /NoSuchBucket/)
    await assert.rejects(storeBytes(blobs, 'x'), /NoSuchBucket/)
  })

  it('S3: errors do not contain the key or a query', async (t) => {
    serverFor(t)
    const blobs = blobsAt(t, 'http://127.0.0.1:1')
    await assert.rejects(listed(blobs), (error: Error) => {
      assert.match(error.message, /^the blob store failed: ECONNREFUSED$/)
      return true
    })
  })

  it('S3: a key cannot lead out of the prefix', async (t) => {
    const blobs = blobsAt(t, serverFor(t))
    for (const key of ['../audit-head.json', 'audit-head.json', `sha256/ab/cd/${'0'.repeat(64)}`]) {
      await assert.rejects(blobs.open(key), /not the key of an object/, key)
    }
  })
})
