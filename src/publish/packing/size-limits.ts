import {printable, type ApkgError} from '@apkg/command-kit'

import {failure} from '../failures.js'

/** How many files are named. */
const named = 3

/** @param files those of the package, with sizes in bytes: the largest are named as what to look at. */
export function beyondLimit(problem: string, files: readonly {path: string; size: number}[]): ApkgError {
  const largest = [...files].sort((a, b) => b.size - a.size).slice(0, named)
  const listed = largest.map(({path, size}) => `${printable(path)} (${megabytes(size)})`)
  return failure('PACKAGE_NOT_PACKABLE', {
    problems: [`${problem}. Largest files: ${listed.join(', ')}`],
    suggestions: [
      'list what nobody needs who uses the package in .apkgignore, or move large files to a package of their own',
    ],
  })
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`
}
