import {defaultLimits} from '../limits.js'
import {assertSafePath, PathRegister} from './entry-path.js'
import {formatTarHeader, tarBlock} from './tar-header.js'
import {compress} from './zstd.js'

export interface FileToPack {
  /** Relative, with forward slashes. */
  path: string
  isExecutable: boolean
  content: Uint8Array
}

/**
 * Packs files into a `.tar.zst` that is byte-for-byte reproducible on every machine and version of Node: sorted by path,
 * without times, owners or umask, and compressed with a bundled compressor.
 *
 * @throws {ArchiveProblem} if a path is unsafe or occurs twice
 */
export async function writeArchive(files: readonly FileToPack[]): Promise<Uint8Array> {
  const paths = new PathRegister()
  const entries = files.map((file) => ({...file, name: Buffer.from(file.path)}))
  entries.sort((a, b) => Buffer.compare(a.name, b.name))
  const blocks = entries.flatMap(({path, name, isExecutable, content}) => {
    assertSafePath(path, defaultLimits)
    paths.addFile(path)
    const header = formatTarHeader({flag: '0', name, mode: isExecutable ? 0o755 : 0o644, size: content.length})
    return [...longName(name), header, content, padding(content.length)]
  })
  const end = Buffer.alloc(2 * tarBlock)
  return compress(Buffer.concat([...blocks, end]))
}

/** Returns the entry with which GNU tar precedes a file whose name is too long for its header. */
function longName(name: Uint8Array): Uint8Array[] {
  if (name.length <= maxNameLength) return []
  const content = Buffer.concat([name, Buffer.alloc(1)])
  const header = formatTarHeader({flag: 'L', name: Buffer.from('././@LongLink'), mode: 0o644, size: content.length})
  return [header, content, padding(content.length)]
}

/** Bytes. */
const maxNameLength = 100

function padding(size: number): Uint8Array {
  return Buffer.alloc((tarBlock - (size % tarBlock)) % tarBlock)
}
