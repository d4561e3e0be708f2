import {lstat} from 'node:fs/promises'
import path from 'node:path'

import {errorReason, failure, isApkgError, unlessAbsent} from '@apkg/command-kit'

import {readBounded} from '../../files/read-bounded.js'
import {replaceFile} from '../../files/replace-file.js'
import {UnusableFile} from '../../files/unusable-file.js'
import {PackagesFolder} from '../../project/installation/packages-folder.js'
import {withProjectLock} from '../../project/installation/project-lock.js'
import type {GitUser} from './find-repository.js'
import {GitView} from './git-view.js'

const entry = 'apkg_packages/'

/** Bytes. */
const maxSize = 1024 * 1024

/**
 * What git does with the installed packages of a project: `ignored`, `tracked` if some of them are committed, or
 * `untracked`. `none` without a repository, or if the project itself is ignored.
 *
 * @param project the project's directory, absolute.
 * @throws {ApkgError} `FILE_UNREADABLE`.
 */
export async function packagesInGit(
  project: string,
  user: GitUser,
): Promise<'none' | 'ignored' | 'tracked' | 'untracked'> {
  const view = await (await GitView.of(project, user)).within('')
  if (!view.hasRepository) return 'none'
  if (view.kindOf(entry) !== undefined) return 'tracked'
  return view.ignores(entry) ? 'ignored' : 'untracked'
}

/**
 * Adds the installed packages to the project's `.gitignore`. Every other byte is preserved.
 *
 * @returns its path; undefined if git already ignores the packages.
 * @throws {ApkgError} `FILE_UNWRITABLE`, also for a link, which git doesn't follow, and for anything but text;
 *   `FILE_UNREADABLE`, `STORE_LOCKED`.
 */
export async function ignorePackages(project: string, user: GitUser): Promise<string | undefined> {
  const file = path.join(project, '.gitignore')
  return withProjectLock(new PackagesFolder(project), async (lock) => {
    const before = await readIgnoreFile(file)
    if ((await packagesInGit(project, user)) === 'ignored') return undefined
    lock.assertHeld()
    await replaceFile(file, withEntry(before ?? Buffer.alloc(0)), {link: 'replace'})
    return file
  })
}

async function readIgnoreFile(file: string): Promise<Buffer | undefined> {
  try {
    const found = await unlessAbsent(lstat(file))
    if (!found) return undefined
    if (found.isSymbolicLink()) throw new UnusableFile('it is a symbolic link, which git does not follow')
    const content = await readBounded(file, maxSize)
    // UTF-16, for example: git can't read it either.
    if (content.includes(0)) throw new UnusableFile('it is not a text file that git can read')
    return content
  } catch (error) {
    if (isApkgError(error)) throw error
    const reason = error instanceof UnusableFile ? error.message : errorReason(error)
    throw failure('FILE_UNWRITABLE', {path: file, reason}, {cause: error})
  }
}

function withEntry(before: Buffer): Buffer {
  const lineEnd = before.includes('\r\n') ? '\r\n' : '\n'
  const isComplete = before.length === 0 || before.at(-1) === 0x0a
  return Buffer.concat([before, Buffer.from(`${isComplete ? '' : lineEnd}${entry}${lineEnd}`)])
}
