import {printable, type ApkgError} from '@apkg/command-kit'

import {failure} from '../failures.js'

const maxListed = 3

/** @param files the package's files with sizes in bytes. The error lists the largest. */
export function sizeLimitError(problem: string, files: readonly {path: string; size: number}[]): ApkgError {
  const largest = [...files].sort((a, b) => b.size - a.size).slice(0, maxListed)
  const listed = largest.map(({path, size}) => `${printable(path)} (${mebibytes(size)})`)
  return failure('PACKAGE_NOT_PACKABLE', {
    problems: [`${problem}. Largest files: ${listed.join(', ')}`],
    suggestions: ['list files that users do not need in .apkgignore', 'move large files to a separate package'],
  })
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`
}
