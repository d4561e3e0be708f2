import type {Dirent} from 'node:fs'
import {readdir} from 'node:fs/promises'
import path from 'node:path'

import {printable, errorReason} from '@apkg/command-kit'
import {defaultLimits} from '@apkg/package-format'

import {failure} from '../failures.js'
import {IgnoreRules} from './ignore-rules.js'

export interface Collection {
  /** Relative to the folder, with forward slashes. */
  paths: string[]
  /** Files and folders that are skipped because their names suggest secrets, not by a rule. */
  withheld: string[]
}

/**
 * Finds the files of a project that are packed.
 *
 * @throws {ApkgError} `PACKAGE_NOT_PACKABLE` with everything that is neither a file nor a folder, or has a name that isn't
 *   UTF-8; `FILE_UNREADABLE`.
 */
export async function collectFiles(root: string): Promise<Collection> {
  const collection: Collection = {paths: [], withheld: []}
  const problems: string[] = []

  async function visit(folder: string, outer: IgnoreRules): Promise<void> {
    const rules = await outer.within(root, folder)
    for (const entry of await entriesOf(path.join(root, folder))) {
      const found = folder === '' ? entry.name : `${folder}/${entry.name}`
      const inclusion = rules.inclusionOf(entry.isDirectory() ? `${found}/` : found)
      if (inclusion === 'withheld') collection.withheld.push(found)
      if (inclusion !== 'packed') continue
      const problem = problemOf(entry)
      if (problem !== undefined) problems.push(`${printable(found)} ${problem}`)
      else if (entry.isDirectory()) await visit(found, rules)
      else collection.paths.push(found)
      if (collection.paths.length > defaultLimits.files) throw tooMany(found)
    }
  }

  await visit('', IgnoreRules.defaults())
  if (problems.length > 0) throw failure('PACKAGE_NOT_PACKABLE', {problems})
  return collection
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, {withFileTypes: true})
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    throw failure('FILE_UNREADABLE', {path: folder, reason: errorReason(error)}, {cause: error})
  }
}

function problemOf(entry: Dirent): string | undefined {
  // Node replaces invalid bytes with this character.
  if (entry.name.includes('\uFFFD')) return 'has a name that is not valid UTF-8'
  if (entry.isSymbolicLink()) return 'is a symbolic link'
  if (!entry.isFile() && !entry.isDirectory()) return 'is neither a file nor a directory'
  return undefined
}

function tooMany(last: string) {
  const problem = `the package exceeds the maximum of ${defaultLimits.files} files (at ${printable(last)})`
  return failure('PACKAGE_NOT_PACKABLE', {problems: [problem]})
}
