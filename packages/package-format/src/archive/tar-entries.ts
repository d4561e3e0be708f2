import {ArchiveProblem} from './archive-problem.js'
import type {ByteReader} from './byte-reader.js'
import {decodeUtf8, parsePaxRecords} from './pax-records.js'
import type {Reading} from './reading.js'
import {parseTarHeader, tarBlock, type TarHeader} from './tar-header.js'

export interface TarEntry {
  isFolder: boolean
  /** As spelled in the archive; the path of a directory without the slash at its end. */
  path: string
  isExecutable: boolean
  /** Bytes. */
  size: number
  /** Bytes of its headers, extended headers and padding. */
  framing: number
  /** Can be read until the visitor returns. */
  content: EntryContent
}

/** Bytes. Extended headers, which describe the next entry, are kept in memory. */
const maxExtensionSize = 64 * 1024

/** Bytes of zeros after the end. A record on tape has 10 KiB. */
const maxPadding = 1024 * 1024

/**
 * Reads the files and directories of a tar.
 *
 * Libraries are more lenient, and each interprets unusual archives in its own way. This parser rejects them, so that
 * every client unpacks exactly what the registry checked.
 *
 * @throws {ArchiveProblem}; errors of `visit` are passed on
 */
export function* readTar(tar: ByteReader, visit: (entry: TarEntry) => Reading<void>): Reading<void> {
  for (;;) {
    const entry = yield* nextEntry(tar)
    if (!entry) break
    const content = new EntryContent(tar, entry.size)
    yield* visit({...entry, content})
    yield* content.skip()
  }
  yield* assertEnd(tar)
}

type Extensions = Partial<Record<TarHeader['kind'], Uint8Array>>

function* nextEntry(tar: ByteReader): Reading<Omit<TarEntry, 'content'> | undefined> {
  const extensions: Extensions = {}
  for (let framing = tarBlock; ; framing += tarBlock) {
    const header = parseTarHeader(yield* tar.take(tarBlock))
    if (!header || header.kind === 'file' || header.kind === 'folder') {
      if (header) return {...toEntry(header, extensions), framing: framing + paddingOf(header.size)}
      if (Object.keys(extensions).length > 0) throw new ArchiveProblem('an extended header is not followed by a file')
      return undefined
    }
    if (extensions[header.kind]) throw new ArchiveProblem('a file has two extended headers of the same kind')
    if (header.size > maxExtensionSize) throw new ArchiveProblem('an extended header is larger than 64 KiB')
    extensions[header.kind] = yield* tar.take(header.size)
    yield* tar.take(paddingOf(header.size))
    framing += header.size + paddingOf(header.size)
  }
}

function toEntry(header: TarHeader, extensions: Extensions): Omit<TarEntry, 'content' | 'framing'> {
  const pax = extensions.pax ? parsePaxRecords(extensions.pax) : {}
  const globalPax = extensions['global-pax'] ? parsePaxRecords(extensions['global-pax']) : {}
  if (Object.keys(globalPax).length > 0) throw new ArchiveProblem('a global pax header sets a path or a size')
  const longName = extensions['long-name']
  if (pax.path !== undefined && longName) throw new ArchiveProblem(`\`${pax.path}\` has two names`, {path: pax.path})
  const name = pax.path ?? decodeUtf8(longName ? untilNul(longName) : header.name)
  const isFolder = header.kind === 'folder'
  const path = isFolder ? name.replace(/\/$/, '') : name
  if (isFolder && header.size > 0) throw new ArchiveProblem(`\`${path}\` is a directory with content`, {path})
  if (pax.size !== undefined && pax.size !== String(header.size)) {
    throw new ArchiveProblem(`\`${path}\` has two sizes`, {path})
  }
  return {isFolder, path, isExecutable: header.isExecutable, size: header.size}
}

function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0)
  return end === -1 ? bytes : bytes.subarray(0, end)
}

function paddingOf(size: number): number {
  return (tarBlock - (size % tarBlock)) % tarBlock
}

/** Checks the end of an archive, after its first block of zeros: a second block, and optional padding. */
function* assertEnd(tar: ByteReader): Reading<void> {
  const trailingData = () => new ArchiveProblem('it has data after its end')
  if ((yield* tar.take(tarBlock)).some((byte) => byte !== 0)) throw trailingData()
  for (let padding = 0; !(yield* tar.atEnd());) {
    const chunk = yield* tar.takeUpTo(maxPadding)
    padding += chunk.length
    if (padding > maxPadding || chunk.some((byte) => byte !== 0)) throw trailingData()
  }
}

/** The content of an entry, which can be read once. */
export class EntryContent {
  readonly #tar: ByteReader
  readonly #padding: number
  #left: number

  constructor(tar: ByteReader, size: number) {
    this.#tar = tar
    this.#left = size
    this.#padding = paddingOf(size)
  }

  /** Reads the next chunk; undefined at the end. */
  *next(): Reading<Uint8Array | undefined> {
    if (this.#left === 0) return undefined
    const chunk = yield* this.#tar.takeUpTo(this.#left)
    this.#left -= chunk.length
    return chunk
  }

  /** Skips the unread content and the padding of the last block. */
  *skip(): Reading<void> {
    while (this.#left > 0) yield* this.next()
    yield* this.#tar.take(this.#padding)
  }
}
