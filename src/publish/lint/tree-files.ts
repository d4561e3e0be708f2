import type {Dirent} from 'node:fs'
import {readdir} from 'node:fs/promises'
import path from 'node:path'

import {errorReason} from '@apkg/command-kit'
import {defaultLimits} from '@apkg/package-format'
import type {PackageFile} from '@apkg/package-format/conversion'

import {readBounded} from '../../files/read-bounded.js'
import {readPlacedPaths} from '../../tools/setup-ledger.js'
import {failure} from '../failures.js'
import type {GitUser} from '../git/find-repository.js'
import {GitView} from '../git/git-view.js'

/** Directories whose files the author of a project didn't write. */
const skippedFolders = new Set(['.git', '.hg', '.svn', 'node_modules', 'apkg_packages'])

/** More than the largest collections of skills have. */
const maxFiles = 100_000

/** Bytes. Larger files are data. */
const maxTextSize = 1024 * 1024

/**
 * The paths of the files below a directory, sorted. Files that git ignores, that apkg created when it set up tools, and
 * directories of dependencies are left out. Links are listed, but not followed.
 *
 * @throws {ApkgError} `FILE_UNREADABLE`.
 */
export async function treePaths(root: string, user: GitUser): Promise<string[]> {
  const paths: string[] = []
  const placed = await readPlacedPaths(root)
  async function visit(folder: string, outer: GitView): Promise<void> {
    const git = await outer.within(folder)
    for (const entry of await entriesOf(path.join(root, folder))) {
      const each = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (placed.has(each) || git.ignores(entry.isDirectory() ? `${each}/` : each)) continue
      if (!entry.isDirectory()) paths.push(each)
      else if (!skippedFolders.has(entry.name) && each.split('/').length <= defaultLimits.depth) await visit(each, git)
      if (paths.length > maxFiles) throw tooMany(root)
    }
  }
  await visit('', await GitView.of(root, user))
  return paths
}

function tooMany(root: string) {
  const reason = `it has more than ${maxFiles} files`
  return failure('FILE_UNREADABLE', {path: root, reason, suggestions: ['check a directory in it instead']})
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, {withFileTypes: true})
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    throw failure('FILE_UNREADABLE', {path: folder, reason: errorReason(error)}, {cause: error})
  }
}

/** A file with its content. Large files, and those that can't be read, have none. */
export async function readTreeFile(root: string, file: string): Promise<PackageFile> {
  const content = await readBounded(path.join(root, file), maxTextSize).catch(() => Buffer.alloc(0))
  return {path: file, content, isExecutable: false}
}
