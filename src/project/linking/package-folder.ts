import {realpath} from 'node:fs/promises'

import {printable, errorReason} from '@apkg/command-kit'
import {packageNameProblem} from '@apkg/package-format'

import {failure} from '../failures.js'
import {readProject} from '../read-project.js'

/** A directory that contains a package. */
export interface PackageFolder {
  name: string
  /** Absolute path of the package, with symbolic links resolved. */
  path: string
}

/**
 * Finds the package in a directory.
 *
 * @param folder absolute.
 * @throws {ApkgError} `MANIFEST_INVALID`, also for an invalid name; `FILE_UNREADABLE`; the errors of `readProject`.
 */
export async function readPackageFolder(folder: string): Promise<PackageFolder> {
  const {name} = (await readProject(folder)).manifest
  const problem = packageNameProblem(name)
  if (problem !== undefined) {
    throw failure('MANIFEST_INVALID', {path: `${folder}/apkg.json`, reason: `\`name\` ${problem}: ${printable(name)}`})
  }
  try {
    return {name, path: await realpath(folder)}
  } catch (error) {
    throw failure('FILE_UNREADABLE', {path: folder, reason: errorReason(error)}, {cause: error})
  }
}
