import {byteSize, printable, type Screen} from '@apkg/command-kit'

import type {SkippedFile} from '../../publish/packing/collect-files.js'
import {type Fact, factLines} from '../facts.js'
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

/** The facts of a tarball, and more that follow them, one per line. */
export function packedLines(
  {size, integrity}: Pick<Packed, 'size' | 'integrity'>,
  screen: Screen,
  more: readonly Fact[] = [],
): string {
  return textOf([['Size', byteSize(size)], ['Integrity', integrity], ...more], screen)
}

/** The files that would be packed and those that are skipped, one per line, and the totals. */
export function contentLines(packed: Packed, screen: Screen, more: readonly Fact[] = []): string {
  const {files, unpackedSize, size, integrity} = packed
  const facts: Fact[] = [
    ['Files', String(files.length)],
    ['Unpacked size', byteSize(unpackedSize)],
    ['Size', byteSize(size)],
    ['Integrity', integrity],
  ]
  return fileLines(packed) + textOf([...facts, ...more], screen)
}

function textOf(facts: readonly Fact[], screen: Screen): string {
  return factLines(facts, screen)
    .map((line) => `${line}\n`)
    .join('')
}

/** The files of a package and those that are skipped, one per line. */
export function fileLines({files, skipped}: Pick<Packed, 'files' | 'skipped'>): string {
  const sizes = files.map(({size}) => byteSize(size))
  const width = Math.max(...sizes.map((size) => size.length))
  const lines = files.map(({path}, index) => `${(sizes[index] ?? '').padStart(width)}  ${printable(path)}\n`)
  return lines.join('') + skippedLines(skipped)
}
