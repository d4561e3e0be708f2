import {readArchive} from '../../src/archive/index.js'
import {defaultLimits, type ArchiveLimits} from '../../src/index.js'

export interface UnpackedFile {
  path: string
  isExecutable: boolean
  content: Buffer
}

/** Divides bytes into chunks. By default there is only one. */
export async function* chunked(bytes: Uint8Array, size = Math.max(bytes.length, 1)): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

/** Returns every file of an archive. */
export async function readFiles(
  archive: Uint8Array,
  {chunk, ...limits}: Partial<ArchiveLimits> & {chunk?: number} = {},
): Promise<UnpackedFile[]> {
  const files: UnpackedFile[] = []
  await readArchive(chunked(archive, chunk), {...defaultLimits, ...limits}, async ({path, isExecutable, content}) => {
    const chunks: Uint8Array[] = []
    for await (const each of content) chunks.push(each)
    files.push({path, isExecutable, content: Buffer.concat(chunks)})
  })
  return files
}
