import type {IncomingHttpHeaders} from 'node:http'

import type {ByteRange} from '../blobs/blob-store.js'
import {Refusal} from './refusal.js'

/**
 * The requested range (RFC 9110 §14.2). Undefined if the request is for everything, for several ranges, or for a range
 * of outdated content.
 *
 * @param content.size in bytes, at least 1.
 * @param content.etag quoted.
 * @throws {Refusal} RANGE_UNSATISFIABLE
 */
export function byteRange(
  headers: IncomingHttpHeaders,
  {size, etag}: {size: number; etag: string},
): ByteRange | undefined {
  const ifRange = headers['if-range']
  if (ifRange !== undefined && ifRange !== etag) return undefined
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(headers.range ?? '') ?? []
  if (from === '' && to === '') return undefined
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  // A range that ends before it starts is invalid, and ignored.
  if (from !== '' && to !== '' && Number(to) < first) return undefined
  if (first > last) throw new Refusal('RANGE_UNSATISFIABLE', {headers: {'content-range': `bytes */${size}`}})
  return {first, last}
}
