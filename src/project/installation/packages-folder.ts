import {existsSync, lstatSync, readdirSync, type Stats} from 'node:fs'
import path from 'node:path'

import {errorReason} from '@apkg/command-kit'
import {isPackageName, isPackageScope, manifestFile, scopeOf} from '@apkg/package-format'

import {failure} from '../failures.js'
import {readLedgerKey} from '../../files/ledger-key.js'
import {readLedger, type Ledger} from './ledger.js'

const noLinks: ReadonlySet<string> = new Set()

/** The directory where a project's packages are installed, `apkg_packages`, and apkg's own files in it. */
export class PackagesFolder {
  readonly root: string
  /** Packages are unpacked here: on the same file system, so that a rename installs them. */
  readonly staging: string
  readonly ledgerFile: string
  readonly lockFile: string

  /** @param project the project's directory, absolute. */
  constructor(project: string) {
    this.root = path.join(project, 'apkg_packages')
    this.staging = path.join(this.root, '.staging')
    this.ledgerFile = path.join(this.root, '.ledger.json')
    this.lockFile = path.join(this.root, '.lock')
  }

  /** The ledger, if it was written with the user's key; else an empty one. @param home the user's home directory. */
  async readLedger(home: string): Promise<Ledger> {
    return readLedger(this.ledgerFile, await readLedgerKey(home))
  }

  /** Where a package is installed. @param name a valid name. */
  packagePath(name: string): string {
    return this.root + path.sep + name.replaceAll('/', path.sep)
  }

  /** The directory of a package's scope; the root for a package without one. */
  scopePath(name: string): string {
    const scope = scopeOf(name)
    return scope === '' ? this.root : this.root + path.sep + scope
  }

  /**
   * Asserts that no directory from the project down to its packages is a symbolic link, so that nothing is written
   * outside of the project.
   *
   * @param names the packages that are about to be read or written.
   * @param links names of packages that may be links, because apkg created them.
   * @throws {ApkgError} `FOLDER_UNMANAGED` for a symbolic link, or a file in place of a directory.
   */
  assertReal(names: Iterable<string>, links: ReadonlySet<string> = noLinks): void {
    const folders = new Set([this.root, this.staging])
    for (const name of names) folders.add(this.scopePath(name)).add(this.packagePath(name))
    const linked = new Set([...links].map((name) => this.packagePath(name)))
    for (const folder of folders) {
      const stat = lstat(folder)
      if (!stat || stat.isDirectory() || (stat.isSymbolicLink() && linked.has(folder))) continue
      throw failure('FOLDER_UNMANAGED', {
        path: folder,
        reason: stat.isSymbolicLink() ? 'it is a symbolic link' : 'it is not a directory',
      })
    }
  }

  /** The names of everything found where packages are installed, sorted. Without a scope, only what has a manifest. */
  present(): string[] {
    const found = entriesOf(this.root).flatMap((entry) => {
      if (!isPackageScope(entry)) return existsSync(path.join(this.root, entry, manifestFile)) ? [entry] : []
      return entriesOf(path.join(this.root, entry)).map((name) => `${entry}/${name}`)
    })
    return found.filter((name) => isPackageName(name)).sort()
  }
}

/** The names in a directory; none if it cannot be read. */
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function lstat(file: string): Stats | undefined {
  try {
    return lstatSync(file, {throwIfNoEntry: false})
  } catch (error) {
    throw failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
}
