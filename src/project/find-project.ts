import {realpathSync, type Stats} from 'node:fs'
import path from 'node:path'

import {failure, type Ports} from '@apkg/command-kit'
import {manifestFile} from '@apkg/package-format'

import {statOf} from '../files/stat-of.js'

/** Projects that are installed packages aren't the user's. */
const packagesFolder = 'apkg_packages'

/**
 * Finds the project of the current directory: that directory if it has an `apkg.json`, or else the nearest one above. The
 * search ends at the root of the git repository, at the home directory, and where the owner of the directory changes. It
 * never finds a manifest above that another user owns.
 *
 * In the current directory, which the user chose, a manifest of another user is accepted: in a container, mounted files
 * often belong to a user outside. In a directory where everyone can create files, such as `/tmp`, it is refused, as
 * Linux refuses to open such files.
 *
 * @returns its absolute path; the current directory if there is none
 * @throws {ApkgError} `CWD_UNUSABLE`; `FILE_UNREADABLE` if it was planted in the current directory
 */
export function findProject(ports: Pick<Ports, 'cwd' | 'home'>): string {
  const {cwd} = ports
  const present = statOf(path.join(cwd, manifestFile))
  if (present) {
    assertNotPlanted(path.join(cwd, manifestFile), present, statOf(cwd))
    return cwd
  }
  const home = realPath(ports.home)
  const owner = statOf(cwd)?.uid
  let folder = cwd
  while (!isBoundary(folder, home)) {
    folder = path.dirname(folder)
    if (statOf(folder)?.uid !== owner) return cwd
    if (folder.split(path.sep).includes(packagesFolder)) continue
    const manifest = statOf(path.join(folder, manifestFile))
    if (manifest) return manifest.uid === userId() ? folder : cwd
  }
  return cwd
}

/** World-writable and sticky. */
const openToAll = 0o1002

function assertNotPlanted(manifest: string, {uid}: Stats, folder: Stats | undefined): void {
  const isOpen = folder !== undefined && (folder.mode & openToAll) === openToAll
  if (!isOpen || [userId(), 0, folder.uid].includes(uid)) return
  const reason = `another user (uid ${uid}) created it in a directory that everyone can write to`
  const suggestions = ['change to the directory of your project', 'move your project to its own directory']
  throw failure('FILE_UNREADABLE', {path: manifest, reason, suggestions})
}

function isBoundary(folder: string, home: string): boolean {
  return folder === path.dirname(folder) || folder === home || statOf(path.join(folder, '.git')) !== undefined
}

/** On Windows, the owner of every file is 0. */
function userId(): number {
  return process.geteuid?.() ?? 0
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}
