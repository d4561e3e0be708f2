import {lstatSync, mkdirSync, renameSync, rmdirSync} from 'node:fs'

import type {PackagesFolder} from './packages-folder.js'
import type {Staging} from './staging.js'

/** A package to replace or remove. */
export interface Replacement {
  name: string
  /** The staged directory or link that replaces it; undefined if the package is removed. */
  staged: string | undefined
}

/**
 * Renames staged packages into place and the old ones into staging. If a rename or `commit` fails, everything is renamed
 * back as far as possible, and the first error is thrown.
 *
 * @param commit must succeed too.
 * @param links names of packages that may be links: the link is moved, not its target.
 * @throws {ApkgError} `FOLDER_UNMANAGED`; the system's errors; the errors of `commit`.
 */
export async function swapPackages(
  folder: PackagesFolder,
  staging: Staging,
  replacements: readonly Replacement[],
  commit: () => Promise<void>,
  links?: ReadonlySet<string>,
): Promise<void> {
  const scopes = new Set(replacements.map(({name}) => folder.scopePath(name)))
  const undo: (() => void)[] = []
  const move = (from: string, to: string) => {
    renameSync(from, to)
    undo.unshift(() => {
      renameSync(to, from)
    })
  }
  try {
    for (const scope of scopes) mkdirSync(scope, {recursive: true})
    for (const {name, staged} of replacements) {
      folder.assertReal([name], links)
      const place = folder.packagePath(name)
      if (lstatSync(place, {throwIfNoEntry: false})) move(place, staging.nextPath())
      if (staged !== undefined) move(staged, place)
    }
    await commit()
  } catch (error) {
    for (const step of undo) ignoreErrors(step)
    throw error
  } finally {
    // Fails for a scope that still has packages, which is intended.
    for (const scope of scopes) ignoreErrors(() => rmdirSync(scope))
  }
}

function ignoreErrors(step: () => void): void {
  try {
    step()
  } catch {
    // The remaining steps must still run.
  }
}
