import {byteSize, printable} from '@apkg/command-kit'

import type {SkippedFile} from '../../publish/packing/collect-files.js'
import {skippedLines} from './pack-notes.js'

interface Packed {
  integrity: string
  /** Bytes of the tarball. */
  size: number
  /** Bytes of the files in it. */
  unpackedSize: number
  files: readonly {path: string; size: number}[]
  skipped: readonly SkippedFile[]
}

/** The facts of a tarball, one per line. */
export function packedLines({size, integrity}: Pick<Packed, 'size' | 'integrity'>): string {
  return `Size: ${byteSize(size)}\nIntegrity: ${integrity}\n`
}

/** The files that would be packed and those that are skipped, one per line, and the totals. */
export function contentLines(packed: Packed): string {
  const {files, unpackedSize} = packed
  return `${fileLines(packed)}Files: ${files.length}\nUnpacked size: ${byteSize(unpackedSize)}\n${packedLines(packed)}`
}

/** The files of a package and those that are skipped, one per line. */
export function fileLines({files, skipped}: Pick<Packed, 'files' | 'skipped'>): string {
  const sizes = files.map(({size}) => byteSize(size))
  const width = Math.max(...sizes.map((size) => size.length))
  const lines = files.map(({path}, index) => `${(sizes[index] ?? '').padStart(width)}  ${printable(path)}\n`)
  return lines.join('') + skippedLines(skipped)
}
