import {createHash} from 'node:crypto'

import {defaultLimits} from '@apkg/package-format'
import {readArchive, type ByteSource} from '@apkg/package-format/archive'

/** A file in a tarball. */
export interface ContentFile {
  /** Hex. */
  sha256: string
  isExecutable: boolean
}

/** The files in a tarball, by path with forward slashes. @throws {ArchiveProblem}; the errors of `source`. */
export async function tarballContent(source: ByteSource): Promise<ReadonlyMap<string, ContentFile>> {
  const files = new Map<string, ContentFile>()
  await readArchive(source, defaultLimits, async ({path, isExecutable, content}) => {
    const hash = createHash('sha256')
    for await (const chunk of content) hash.update(chunk)
    files.set(path, {sha256: hash.digest('hex'), isExecutable})
  })
  return files
}
