import {constants, renameSync} from 'node:fs'
import {copyFile, rename, rm} from 'node:fs/promises'
import path from 'node:path'

import {errorCode, temporarySuffix} from '@apkg/command-kit'

/**
 * Moves a temporary file to its place and replaces what is there. Readers see the old or the new content, also if the
 * place is on another file system, such as a volume of a container.
 *
 * @throws system errors.
 */
export async function moveInto(temporary: string, file: string): Promise<void> {
  try {
    renameSync(temporary, file)
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error
    await copyInto(temporary, file)
  }
}

async function copyInto(temporary: string, file: string): Promise<void> {
  // Always the same name, so that the next attempt removes what a killed process left.
  const beside = path.join(path.dirname(file), `.${path.basename(file)}${temporarySuffix}`)
  await rm(beside, {force: true})
  try {
    await copyFile(temporary, beside, constants.COPYFILE_EXCL)
    await rename(beside, file)
  } catch (error) {
    await rm(beside, {force: true}).catch(() => undefined)
    throw error
  }
  await rm(temporary, {force: true})
}
