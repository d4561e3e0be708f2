import {isUtf8} from 'node:buffer'

import {findHiddenCharacters} from './hidden-characters.js'
import {textOf, type PackageFile} from './package-files.js'

/** A line of a text file with invisible characters. */
export interface HiddenText {
  /** Path within the package. */
  path: string
  /** From 1. */
  line: number
  /** The code points, each once, such as `U+200B`. */
  characters: string[]
}

/** The text of a file; undefined if it isn't text. */
export function plainTextOf(file: PackageFile): string | undefined {
  return isUtf8(file.content) && !file.content.includes(0) ? textOf(file) : undefined
}

/** Finds hidden characters in text files, line by line. At most 100 characters a file are found. */
export function findHiddenTexts(files: readonly PackageFile[]): HiddenText[] {
  return files.flatMap((file) => {
    const lines = new Map<number, Set<string>>()
    for (const {line, code} of findHiddenCharacters(plainTextOf(file) ?? '')) {
      lines.set(line, (lines.get(line) ?? new Set()).add(code))
    }
    return [...lines].map(([line, codes]) => ({path: file.path, line, characters: [...codes]}))
  })
}
