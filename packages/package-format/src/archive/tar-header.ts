import {ArchiveProblem} from './archive-problem.js'

/** Bytes. A header is one block, and content is padded to a multiple of it. */
export const tarBlock = 512

/** What an entry is, according to its type flag (POSIX ustar and GNU tar). */
export type TarEntryKind = 'file' | 'folder' | 'pax' | 'global-pax' | 'long-name'

export interface TarHeader {
  kind: TarEntryKind
  /** With the prefix, in an unknown encoding. */
  name: Uint8Array
  isExecutable: boolean
  /** Bytes of content. */
  size: number
}

const kinds: Partial<Record<string, TarEntryKind>> = {
  '0': 'file',
  '\0': 'file',
  '5': 'folder',
  x: 'pax',
  g: 'global-pax',
  L: 'long-name',
}

const rejectedKinds: Partial<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a named pipe',
  '7': 'a contiguous file',
  K: 'the target of a link',
  S: 'a sparse file',
}

/** Offset and length in bytes. */
const fields = {
  name: [0, 100],
  mode: [100, 8],
  size: [124, 12],
  checksum: [148, 8],
  magic: [257, 8],
  prefix: [345, 155],
} as const

const ustar = 'ustar\x0000'
const gnu = 'ustar  \0'

/**
 * Parses a header. Returns undefined for the block of zeros that ends an archive.
 *
 * It accepts only unambiguous headers: known formats, octal numbers, correct checksums.
 *
 * @throws {ArchiveProblem}
 */
export function parseTarHeader(bytes: Uint8Array): TarHeader | undefined {
  const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (block.every((byte) => byte === 0)) return undefined
  const checksum = octal(block, 'checksum')
  if (checksum === undefined || checksum !== tarChecksum(block)) throw new ArchiveProblem('a tar header is damaged')
  const magic = latin1(block, 'magic')
  if (magic !== ustar && magic !== gnu) throw new ArchiveProblem('its tar format is unknown')
  const prefix = magic === ustar ? text(block, 'prefix') : new Uint8Array(0)
  const name = prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), text(block, 'name')]) : text(block, 'name')
  const flag = String.fromCharCode(block[156] ?? 0)
  const kind = kinds[flag]
  if (!kind) {
    const path = Buffer.from(name).toString()
    const what = rejectedKinds[flag] ?? 'of an unknown kind'
    throw new ArchiveProblem(`\`${path}\` is ${what}; packages can contain only files and directories`, {path})
  }
  const [size, mode] = [octal(block, 'size'), octal(block, 'mode')]
  if (size === undefined || mode === undefined) {
    const path = Buffer.from(name).toString()
    throw new ArchiveProblem(`the header of \`${path}\` is damaged`, {path})
  }
  return {kind, name, isExecutable: (mode & 0o100) !== 0, size}
}

/** Formats a header in the format of GNU tar, without an owner or a time. */
export function formatTarHeader(entry: {flag: '0' | 'L'; name: Uint8Array; mode: number; size: number}): Uint8Array {
  const block = Buffer.alloc(tarBlock)
  block.set(entry.name.subarray(0, fields.name[1]))
  block.write(`${octalDigits(entry.mode, 7)}\0${octalDigits(0, 7)}\0${octalDigits(0, 7)}\0`, fields.mode[0], 'latin1')
  block.write(`${octalDigits(entry.size, 11)}\0${octalDigits(0, 11)}\0`, fields.size[0], 'latin1')
  block.write(entry.flag, 156, 'latin1')
  block.write(gnu, fields.magic[0], 'latin1')
  block.write(`${octalDigits(tarChecksum(block), 6)}\0 `, fields.checksum[0], 'latin1')
  return block
}

/** Sums the bytes of a header. The bytes of the checksum itself are treated as spaces. */
function tarChecksum(block: Uint8Array): number {
  const [start, length] = fields.checksum
  let sum = length * 0x20
  for (let index = 0; index < block.length; index++) {
    if (index < start || index >= start + length) sum += block[index] ?? 0
  }
  return sum
}

function latin1(block: Buffer, field: keyof typeof fields): string {
  const [start, length] = fields[field]
  return block.toString('latin1', start, start + length)
}

/** Returns the bytes of a field up to the first NUL. */
function text(block: Buffer, field: 'name' | 'prefix'): Uint8Array {
  const [start, length] = fields[field]
  const value = block.subarray(start, start + length)
  const end = value.indexOf(0)
  return end === -1 ? value : value.subarray(0, end)
}

/** Parses an octal number, padded with spaces or NULs. Returns undefined for anything else, including base 256. */
function octal(block: Buffer, field: 'mode' | 'size' | 'checksum'): number | undefined {
  const digits = /^[ ]*([0-7]+)[ \0]*$/.exec(latin1(block, field))?.[1]
  return digits === undefined ? undefined : Number.parseInt(digits, 8)
}

function octalDigits(value: number, width: number): string {
  return value.toString(8).padStart(width, '0')
}
