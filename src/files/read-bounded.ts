import {constants} from 'node:fs'
import {open} from 'node:fs/promises'

import {UnusableFile} from './unusable-file.js'

/**
 * Reads an untrusted file of a project. Refuses anything but regular files, because a pipe or a device may never end.
 *
 * @param maxSize bytes.
 * @throws {UnusableFile}; system errors.
 */
export async function readBounded(file: string, maxSize: number): Promise<Buffer> {
  // Without O_NONBLOCK, opening a pipe would wait for a writer. Windows has neither; the flag is 0 there.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const found = await handle.stat()
    if (!found.isFile()) throw new UnusableFile('it is not a file')
    if (found.size > maxSize) throw new UnusableFile(`it is larger than ${maxSize} bytes`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}
