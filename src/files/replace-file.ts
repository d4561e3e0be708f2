import {lstat, open, rm} from 'node:fs/promises'
import path from 'node:path'

import {failure, errorReason, temporaryBeside, unlessAbsent, type HeldLock} from '@apkg/command-kit'

import {moveInto} from './move-into.js'
import {realPathWithin} from './real-path-within.js'
import {UnusableFile} from './unusable-file.js'

/**
 * Replaces a file atomically and keeps its mode. If the path is a link, its target is replaced, which must be below the
 * directory of the link: a link that came with a project must not redirect writes elsewhere.
 *
 * @param link `replace` replaces the link itself.
 * @throws {ApkgError} `FILE_UNWRITABLE`, also for a link that points elsewhere. The old file is unchanged then.
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  {link}: {link: 'follow' | 'replace'} = {link: 'follow'},
): Promise<void> {
  try {
    const target = link === 'replace' ? file : ((await unlessAbsent(realPathWithin(path.dirname(file), file))) ?? file)
    await writeAtomically(target, content, {temporary: temporaryBeside(target), mode: await modeOf(target)})
  } catch (error) {
    const reason = error instanceof UnusableFile ? error.message : errorReason(error)
    throw failure('FILE_UNWRITABLE', {path: file, reason}, {cause: error})
  }
}

export interface AtomicWriteOptions {
  /** The path to write to before the rename: unused and unique to this process, if possible on the same file system. */
  temporary: string
  /** The mode from the first byte on, regardless of the umask; undefined leaves it to the umask. */
  mode?: number | undefined
  /** Asserted right before the rename. */
  lock?: HeldLock
}

/**
 * Creates or replaces a file atomically: readers see the old or the new content, even after a crash. The content is
 * synced to disk before the rename. A link at the path is replaced, not followed.
 *
 * @throws system errors and the errors of `lock`. The old file is unchanged then, and the temporary one is removed.
 */
export async function writeAtomically(
  file: string,
  content: string | Uint8Array,
  {temporary, mode, lock}: AtomicWriteOptions,
): Promise<void> {
  const handle = await open(temporary, 'wx', mode)
  try {
    try {
      if (mode !== undefined) await handle.chmod(mode)
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    lock?.assertHeld()
    await moveInto(temporary, file)
  } catch (error) {
    // The first error is the one to report.
    await rm(temporary, {force: true}).catch(() => undefined)
    throw error
  }
}

/** Undefined for a new file, whose mode the umask decides. */
async function modeOf(file: string): Promise<number | undefined> {
  const found = await unlessAbsent(lstat(file))
  return found?.isFile() ? found.mode & 0o777 : undefined
}
