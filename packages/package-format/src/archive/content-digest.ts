import {createHash} from 'node:crypto'

import type {ArchiveLimits} from '../limits.js'
import {readArchive} from './read-archive.js'
import type {ByteSource} from './reading.js'

/**
 * Hashes what an archive installs: paths, executable bits and contents. Archives with the same files have the same digest,
 * no matter how they were packed.
 *
 * @returns hex
 * @throws {ArchiveProblem} if the archive is invalid; errors of `source` are passed on
 */
export async function contentDigest(source: ByteSource, limits: ArchiveLimits): Promise<string> {
  const files: string[] = []
  await readArchive(source, limits, async ({path, isExecutable, content}) => {
    const hash = createHash('sha256')
    for await (const chunk of content) hash.update(chunk)
    files.push(JSON.stringify([path, isExecutable, hash.digest('hex')]))
  })
  return createHash('sha256').update(files.sort().join('\n')).digest('hex')
}
