import {Readable} from 'node:stream'

import {archiveFileName, formatIntegrity} from '@apkg/package-format'

import type {BlobStore, ByteRange} from '../blobs/blob-store.js'
import {byteRange} from '../http/byte-range.js'
import {cachingOf} from '../http/caching.js'
import {matchesEtag} from '../http/conditional-request.js'
import {exactLength} from '../http/exact-length.js'
import {packageRefusal} from '../packages/package-refusals.js'
import {Refusal} from '../http/refusal.js'
import type {VersionState} from '../store/store.js'
import type {Handler} from './handler.js'
import {Reply} from './reply.js'

/** In seconds. A version never changes, but it can be taken down, so caches must revalidate after some minutes. */
const maxAge = 300

export const downloadTarball: Handler<'downloadTarball'> = async (
  {isHead, params, headers, now},
  {store, blobs, config, downloads},
) => {
  const {name, version} = params
  const found = await store.packages.version(name, version)
  if (!found) throw packageRefusal('version-unknown', {name, version})
  if (found.takenDown) throw takenDown(found.takenDown.reason)
  const etag = `"${found.sha256}"`
  const commonHeaders = {
    etag,
    ...cachingOf(found.visibility, config, `max-age=${maxAge}, must-revalidate`),
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
  }
  if (matchesEtag(headers['if-none-match'], etag)) {
    return new Reply<Readable>(undefined, {status: 304, headers: commonHeaders})
  }
  // Ranges are defined for GET only (RFC 9110 §14.2).
  const range = isHead ? undefined : byteRange(headers, {size: found.size, etag})
  const length = range ? range.last - range.first + 1 : found.size
  const bytes = await openTarball(blobs, found, {isHead, range})
  if (!bytes) throw lostTarball(name, version, found)
  // The rest of an interrupted download is not another one.
  if (!isHead && (range?.first ?? 0) === 0) downloads.add(name, now.getTime())
  return new Reply(isHead ? bytes : exactLength(bytes, length), {
    status: range ? 206 : 200,
    headers: {
      ...commonHeaders,
      'content-type': 'application/zstd',
      'content-length': String(length),
      'content-disposition': `attachment; filename="${archiveFileName(name, version)}"`,
      'x-integrity': formatIntegrity(Buffer.from(found.sha256, 'hex')),
      ...(range && {'content-range': `bytes ${range.first}-${range.last}/${found.size}`}),
    },
  })
}

/** @returns undefined if the tarball is missing or does not have its size. */
async function openTarball(
  blobs: BlobStore,
  {key, size}: VersionState,
  {isHead, range}: {isHead: boolean; range: ByteRange | undefined},
): Promise<Readable | undefined> {
  if (key === undefined) return undefined
  if (isHead) return (await blobs.sizeOf(key)) === size ? Readable.from([]) : undefined
  const opened = await blobs.open(key, range)
  if (opened?.size === size) return opened.bytes
  opened?.bytes.destroy()
  return undefined
}

function lostTarball(name: string, version: string, {sha256, size}: VersionState): Error {
  return new Error(`The tarball of ${name}@${version} is missing or damaged: ${sha256}, ${size} bytes`)
}

function takenDown(reason: string): Refusal {
  return new Refusal('VERSION_TAKEN_DOWN', {
    message: `The version was taken down by the registry operator: ${reason}`,
  })
}
