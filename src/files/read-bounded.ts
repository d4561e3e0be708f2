import {constants} from 'node:fs'
import {open} from 'node:fs/promises'

import {UnusableFile} from './unusable-file.js'

/**
 * Reads a file that came with a project and may be anything: of a pipe or a device that stands in for it, or is what it
 * leads to, there would be no end.
 *
 * @param largest bytes.
 * @throws UnusableFile; the system's errors.
 */
export async function readBounded(file: string, largest: number): Promise<Buffer> {
  // Without a flag, opening a pipe would wait for somebody who writes into it. Windows has none of both: it is 0 there.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const found = await handle.stat()
    if (!found.isFile()) throw new UnusableFile('it is not a file')
    if (found.size > largest) throw new UnusableFile(`it is larger than ${largest} bytes`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}
