import type {IncomingHttpHeaders} from 'node:http'

import type {ByteRange} from '../blobs/blob-store.js'
import {Refusal} from './refusal.js'

/**
 * The part of something that a request asks for (RFC 9110 §14.2); undefined where it asks for the whole, for several
 * parts, or for a part of what it takes for something else.
 *
 * @param subject.size in bytes; more than none.
 * @param subject.etag quoted, as it is sent.
 * @throws Refusal RANGE_UNSATISFIABLE
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
  // An end before its beginning is no range at all.
  if (from !== '' && to !== '' && Number(to) < first) return undefined
  if (first > last) throw new Refusal('RANGE_UNSATISFIABLE', {headers: {'content-range': `bytes */${size}`}})
  return {first, last}
}
