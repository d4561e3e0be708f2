import {createHash, randomBytes} from 'node:crypto'
import {createReadStream} from 'node:fs'
import path from 'node:path'
import {Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'

import type {BlobStore, ChainHead, Draft} from '../blob-store.js'
import {BlobsUnavailable} from '../blobs-unavailable.js'
import {openDrafts} from '../drafts.js'
import {S3Client, type S3ClientOptions, type S3Response, UnexpectedResponse} from './s3-client.js'
import {elementOf, elementsOf} from './xml.js'

/** The largest blob, in bytes. Larger ones would have to be sent in parts. */
export const maxS3BlobSize = 1024 ** 3

export interface S3BlobOptions extends S3ClientOptions {
  /** The beginning of all keys in the bucket: empty, or with a slash at the end. */
  prefix: string
  /** The directory on this machine for drafts. */
  folder: string
}

const objectKey = /^sha256\/[0-9a-f]{64}\/[0-9a-f]{32}$/

/** The codes with which stores refuse headers that they don't support. */
const unsupported = ['NotImplemented', 'InvalidArgument', 'InvalidRequest']

const headObject = 'audit-head.json'
const maxHeadSize = 4096

/** Stores blobs as objects `<prefix>sha256/<hex>/<random>` in a bucket, and drafts on this machine. */
export function openS3Blobs({prefix, folder, ...options}: S3BlobOptions): BlobStore {
  const client = new S3Client(options)
  /** Whether the store refuses checksums or conditions, so that each object is read back instead. */
  let isReadingBack = false

  const nameOf = (key: string) => {
    if (!objectKey.test(key)) throw new Error(`not the key of an object: ${key}`)
    return prefix + key
  }

  async function put(name: string, draft: Draft): Promise<void> {
    if (!isReadingBack && (await putWithChecksum(client, name, draft))) return
    isReadingBack = true
    const {body} = await client.send({method: 'PUT', key: name, body: bodyOf(draft)})
    body.resume()
    if (!(await hasBytes(client, name, draft))) throw new BlobsUnavailable('the blob store changed the bytes of a blob')
  }

  return {
    ...openDrafts(path.join(folder, 'tmp')),
    ownsKey: (key) => objectKey.test(key),

    async store(draft) {
      const key = `sha256/${draft.sha256}/${randomBytes(16).toString('hex')}`
      await put(nameOf(key), draft)
      return key
    },

    async sizeOf(key) {
      const {status, headers, body} = await client.send({method: 'HEAD', key: nameOf(key), expected: [404]})
      body.resume()
      if (status !== 404) return lengthOf(headers)
      // Only the body of a response to GET says whether the object or the bucket is missing.
      const opened = await this.open(key)
      opened?.bytes.destroy()
      return opened?.size
    },

    async open(key, range) {
      const headers = range && {range: `bytes=${range.first}-${range.last}`}
      const response = await client.send({
        method: 'GET',
        key: nameOf(key),
        ...(headers && {headers}),
        expected: [404, 416],
      })
      const {status, body} = response
      if (status === 404 || status === 416) return undefined
      const size = range ? totalOf(response) : lengthOf(response.headers)
      if (size === undefined) {
        body.destroy()
        throw new BlobsUnavailable('the blob store did not send the requested range')
      }
      return {bytes: body, size}
    },

    async remove(key) {
      const {body} = await client.send({method: 'DELETE', key: nameOf(key), expected: [404]})
      body.resume()
    },

    async *list() {
      let token: string | undefined
      do {
        const query = {
          'list-type': '2',
          prefix: `${prefix}sha256/`,
          ...(token !== undefined && {'continuation-token': token}),
        }
        const {body, time} = await client.send({method: 'GET', key: '', query})
        const xml = (await buffer(body)).toString()
        for (const entry of elementsOf(xml, 'Contents')) {
          const key = elementOf(entry, 'Key')?.slice(prefix.length) ?? ''
          const modified = Date.parse(elementOf(entry, 'LastModified') ?? '')
          if (objectKey.test(key)) yield {key, size: Number(elementOf(entry, 'Size')), age: time - modified}
        }
        token = elementOf(xml, 'IsTruncated') === 'true' ? elementOf(xml, 'NextContinuationToken') : undefined
      } while (token !== undefined)
    },

    async check() {
      const {body} = await client.send({method: 'GET', key: prefix + headObject, expected: [404], isOnce: true})
      body.resume()
    },

    async writeHead(head) {
      const text = JSON.stringify(head)
      const sha256 = createHash('sha256').update(text).digest('hex')
      const content = {sha256, size: Buffer.byteLength(text), open: () => Readable.from([Buffer.from(text)])}
      const {body} = await client.send({method: 'PUT', key: prefix + headObject, body: content})
      body.resume()
    },

    async readHead() {
      const {status, body, headers} = await client.send({method: 'GET', key: prefix + headObject, expected: [404]})
      if (status === 404) return undefined
      if ((lengthOf(headers) ?? Infinity) > maxHeadSize) {
        body.destroy()
        throw new Error(`${headObject} is damaged`)
      }
      return JSON.parse((await buffer(body)).toString()) as ChainHead
    },
  }
}

function bodyOf({sha256, size, path: file}: Draft) {
  return {sha256, size, open: () => createReadStream(file)}
}

/**
 * Stores an object that must not exist yet, with a checksum that the store verifies.
 *
 * @returns false if the store doesn't support that
 */
async function putWithChecksum(client: S3Client, name: string, draft: Draft): Promise<boolean> {
  const headers = {'x-amz-checksum-sha256': checksumOf(draft), 'if-none-match': '*'}
  try {
    const {status, body} = await client.send({method: 'PUT', key: name, headers, body: bodyOf(draft), expected: [412]})
    body.resume()
    if (status !== 412) return true
  } catch (error) {
    const {cause} = error as BlobsUnavailable
    if (cause instanceof UnexpectedResponse && unsupported.includes(cause.code ?? '')) return false
    throw error
  }
  // An earlier attempt whose response was lost may have stored it.
  if (await hasBytes(client, name, draft)) return true
  throw new BlobsUnavailable('the blob store has other bytes under a new key')
}

/** Compares the length and the checksum of an object with those of a draft. Reads it if the store has no checksum. */
async function hasBytes(client: S3Client, name: string, draft: Draft): Promise<boolean> {
  const request = {key: name, headers: {'x-amz-checksum-mode': 'ENABLED'}, expected: [404]}
  const head = await client.send({method: 'HEAD', ...request})
  head.body.resume()
  if (head.status === 404 || lengthOf(head.headers) !== draft.size) return false
  const checksum = head.headers['x-amz-checksum-sha256']
  if (checksum !== undefined) return checksum === checksumOf(draft)
  const {status, body} = await client.send({method: 'GET', key: name, expected: [404]})
  const hash = createHash('sha256')
  for await (const chunk of body) hash.update(chunk as Uint8Array)
  return status !== 404 && hash.digest('hex') === draft.sha256
}

function checksumOf({sha256}: Draft): string {
  return Buffer.from(sha256, 'hex').toString('base64')
}

function lengthOf(headers: S3Response['headers']): number | undefined {
  const {'content-length': length} = headers
  return length === undefined ? undefined : Number(length)
}

/** The size of the complete object in a response with a range. */
function totalOf({status, headers}: S3Response): number | undefined {
  const [, total] = /^bytes \d+-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? []
  return status === 206 && total !== undefined ? Number(total) : undefined
}
