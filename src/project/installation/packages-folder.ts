import {lstatSync, readdirSync, type Stats} from 'node:fs'
import path from 'node:path'

import {reasonOf} from '@apkg/command-kit'
import {isPackageName, isPackageScope, scopeOf} from '@apkg/package-format'

import {failure} from '../failures.js'

const noLinks: ReadonlySet<string> = new Set()

/** Where the packages of a project are installed, `apkg_packages`, and what else is in there. */
export class PackagesFolder {
  readonly root: string
  /** What is being unpacked; on the same file system, so that a rename brings it into its place. */
  readonly staging: string
  readonly ledger: string
  readonly lock: string

  /** @param project the project's folder, absolute. */
  constructor(project: string) {
    this.root = path.join(project, 'apkg_packages')
    this.staging = path.join(this.root, '.staging')
    this.ledger = path.join(this.root, '.ledger.json')
    this.lock = path.join(this.root, '.lock')
  }

  /** Where a package belongs. @param name a valid name. */
  packagePath(name: string): string {
    return this.root + path.sep + name.replaceAll('/', path.sep)
  }

  scopePath(name: string): string {
    return this.root + path.sep + scopeOf(name)
  }

  /**
   * Makes sure that nothing between the project and its packages leads elsewhere, so that what is written below them
   * stays below them.
   *
   * @param names the packages that are about to be looked at or written.
   * @param links names in whose place there may be a link, since apkg made one there.
   * @throws {ApkgError} `FOLDER_UNMANAGED` for a symbolic link, or for a file where a folder belongs.
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
        what: stat.isSymbolicLink() ? 'a symbolic link' : 'not a folder',
      })
    }
  }

  /** The names of everything that lies where packages are installed, sorted. */
  present(): string[] {
    const scopes = entriesOf(this.root).filter((entry) => isPackageScope(entry))
    return scopes
      .flatMap((scope) => entriesOf(path.join(this.root, scope)).map((entry) => `${scope}/${entry}`))
      .filter((name) => isPackageName(name))
      .sort()
  }
}

/** The names in a folder; none where it is not there or no folder. */
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
    throw failure('FILE_UNREADABLE', {path: file, reason: reasonOf(error)}, {cause: error})
  }
}
