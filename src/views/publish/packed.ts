import {printable} from '@apkg/command-kit'

import {byteSize} from '../byte-size.js'

interface Packed {
  integrity: string
  /** Bytes of the tarball. */
  size: number
  /** Bytes of the files in it. */
  unpackedSize: number
  files: readonly {path: string; size: number}[]
}

/** The facts of a tarball, one per line. */
export function packedLines({size, integrity}: Packed): string {
  return `Size: ${byteSize(size)}\nIntegrity: ${integrity}\n`
}

/** The files that would be packed, one per line, and the totals. */
export function contentLines(packed: Packed): string {
  const {files, unpackedSize} = packed
  const sizes = files.map(({size}) => byteSize(size))
  const width = Math.max(...sizes.map((size) => size.length))
  const lines = files.map(({path}, index) => `${(sizes[index] ?? '').padStart(width)}  ${printable(path)}\n`)
  return `${lines.join('')}Files: ${files.length}\nUnpacked size: ${byteSize(unpackedSize)}\n${packedLines(packed)}`
}
