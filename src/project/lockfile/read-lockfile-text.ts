import {readBounded} from '../../files/read-bounded.js'

/** Bytes. Larger than the lockfile of any graph that can be resolved; parsing it takes at most about 200 MiB of memory. */
const maxLockfileSize = 3 * 1024 * 1024

/**
 * The text of a lockfile.
 *
 * @throws {UnusableFile}; system errors.
 */
export async function readLockfileText(file: string): Promise<string> {
  return (await readBounded(file, maxLockfileSize)).toString('utf8')
}
