/** What git says about the files it tracks. */
export interface TrackedFile {
  /** Relative to the worktree, with forward slashes. */
  path: string
  kind: 'file' | 'executable' | 'other'
}

/** Why an index can't be read. The message completes "it …". */
export class GitIndexProblem extends Error {
  override name = 'GitIndexProblem'

  constructor(
    message: string,
    /** The step that fixes it. */
    readonly suggestion?: string,
  ) {
    super(message)
  }
}

const signature = Buffer.from('DIRC')

/** Bytes before the object id: times, device, inode, mode, owner and size. */
const statSize = 40

/** Offset of the mode within an entry. */
const modeOffset = 24

/** In the flags of an entry: two more bytes of flags follow. */
const extendedFlag = 0x4000

/**
 * Reads `.git/index`, so that packing needs no git program, and runs nothing that a repository configures. Versions 2 to
 * 4, see https://git-scm.com/docs/index-format.
 *
 * @param hashSize bytes of an object id: 20, or 32 in a SHA-256 repository.
 * @throws {GitIndexProblem}
 */
export function parseGitIndex(index: Buffer, hashSize: 20 | 32): TrackedFile[] {
  if (index.length < 12 + hashSize || !index.subarray(0, 4).equals(signature)) throw problem('is not a git index')
  const version = index.readUInt32BE(4)
  if (version < 2 || version > 4) throw problem(`has the unknown version ${version}`)
  const files: TrackedFile[] = []
  const end = index.length - hashSize
  let [offset, name] = [12, Buffer.alloc(0) as Buffer]
  for (let left = index.readUInt32BE(8); left > 0; left--) {
    const flagsOffset = offset + statSize + hashSize
    if (flagsOffset + 2 > end) throw problem('is truncated')
    const isExtended = (index.readUInt16BE(flagsOffset) & extendedFlag) !== 0
    const start = flagsOffset + (isExtended ? 4 : 2)
    const {strip, from} = version === 4 ? readVarint(index, start) : {strip: name.length, from: start}
    const nul = index.indexOf(0, from)
    if (nul === -1 || nul >= end || strip > name.length) throw problem('is truncated')
    name = Buffer.concat([name.subarray(0, name.length - strip), index.subarray(from, nul)])
    files.push({path: name.toString('utf8'), kind: kindOf(index.readUInt32BE(offset + modeOffset))})
    // Before version 4, entries are padded with 1 to 8 NULs to a multiple of 8 bytes.
    offset = version === 4 ? nul + 1 : offset + Math.ceil((nul + 1 - offset) / 8) * 8
  }
  assertNotSplit(index, offset, end)
  return files
}

/** git's "offset encoding": seven bits a byte, most significant first. */
function readVarint(index: Buffer, start: number): {strip: number; from: number} {
  let from = start
  let byte = index[from++] ?? 0
  let strip = byte & 0x7f
  while ((byte & 0x80) !== 0 && from - start < 5) {
    byte = index[from++] ?? 0
    strip = (strip + 1) * 128 + (byte & 0x7f)
  }
  return {strip, from}
}

/** A split index has most of its entries in another file, which the extension `link` names. */
function assertNotSplit(index: Buffer, start: number, end: number): void {
  for (let offset = start; offset + 8 <= end;) {
    if (index.toString('latin1', offset, offset + 4) === 'link') {
      throw new GitIndexProblem('is split', 'run `git update-index --no-split-index`')
    }
    offset += 8 + index.readUInt32BE(offset + 4)
  }
}

function kindOf(mode: number): TrackedFile['kind'] {
  if (mode >>> 12 !== 0o10) return 'other'
  return (mode & 0o100) === 0 ? 'file' : 'executable'
}

function problem(message: string): GitIndexProblem {
  return new GitIndexProblem(message)
}
