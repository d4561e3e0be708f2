import {randomBytes} from 'node:crypto'

import type {PublishMetadata} from '@apkg/wire/protocol'

/** A request body and its content type. */
export interface Content {
  type: string
  body: string | readonly Uint8Array[]
}

/**
 * Builds the body of a publish request (multipart/form-data, RFC 7578): the metadata as JSON with sorted keys, then the
 * tarball, which is not copied.
 */
export function publication(metadata: PublishMetadata, tarball: Uint8Array): Content {
  const boundary = `apkg-${randomBytes(24).toString('hex')}`
  const head = [
    `--${boundary}`,
    'content-disposition: form-data; name="metadata"',
    '',
    JSON.stringify(sortKeys(metadata)),
    `--${boundary}`,
    'content-disposition: form-data; name="tarball"; filename="package.tar.zst"',
    'content-type: application/zstd',
    '',
    '',
  ]
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: [Buffer.from(head.join('\r\n')), tarball, Buffer.from(`\r\n--${boundary}--\r\n`)],
  }
}

/** Sorts the keys of all objects by UTF-16 code units. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, sortKeys(each)]))
}
