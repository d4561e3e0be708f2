import path from 'node:path'

import {defaultLimits, manifestFile, ManifestProblem, parseManifest} from '@apkg/package-format'

import {isExecutable} from '../../files/is-executable.js'
import {readBounded} from '../../files/read-bounded.js'
import {statOf} from '../../files/stat-of.js'
import {UnusableFile} from '../../files/unusable-file.js'
import {readLockfile} from '../lockfile/read-lockfile.js'
import {filesBelow, sha256Of} from './compare-with-ledger.js'
import type {InstalledFile, Ledger, LedgerPackage} from './ledger.js'
import type {PackagesFolder} from './packages-folder.js'

/**
 * A ledger of what is in `apkg_packages` at the locked versions, no matter who put it there. Only for comparing files: it must
 * never decide what is written or removed.
 *
 * Without the key of the real ledger, that is all that can be known, as in a CI job that can't write its home directory.
 *
 * @param project the project's directory, absolute.
 * @throws {ApkgError} the errors of `readLockfile`.
 */
export async function packagesOnDisk(folder: PackagesFolder, project: string): Promise<Ledger> {
  const locked = (await readLockfile(project))?.lockfile.packages
  const packages = new Map<string, LedgerPackage>()
  const links = new Set<string>()
  for (const name of locked?.keys() ?? folder.present()) {
    if (statOf(folder.packagePath(name))?.isSymbolicLink()) links.add(name)
    const found = await packageOnDisk(folder, name)
    const {version, integrity} = locked?.get(name) ?? {...found, integrity: ''}
    if (found && found.version === version) packages.set(name, {name, version, integrity, files: found.files})
  }
  const changing = [...(locked?.keys() ?? [])].filter((name) => !packages.has(name) && !links.has(name))
  return {basis: undefined, packages, changing: new Set(changing), links}
}

async function packageOnDisk(
  folder: PackagesFolder,
  name: string,
): Promise<{version: string; files: InstalledFile[]} | undefined> {
  const place = folder.packagePath(name)
  if (![folder.root, folder.scopePath(name), place].every((each) => statOf(each)?.isDirectory())) return undefined
  const version = await versionIn(place)
  const files: InstalledFile[] = []
  for (const file of filesBelow(place, '') ?? []) {
    const stat = statOf(`${place}/${file}`)
    const sha256 = stat?.isFile() ? await sha256Of(`${place}/${file}`, stat.size) : undefined
    if (!stat || sha256 === undefined) return undefined
    const {size, mtimeMs, ctimeMs, ino} = stat
    files.push({path: file, size, sha256, isExecutable: isExecutable(stat), mtimeMs, ctimeMs, ino})
  }
  return version === undefined ? undefined : {version, files}
}

async function versionIn(place: string): Promise<string | undefined> {
  try {
    const text = await readBounded(path.join(place, manifestFile), defaultLimits.unpacked)
    return parseManifest(text.toString('utf8')).manifest.version
  } catch (error) {
    const isUnreadable = error instanceof UnusableFile || error instanceof ManifestProblem
    if (isUnreadable || (error instanceof Error && 'code' in error)) return undefined
    throw error
  }
}
