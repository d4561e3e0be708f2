import {defaultLimits} from '../limits.js'
import {assertSafePath, PathRegister} from './entry-path.js'
import {formatTarHeader, tarBlock} from './tar-header.js'
import {compress} from './zstd.js'

/** A file to be packed. */
export interface FileToPack {
  /** Relative, with forward slashes. */
  path: string
  isExecutable: boolean
  content: Uint8Array
}

/**
 * Packs files into a `.tar.zst` that is the same, byte for byte, on every machine and version of Node: sorted by path,
 * without times, owners and umask, by a compressor that is part of the program.
 *
 * @throws ArchiveProblem for a path that `readArchive` would refuse.
 */
export async function writeArchive(files: readonly FileToPack[]): Promise<Uint8Array> {
  const paths = new PathRegister()
  const entries = files.map((file) => ({...file, name: Buffer.from(file.path)}))
  entries.sort((one, other) => Buffer.compare(one.name, other.name))
  const blocks = entries.flatMap(({path, name, isExecutable, content}) => {
    assertSafePath(path, defaultLimits)
    paths.addFile(path)
    const header = formatTarHeader({flag: '0', name, mode: isExecutable ? 0o755 : 0o644, size: content.length})
    return [...longName(name), header, content, padding(content.length)]
  })
  const end = Buffer.alloc(2 * tarBlock)
  return compress(Buffer.concat([...blocks, end]))
}

/** What GNU tar puts before the header of a file whose name does not fit into it. */
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
