import {readArchive} from '../../src/archive/index.js'
import {defaultLimits, type ArchiveLimits} from '../../src/index.js'

export interface WholeFile {
  path: string
  isExecutable: boolean
  content: Buffer
}

/** Bytes in chunks of a size, or in one. */
export async function* chunked(bytes: Uint8Array, size = Math.max(bytes.length, 1)): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

/** Every file of an archive. */
export async function readWhole(
  archive: Uint8Array,
  {chunk, ...limits}: Partial<ArchiveLimits> & {chunk?: number} = {},
): Promise<WholeFile[]> {
  const files: WholeFile[] = []
  await readArchive(chunked(archive, chunk), {...defaultLimits, ...limits}, async ({path, isExecutable, content}) => {
    const chunks: Uint8Array[] = []
    for await (const each of content) chunks.push(each)
    files.push({path, isExecutable, content: Buffer.concat(chunks)})
  })
  return files
}
