import type {ArchiveLimits} from '../limits.js'
import {manifestFile} from '../manifest/manifest.js'
import {ArchiveProblem} from './archive-problem.js'
import {ByteReader} from './byte-reader.js'
import {Decompression} from './decompress.js'
import {assertSafePath, PathRegister} from './entry-path.js'
import {SourceChunks, type ByteSource, type Reading} from './reading.js'
import {readTar, type EntryContent} from './tar-entries.js'
import {ZstdDecoder} from './zstd.js'

/** A file in an archive. Directories are implied by the paths of files. */
export interface ArchiveFile<Content = AsyncIterable<Uint8Array>> {
  /** Relative, with forward slashes, and safe on every platform. */
  path: string
  isExecutable: boolean
  /** Bytes. */
  size: number
  /** Can be read once, until the callback has ended. */
  content: Content
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
  source: ByteSource,
  limits: ArchiveLimits,
  onFile: (file: ArchiveFile) => Promise<void>,
): Promise<ArchiveSummary> {
  return readChunks(
    source,
    limits,
    (chunks) =>
      function* ({content, ...file}) {
        yield onFile({...file, content: iterate(chunks, content)})
      },
  )
}

/**
 * Like `readArchive`, but calls back without a promise for each file and chunk. That matters for many small archives.
 *
 * @param visit reads the content by `yield* file.content.next()`
 */
export async function visitArchive(
  source: ByteSource,
  limits: ArchiveLimits,
  visit: (file: ArchiveFile<EntryContent>) => Reading<void>,
): Promise<ArchiveSummary> {
  return readChunks(source, limits, () => visit)
}

async function* iterate(chunks: SourceChunks, content: EntryContent): AsyncGenerator<Uint8Array> {
  for (;;) {
    const chunk = await chunks.run(content.next())
    if (chunk === undefined) return
    yield chunk
  }
}

type Visit = (file: ArchiveFile<EntryContent>) => Reading<void>

async function readChunks(
  source: ByteSource,
  limits: ArchiveLimits,
  visitWith: (chunks: SourceChunks) => Visit,
): Promise<ArchiveSummary> {
  const chunks = new SourceChunks(source)
  try {
    const decoder = await ZstdDecoder.create()
    const packed = new PackedSize(limits.packed)
    const decompression = new Decompression(new ByteReader(() => packed.nextChunk()), decoder)
    try {
      return await chunks.run(readEntries(decompression, packed, limits, visitWith(chunks)))
    } finally {
      decoder.release(decompression.isComplete)
    }
  } finally {
    await chunks.close()
  }
}

/** Bytes of headers and padding per file or directory: enough for the longest path, and for the padding of its content. */
const ordinaryFraming = 4096

function* readEntries(
  decompression: Decompression,
  packed: PackedSize,
  limits: ArchiveLimits,
  visit: Visit,
): Reading<ArchiveSummary> {
  const paths = new PathRegister()
  const summary = {files: 0, unpacked: 0}
  let folders = 0
  // Bytes of everything in the tar that isn't the content of a file.
  let allFraming = 0
  const tar = new ByteReader(() => decompression.next())
  yield* readTar(tar, function* ({isFolder, framing, ...file}) {
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
    allFraming += framing
    const excess = Math.max(0, allFraming - ordinaryFraming * (summary.files + folders))
    if (summary.unpacked + excess > limits.unpacked) throw tooMany(limits, 'unpacked', 'unpacked bytes', path)
    if (path === manifestFile && file.size > limits.manifest)
      throw tooMany(limits, 'manifest', 'bytes in its manifest', path)
    if (!isFolder) yield* visit(file)
  })
  const decompressed = summary.unpacked + allFraming
  if (decompressed > limits.ratioFrom && decompressed > limits.ratio * packed.size) {
    throw new ArchiveProblem(`it unpacks to more than ${limits.ratio} times its size`, {limit: 'ratio'})
  }
  return summary
}

function tooMany(limits: ArchiveLimits, limit: keyof ArchiveLimits, what: string, path?: string): ArchiveProblem {
  return new ArchiveProblem(`it has more than ${limits[limit]} ${what}`, {limit, ...(path !== undefined && {path})})
}

/** Counts the bytes of the source. */
class PackedSize {
  size = 0

  constructor(private readonly limit: number) {}

  /** @throws {ArchiveProblem} if the source is too large */
  *nextChunk(): Reading<Uint8Array | undefined> {
    const chunk = yield 'chunk'
    this.size += chunk?.length ?? 0
    if (this.size > this.limit) throw new ArchiveProblem(`it is larger than ${this.limit} bytes`, {limit: 'packed'})
    return chunk
  }
}
