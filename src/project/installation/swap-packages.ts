import {lstatSync, mkdirSync, renameSync, rmdirSync} from 'node:fs'

import type {PackagesFolder} from './packages-folder.js'
import type {Staging} from './staging.js'

/** A package that leaves its place, and the staged folder or link that takes it; none where the package is removed. */
export interface Replacement {
  name: string
  staged: string | undefined
}

/**
 * Puts staged packages into their places by renames, and the old ones into staging. When a rename or `commit` fails,
 * everything goes back to where it was, as far as the system lets it; the error is that of what failed first.
 *
 * @param commit what else has to succeed.
 * @param links names in whose place there may be a link: that is moved, and not what it leads to.
 * @throws {ApkgError} `FOLDER_UNMANAGED`; the system's errors; whatever `commit` throws.
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
      if (lstatSync(place, {throwIfNoEntry: false})) move(place, staging.place())
      if (staged !== undefined) move(staged, place)
    }
    await commit()
  } catch (error) {
    for (const step of undo) goOn(step)
    throw error
  } finally {
    // One that holds other packages stays.
    for (const scope of scopes) goOn(() => rmdirSync(scope))
  }
}

/** Takes a step that may fail without keeping the next one from being taken. */
function goOn(step: () => void): void {
  try {
    step()
  } catch {
    // Whoever called knows what that leaves behind.
  }
}
