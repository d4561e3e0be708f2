import {randomBytes} from 'node:crypto'
import {lstat, open, rename, rm} from 'node:fs/promises'
import path from 'node:path'

import {failure, isAbsent, reasonOf, type HeldLock} from '@apkg/command-kit'

import {realPathWithin} from './real-path-within.js'
import {UnusableFile} from './unusable-file.js'

/** What a file is called until it is whole. One that a killed process left behind is never packed. */
export const temporarySuffix = '.apkg-tmp'

/**
 * Writes a file whole, as `writeAtomically` does. The file's mode stays. Where the path is a link, what it leads to
 * is replaced if that is below the folder of the link: a link that came with a project must not lead a write elsewhere.
 *
 * @param link `replace` puts the file into the place of a link.
 * @throws {ApkgError} `FILE_UNWRITABLE`, for a link that leads elsewhere too; the old file is as it was then.
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  {link}: {link: 'follow' | 'replace'} = {link: 'follow'},
): Promise<void> {
  try {
    const target = link === 'replace' ? file : ((await unlessAbsent(realPathWithin(path.dirname(file), file))) ?? file)
    const name = `.${path.basename(target)}.${randomBytes(6).toString('hex')}${temporarySuffix}`
    const unfinished = path.join(path.dirname(target), name)
    await writeAtomically(target, content, {unfinished, mode: await modeOf(target)})
  } catch (error) {
    const reason = error instanceof UnusableFile ? error.message : reasonOf(error)
    throw failure('FILE_UNWRITABLE', {path: file, reason}, {cause: error})
  }
}

export interface Writing {
  /** What the file is called until it is whole: a path on the same file system that nothing has, and no other process takes. */
  unfinished: string
  /** From the first byte, whatever the umask; undefined leaves it to the umask. */
  mode?: number | undefined
  /** Where the file is written under a lock: asked again at the last moment. */
  lock?: HeldLock
}

/**
 * Replaces a file, or makes it: whoever reads it meanwhile, or after a crash, sees the old content or the new one and
 * nothing between. The content is on disk by then; that the name is too, a file system promises only once the folder is
 * synchronized. A link in the file's place is replaced, not followed.
 *
 * @throws what the system throws, and `lock`; the file is as it was then, and what is unfinished has been removed.
 */
export async function writeAtomically(
  file: string,
  content: string | Uint8Array,
  {unfinished, mode, lock}: Writing,
): Promise<void> {
  const handle = await open(unfinished, 'wx', mode)
  try {
    try {
      if (mode !== undefined) await handle.chmod(mode)
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    lock?.assertHeld()
    await rename(unfinished, file)
  } catch (error) {
    // Where it cannot be removed either, the first reason is the one to tell.
    await rm(unfinished, {force: true}).catch(() => undefined)
    throw error
  }
}

/** Undefined for a file that is not there yet: the umask decides then. */
async function modeOf(file: string): Promise<number | undefined> {
  const found = await unlessAbsent(lstat(file))
  return found?.isFile() ? found.mode & 0o777 : undefined
}

async function unlessAbsent<Found>(found: Promise<Found>): Promise<Found | undefined> {
  try {
    return await found
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}
