import type {ArchiveLimits} from '../limits.js'
import {manifestFile} from '../manifest/manifest.js'
import {ArchiveProblem} from './archive-problem.js'
import {ByteReader} from './byte-reader.js'
import {decompress} from './decompress.js'
import {assertSafePath, PathRegister} from './entry-path.js'
import {tarEntries} from './tar-entries.js'

/** A file in an archive. Directories are implied by the paths of files. */
export interface ArchiveFile {
  /** Relative, with forward slashes, and safe on every platform. */
  path: string
  isExecutable: boolean
  /** Bytes. */
  size: number
  /** Can be read once, until `onFile` resolves. */
  content: AsyncIterable<Uint8Array>
}

export interface ArchiveSummary {
  files: number
  /** Total size of the files in bytes. */
  unpacked: number
}

/**
 * Reads a `.tar.zst` as a stream, and stops at the first problem: an entry that isn't a file or directory, an unsafe
 * path, two paths that are the same file on some platform, damaged or truncated data, an exceeded limit.
 *
 * @param onFile called for one file at a time, and awaited
 * @throws {ArchiveProblem} if the archive is invalid; errors of `source` and `onFile` are passed on
 */
export async function readArchive(
  source: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
  onFile: (file: ArchiveFile) => Promise<void>,
): Promise<ArchiveSummary> {
  const size = {packed: 0}
  const packed = new ByteReader(countBytes(source, size, limits.packed))
  const content = decompress(packed)
  try {
    const {files, unpacked, framing} = await readEntries(new ByteReader(content), limits, onFile)
    const decompressed = unpacked + framing
    if (decompressed > limits.ratioFrom && decompressed > limits.ratio * size.packed) {
      throw new ArchiveProblem(`it unpacks to more than ${limits.ratio} times its size`, {limit: 'ratio'})
    }
    return {files, unpacked}
  } finally {
    await content.return(undefined)
    await packed.close()
  }
}

/** Bytes of headers and padding per file or directory: enough for the longest path, and for the padding of its content. */
const ordinaryFraming = 4096

/** @returns the files, and the bytes of everything in the tar that isn't their content. */
async function readEntries(
  tar: ByteReader,
  limits: ArchiveLimits,
  onFile: (file: ArchiveFile) => Promise<void>,
): Promise<ArchiveSummary & {framing: number}> {
  const paths = new PathRegister()
  const summary = {files: 0, unpacked: 0, framing: 0}
  let folders = 0
  for await (const {isFolder, framing, ...file} of tarEntries(tar)) {
    const {path} = file
    assertSafePath(path, limits)
    if (isFolder) {
      paths.addFolder(path)
      folders++
    } else {
      paths.addFile(path)
      summary.files++
      summary.unpacked += file.size
    }
    // Directories have their own count, because each costs as much as a file.
    if (Math.max(summary.files, folders) > limits.files) throw tooMany(limits, 'files', 'files or directories', path)
    summary.framing += framing
    const excess = Math.max(0, summary.framing - ordinaryFraming * (summary.files + folders))
    if (summary.unpacked + excess > limits.unpacked) throw tooMany(limits, 'unpacked', 'unpacked bytes', path)
    if (path === manifestFile && file.size > limits.manifest)
      throw tooMany(limits, 'manifest', 'bytes in its manifest', path)
    if (!isFolder) await onFile(file)
  }
  return summary
}

function tooMany(limits: ArchiveLimits, limit: keyof ArchiveLimits, what: string, path?: string): ArchiveProblem {
  return new ArchiveProblem(`it has more than ${limits[limit]} ${what}`, {limit, ...(path !== undefined && {path})})
}

async function* countBytes(
  source: AsyncIterable<Uint8Array>,
  size: {packed: number},
  limit: number,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    size.packed += chunk.length
    if (size.packed > limit) throw new ArchiveProblem(`it is larger than ${limit} bytes`, {limit: 'packed'})
    yield chunk
  }
}
