import {randomBytes} from 'node:crypto'
import {lstat, open, rename, rm} from 'node:fs/promises'
import path from 'node:path'

import {failure, isAbsent, reasonOf} from '@apkg/command-kit'

import {realPathWithin} from './real-path-within.js'
import {UnfitFile} from './unfit-file.js'

/** What a file is called until it is whole. One that a killed process left behind is never packed. */
export const unfinishedSuffix = '.apkg-tmp'

/**
 * Replaces a file, or makes it: whoever reads it meanwhile, or after a crash, sees the old content or the new one and
 * nothing between. The file's mode stays. Where the path is a link, what it leads to is replaced if that is below the
 * folder of the link: a link that came with a project must not lead a write elsewhere.
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
    const name = `.${path.basename(target)}.${randomBytes(6).toString('hex')}${unfinishedSuffix}`
    const unfinished = path.join(path.dirname(target), name)
    try {
      await writeWhole(unfinished, content, await modeOf(target))
      await rename(unfinished, target)
    } catch (error) {
      await rm(unfinished, {force: true})
      throw error
    }
  } catch (error) {
    const reason = error instanceof UnfitFile ? error.message : reasonOf(error)
    throw failure('FILE_UNWRITABLE', {path: file, reason}, {cause: error})
  }
}

async function writeWhole(file: string, content: string | Uint8Array, mode: number | undefined): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    if (mode !== undefined) await handle.chmod(mode)
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
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
