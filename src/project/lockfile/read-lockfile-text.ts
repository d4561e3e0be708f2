import {readBounded} from '../../files/read-bounded.js'

/** Bytes: more than any graph has that is resolved. What such a text is parsed to stays within some 200 MiB, whatever it is. */
const largestLockfile = 3 * 1024 * 1024

/**
 * The text of a lockfile, as it stands there.
 *
 * @throws UnusableFile; the system's errors.
 */
export async function readLockfileText(file: string): Promise<string> {
  return (await readBounded(file, largestLockfile)).toString('utf8')
}
