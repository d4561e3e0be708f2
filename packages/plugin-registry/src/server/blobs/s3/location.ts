/** A bucket, and the beginning of all keys in it. */
export interface S3Location {
  bucket: string
  /** Empty, or ends with a slash. */
  prefix: string
}

/** Parses `s3://bucket/prefix`. @returns undefined if it is malformed, or has a credential or a query */
export function parseS3Location(text: string): S3Location | undefined {
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(\/.*)?$/.exec(text) ?? []
  if (bucket === undefined) return undefined
  const segments = path.split('/').filter((segment) => segment !== '')
  if (!segments.every((segment) => /^[A-Za-z0-9_.-]+$/.test(segment) && !/^\.+$/.test(segment))) return undefined
  return {bucket, prefix: segments.map((segment) => `${segment}/`).join('')}
}

/** Returns the URL of a bucket: with the bucket in the path if the endpoint was given, otherwise as AWS recommends. */
export function bucketUrl({bucket}: S3Location, region: string, endpoint: string | undefined): URL {
  if (endpoint !== undefined) return new URL(`${bucket}/`, endpoint.endsWith('/') ? endpoint : `${endpoint}/`)
  // A certificate for *.s3.<region>.amazonaws.com doesn't match names with dots.
  if (bucket.includes('.')) return new URL(`https://s3.${region}.amazonaws.com/${bucket}/`)
  return new URL(`https://${bucket}.s3.${region}.amazonaws.com/`)
}
