import {constants} from 'node:fs'
import {open} from 'node:fs/promises'

import {UnusableFile} from './unusable-file.js'

/**
 * Reads a file that came with a project and cannot be trusted: a pipe or a device in its place would never end.
 *
 * @param maxSize bytes.
 * @throws UnusableFile; system errors.
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
