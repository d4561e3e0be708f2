/** The maximum size of a package. Reading an archive stops as soon as one of these is exceeded. */
export interface ArchiveLimits {
  /** Bytes of the `.tar.zst`. */
  packed: number
  /** Total size of the files in bytes, with headers and padding that are larger than usual. */
  unpacked: number
  /** Unpacked bytes per packed byte, with all headers and padding. Checked only for archives with more than `ratioFrom` unpacked bytes. */
  ratio: number
  ratioFrom: number
  /** Also the maximum number of directories. */
  files: number
  /** Nested directories. */
  depth: number
  /** Bytes (UTF-8) of a file's path. */
  path: number
  /** Bytes (UTF-8) of one part of a path. */
  pathPart: number
  /** Bytes of `apkg.json`. */
  manifest: number
}

const mebibyte = 1024 * 1024

export const defaultLimits: ArchiveLimits = {
  packed: 50 * mebibyte,
  unpacked: 200 * mebibyte,
  ratio: 50,
  ratioFrom: 64 * mebibyte,
  files: 10_000,
  depth: 32,
  path: 1024,
  pathPart: 255,
  manifest: mebibyte,
}

/** Bytes (UTF-8) of a readme. */
export const maxReadmeSize = 20_480

/** How many bytes of a tar the original client unpacks. It silently truncates larger ones. */
export const originalClientMaxUnpacked = 2 * mebibyte
