import {ArchiveProblem} from './archive-problem.js'
import type {ByteReader} from './byte-reader.js'
import {decodeUtf8, parsePaxRecords} from './pax-records.js'
import {parseTarHeader, tarBlock, type TarHeader} from './tar-header.js'

/** A file or a folder in a tar. */
export interface TarEntry {
  isFolder: boolean
  /** As it is spelled in the archive, without the slash at the end of a folder's. */
  path: string
  isExecutable: boolean
  /** Bytes. */
  size: number
  /** What is not read of it before the next entry is asked for is skipped. */
  content: AsyncIterable<Uint8Array>
}

/** Bytes of a header that only says something about the next one. They are held in memory. */
const maxExtensionSize = 64 * 1024

/** Bytes of zeros after the end; a tape's record is 10 KiB. */
const maxPadding = 1024 * 1024

/**
 * The files and folders of a tar, up to its proper end.
 *
 * A library would forgive much that this does not: readers of tar differ in what they make of the unusual, and what the
 * registry checked has to be what every client unpacks.
 *
 * @throws ArchiveProblem
 */
export async function* tarEntries(tar: ByteReader): AsyncGenerator<TarEntry> {
  for (;;) {
    const entry = await nextEntry(tar)
    if (!entry) break
    const content = new EntryContent(tar, entry.size)
    yield {...entry, content}
    await content.skip()
  }
  await expectEnd(tar)
}

async function nextEntry(tar: ByteReader): Promise<Omit<TarEntry, 'content'> | undefined> {
  const said: Partial<Record<TarHeader['kind'], Uint8Array>> = {}
  for (;;) {
    const header = parseTarHeader(await tar.take(tarBlock))
    if (!header || header.kind === 'file' || header.kind === 'folder') {
      if (header) return describe(header, said)
      if (Object.keys(said).length > 0) throw new ArchiveProblem('a header stands before no file')
      return undefined
    }
    if (said[header.kind]) throw new ArchiveProblem('two headers of one kind stand before one file')
    if (header.size > maxExtensionSize) throw new ArchiveProblem('a header is larger than 64 KiB')
    said[header.kind] = await tar.take(header.size)
    await tar.take(paddingOf(header.size))
  }
}

function describe(header: TarHeader, said: Partial<Record<TarHeader['kind'], Uint8Array>>): Omit<TarEntry, 'content'> {
  const pax = said.pax ? parsePaxRecords(said.pax) : {}
  const everywhere = said['global-pax'] ? parsePaxRecords(said['global-pax']) : {}
  if (Object.keys(everywhere).length > 0) throw new ArchiveProblem('a pax header gives every file one path or size')
  const longName = said['long-name']
  if (pax.path !== undefined && longName) throw new ArchiveProblem(`\`${pax.path}\` has two names`, {path: pax.path})
  const name = pax.path ?? decodeUtf8(longName ? untilNul(longName) : header.name)
  const isFolder = header.kind === 'folder'
  const path = isFolder ? name.replace(/\/$/, '') : name
  const isOddSize = (pax.size !== undefined && pax.size !== String(header.size)) || (isFolder && header.size > 0)
  if (isOddSize) throw new ArchiveProblem(`\`${path}\` has two sizes`, {path})
  return {isFolder, path, isExecutable: header.isExecutable, size: header.size}
}

function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0)
  return end === -1 ? bytes : bytes.subarray(0, end)
}

function paddingOf(size: number): number {
  return (tarBlock - (size % tarBlock)) % tarBlock
}

/** An archive ends with two blocks of zeros, and perhaps more of them. */
async function expectEnd(tar: ByteReader): Promise<void> {
  if ((await tar.take(tarBlock)).some((byte) => byte !== 0)) throw new ArchiveProblem('something follows its end')
  for (let padding = 0; !(await tar.atEnd());) {
    const chunk = await tar.some(maxPadding)
    padding += chunk.length
    if (padding > maxPadding || chunk.some((byte) => byte !== 0)) {
      throw new ArchiveProblem('something follows its end')
    }
  }
}

class EntryContent implements AsyncIterable<Uint8Array> {
  readonly #tar: ByteReader
  readonly #padding: number
  #left: number

  constructor(tar: ByteReader, size: number) {
    this.#tar = tar
    this.#left = size
    this.#padding = paddingOf(size)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    while (this.#left > 0) {
      const chunk = await this.#tar.some(this.#left)
      this.#left -= chunk.length
      yield chunk
    }
  }

  /** Reads past what is left, and past what fills the last block. */
  async skip(): Promise<void> {
    while (this.#left > 0) this.#left -= (await this.#tar.some(this.#left)).length
    await this.#tar.take(this.#padding)
  }
}
