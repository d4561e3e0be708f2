import {randomBytes} from 'node:crypto'

import type {PublishMetadata} from '@apkg/wire/protocol'

/** What is sent beside the headers that every request has. */
export interface Content {
  type: string
  body: string | readonly Uint8Array[]
}

/**
 * The body of a publication (multipart/form-data, RFC 7578): the metadata as JSON with its keys in alphabetical order,
 * then the tarball, which is not copied.
 */
export function publication(metadata: PublishMetadata, tarball: Uint8Array): Content {
  const boundary = `apkg-${randomBytes(24).toString('hex')}`
  const head = [
    `--${boundary}`,
    'content-disposition: form-data; name="metadata"',
    '',
    JSON.stringify(inOrder(metadata)),
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

/** The same value with the keys of its objects in the order of their code units. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, inOrder(each)]))
}
