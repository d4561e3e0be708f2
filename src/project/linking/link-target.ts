import {statSync} from 'node:fs'
import path from 'node:path'

import {printable} from '@apkg/command-kit'
import {isPackageName} from '@apkg/package-format'

import {failure} from '../failures.js'
import {registeredLink} from './link-registry.js'
import {readPackageFolder, type PackageFolder} from './package-folder.js'

/**
 * The package that an argument of `apkg link` refers to: a path if it looks like one or is a directory, else the name of
 * a registered package.
 *
 * @param cwd absolute.
 * @throws {ApkgError} `LINK_TARGET_NOT_FOUND`, `LINK_UNREGISTERED`; the errors of reading.
 */
export async function findLinkTarget(text: string, {cwd, home}: {cwd: string; home: string}): Promise<PackageFolder> {
  const folder = path.resolve(
    cwd,
    text.replace(/^~(?=$|[/\\])/, () => home),
  )
  const looksLikePath = /^[.~]/.test(text) || path.isAbsolute(text)
  if (looksLikePath || isFolder(folder)) {
    if (!isFolder(folder)) throw failure('LINK_TARGET_NOT_FOUND', {message: `Path does not exist: ${printable(text)}`})
    return readPackageFolder(folder)
  }
  const registered = isPackageName(text) ? await registeredLink(home, text) : undefined
  if (!registered) throw failure('LINK_UNREGISTERED', {name: printable(text)})
  if (!isFolder(registered.path)) {
    throw failure('LINK_TARGET_NOT_FOUND', {message: `Linked path no longer exists: ${printable(registered.path)}`})
  }
  const found = await readPackageFolder(registered.path)
  if (found.name !== text) {
    throw failure('LINK_TARGET_NOT_FOUND', {
      message: `Linked path no longer contains ${text}: ${printable(registered.path)} contains ${found.name}`,
    })
  }
  return found
}

function isFolder(file: string): boolean {
  return statSync(file, {throwIfNoEntry: false})?.isDirectory() ?? false
}
