import type {Ports} from '@apkg/command-kit'

import type {BlobStore} from '../server/blobs/blob-store.js'
import {openFileBlobs} from '../server/blobs/file-blobs.js'
import {bucketUrl, parseS3Location} from '../server/blobs/s3/location.js'
import {failure} from './failures.js'
import type {PlaceFlags} from './place.js'

/** Opens the blobs of a registry, with drafts in a directory. */
export type OpenBlobs = (folder: string) => BlobStore

/**
 * Returns how to open the blobs: in the data directory, or in the bucket of `--blobs`. The S3 client is only loaded for a
 * bucket.
 *
 * @throws {ApkgError} `USAGE` if the region or the endpoint is missing or malformed
 */
export async function blobOpener(blobs: string | undefined, {env}: Pick<Ports, 'env'>): Promise<OpenBlobs> {
  const location = blobs === undefined ? undefined : parseS3Location(blobs)
  if (!location) return openFileBlobs
  const endpoint = env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'] || undefined
  if (endpoint !== undefined) assertEndpoint(endpoint)
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || (endpoint === undefined ? undefined : 'us-east-1')
  if (region === undefined) throw usage('--blobs requires a region', 'set AWS_REGION, such as AWS_REGION=eu-central-1')
  const [{openS3Blobs}, {credentialProvider}] = await Promise.all([
    import('../server/blobs/s3/s3-blobs.js'),
    import('../server/blobs/s3/credentials.js'),
  ])
  const credentials = credentialProvider(env)
  const bucket = bucketUrl(location, region, endpoint)
  const options = {bucket, region, credentials, prefix: location.prefix}
  return (folder) => openS3Blobs({...options, folder})
}

/**
 * Several processes use a database, so they need to share the tarballs, too.
 *
 * @throws {ApkgError} `USAGE`
 */
export function assertBucket({database, blobs}: PlaceFlags): void {
  if (database === undefined || blobs !== undefined) return
  throw usage('--database requires --blobs', 'pass --blobs with the bucket of the registry, such as s3://bucket/prefix')
}

function assertEndpoint(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain =
    url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.search === ''
  if (isPlain) return
  throw usage('AWS_ENDPOINT_URL_S3 is not a valid endpoint', 'set it to a URL such as https://storage.example.com')
}

function usage(message: string, suggestion: string) {
  return failure('USAGE', {message, suggestions: [suggestion]})
}
