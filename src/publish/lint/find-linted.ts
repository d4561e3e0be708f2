import {statSync} from 'node:fs'
import path from 'node:path'

import {printable, type Ports} from '@apkg/command-kit'
import {manifestFile} from '@apkg/package-format'

import {statOf} from '../../files/stat-of.js'
import {findProject} from '../../project/find-project.js'
import {failure} from '../failures.js'

/**
 * The directory to check: the given one, or the package that contains the current directory, or else the current
 * directory.
 *
 * @returns its absolute path
 * @throws {ApkgError} `LINT_NOT_A_DIRECTORY`; `CWD_UNUSABLE`
 */
export function findLinted(given: string | undefined, ports: Pick<Ports, 'cwd' | 'home'>): string {
  if (given !== undefined) {
    const folder = path.resolve(ports.cwd, given)
    if (!isDirectory(folder)) throw failure('LINT_NOT_A_DIRECTORY', {path: printable(folder)})
    return folder
  }
  const project = findProject(ports)
  return statOf(path.join(project, manifestFile)) ? project : ports.cwd
}

/** Also for a link to one. */
function isDirectory(folder: string): boolean {
  try {
    return statSync(folder).isDirectory()
  } catch {
    return false
  }
}
