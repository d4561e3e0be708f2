/** How large a package may be. Whoever reads an archive stops at the first of these that is passed. */
export interface ArchiveLimits {
  /** Bytes of the `.tar.zst`. */
  packed: number
  /** Bytes of all files together. */
  unpacked: number
  /** How many times larger than the archive the content may be, counted once `ratioFrom` bytes are unpacked. */
  ratio: number
  ratioFrom: number
  files: number
  /** Folders above a file. */
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

/** What the original client unpacks, in bytes of the tar; it cuts off the rest without a word. */
export const originalClientUnpacks = 2 * mebibyte
