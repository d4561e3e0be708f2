import {realpathSync} from 'node:fs'
import path from 'node:path'

import type {Ports} from '@apkg/command-kit'
import {manifestFile} from '@apkg/package-format'

import {statOf} from '../files/stat-of.js'

/** Projects that are installed packages aren't the user's. */
const packagesFolder = 'apkg_packages'

/**
 * Finds the project of the current directory: that directory if it has an `apkg.json`, or else the nearest one above. The
 * search ends at the root of the git repository, at the home directory, and where the owner of the directory changes. It
 * never finds a manifest that another user owns.
 *
 * @returns its absolute path; the current directory if there is none
 * @throws {ApkgError} `CWD_UNUSABLE`
 */
export function findProject(ports: Pick<Ports, 'cwd' | 'home'>): string {
  const {cwd} = ports
  if (statOf(path.join(cwd, manifestFile))) return cwd
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
