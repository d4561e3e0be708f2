import type {ArchiveLimits} from '../limits.js'
import {manifestFile} from '../manifest/manifest.js'
import {ArchiveProblem} from './archive-problem.js'
import {ByteReader} from './byte-reader.js'
import {decompress} from './decompress.js'
import {assertSafePath, PathRegister} from './entry-path.js'
import {tarEntries} from './tar-entries.js'

/** A file in an archive. Folders are implied by the paths of files. */
export interface ArchiveFile {
  /** Relative, with forward slashes, found to be safe to write below a folder on any platform. */
  path: string
  isExecutable: boolean
  /** Bytes. */
  size: number
  /** To be read to its end, once, before the next file; what is left unread is skipped. */
  content: AsyncIterable<Uint8Array>
}

export interface ArchiveSummary {
  files: number
  /** Bytes of all files together. */
  unpacked: number
}

/**
 * Reads a `.tar.zst` as it arrives, in little memory, and refuses it at the first thing that is not as it should be:
 * anything but files and folders, a path that could leave the folder or mean another on some platform, two paths that
 * are one on some platform, a broken or cut stream, anything beyond the limits.
 *
 * @param onFile called for each file in turn, and awaited.
 * @throws ArchiveProblem; whatever `source` and `onFile` throw.
 */
export async function readArchive(
  source: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
  onFile: (file: ArchiveFile) => Promise<void>,
): Promise<ArchiveSummary> {
  const size = {packed: 0}
  const packed = new ByteReader(counted(source, size, limits.packed))
  const content = decompress(packed)
  try {
    const summary = await readEntries(new ByteReader(content), limits, onFile)
    const {unpacked} = summary
    if (unpacked > limits.ratioFrom && unpacked > limits.ratio * size.packed) {
      throw new ArchiveProblem(`it unpacks to more than ${limits.ratio} times its size`, {limit: 'ratio'})
    }
    return summary
  } finally {
    await content.return(undefined)
    await packed.close()
  }
}

async function readEntries(
  tar: ByteReader,
  limits: ArchiveLimits,
  onFile: (file: ArchiveFile) => Promise<void>,
): Promise<ArchiveSummary> {
  const paths = new PathRegister()
  const summary: ArchiveSummary = {files: 0, unpacked: 0}
  let folders = 0
  for await (const {isFolder, ...file} of tarEntries(tar)) {
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
    // Folders count by themselves: they cost as much as files.
    if (Math.max(summary.files, folders) > limits.files) throw beyond(limits, 'files', 'files or folders', path)
    if (summary.unpacked > limits.unpacked) throw beyond(limits, 'unpacked', 'bytes unpacked', path)
    if (path === manifestFile && file.size > limits.manifest)
      throw beyond(limits, 'manifest', 'bytes of manifest', path)
    if (!isFolder) await onFile(file)
  }
  return summary
}

function beyond(limits: ArchiveLimits, limit: keyof ArchiveLimits, what: string, path?: string): ArchiveProblem {
  return new ArchiveProblem(`it has more than ${limits[limit]} ${what}`, {limit, ...(path !== undefined && {path})})
}

async function* counted(
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
