import {ArchiveProblem} from './archive-problem.js'

/** Bytes of a header, and what the content of each entry is filled up to. */
export const tarBlock = 512

/** What an entry of a tar is, by its type flag (POSIX ustar and GNU tar). */
export type TarEntryKind = 'file' | 'folder' | 'pax' | 'global-pax' | 'long-name'

export interface TarHeader {
  kind: TarEntryKind
  /** Bytes as they stand, without a prefix's; which encoding they have is not said. */
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

const refusedKinds: Partial<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a named pipe',
  '7': 'a contiguous file',
  K: 'the target of a link',
  S: 'a sparse file',
}

/** Where the fields are: offset and length. */
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
 * Reads a header; undefined for the block of zeros that ends an archive.
 *
 * Only one reading is possible of what is let through: numbers are octal, formats are known, sums are right.
 *
 * @throws ArchiveProblem
 */
export function parseTarHeader(block: Uint8Array): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined
  const checksum = octal(block, 'checksum')
  if (checksum === undefined || checksum !== tarChecksum(block)) throw new ArchiveProblem('a tar header is damaged')
  const magic = latin(block, 'magic')
  if (magic !== ustar && magic !== gnu) throw new ArchiveProblem('its tar format is not known')
  const prefix = magic === ustar ? text(block, 'prefix') : new Uint8Array(0)
  const name = prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), text(block, 'name')]) : text(block, 'name')
  const flag = String.fromCharCode(block[156] ?? 0)
  const kind = kinds[flag]
  const path = Buffer.from(name).toString()
  if (!kind) {
    const what = refusedKinds[flag] ?? 'of a kind that is not known'
    throw new ArchiveProblem(`\`${path}\` is ${what}; only files and folders can be in a package`, {path})
  }
  const [size, mode] = [octal(block, 'size'), octal(block, 'mode')]
  if (size === undefined || mode === undefined) throw new ArchiveProblem(`the header of \`${path}\` is damaged`, {path})
  return {kind, name, isExecutable: (mode & 0o100) !== 0, size}
}

/** The header of an entry as GNU tar writes it, of nobody and of no time. */
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

/** The sum of a header's bytes, those of the sum itself taken for spaces. */
function tarChecksum(block: Uint8Array): number {
  const [start, length] = fields.checksum
  let sum = length * 0x20
  for (let index = 0; index < block.length; index++) {
    if (index < start || index >= start + length) sum += block[index] ?? 0
  }
  return sum
}

function bytes(block: Uint8Array, field: keyof typeof fields): Uint8Array {
  const [start, length] = fields[field]
  return block.subarray(start, start + length)
}

function latin(block: Uint8Array, field: keyof typeof fields): string {
  return Buffer.from(bytes(block, field)).toString('latin1')
}

/** A text up to its NUL or the end of the field. */
function text(block: Uint8Array, field: 'name' | 'prefix'): Uint8Array {
  const whole = bytes(block, field)
  const end = whole.indexOf(0)
  return end === -1 ? whole : whole.subarray(0, end)
}

/** The number in a field; undefined for anything but octal digits between spaces and NULs, base-256 too. */
function octal(block: Uint8Array, field: 'mode' | 'size' | 'checksum'): number | undefined {
  const digits = /^[ ]*([0-7]+)[ \0]*$/.exec(latin(block, field))?.[1]
  return digits === undefined ? undefined : Number.parseInt(digits, 8)
}

function octalDigits(value: number, width: number): string {
  return value.toString(8).padStart(width, '0')
}
