import type {ArchiveLimits} from '../limits.js'
import {ArchiveProblem} from './archive-problem.js'

/** Separators of Windows, streams of NTFS, what a shell or Windows takes for something else, what is not seen. */
const strange = /[\\:*?"<>|\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Surrogate}]/u

/** Names that are devices in every folder of Windows, whatever follows the first dot. */
const device = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)/i

/** Folders that other programs act upon: git's, by its other name on NTFS too, and our own. */
const reserved = new Set(['.git', 'git~1', 'apkg_packages'])

/**
 * Refuses a path that could lead out of the folder it is written below, or that means something else, or nothing, on
 * some platform. `./a` is refused like any other second spelling of a path.
 *
 * @param path as the archive has it, without the slash at the end of a folder's.
 * @throws ArchiveProblem
 */
export function assertSafePath(path: string, limits: Pick<ArchiveLimits, 'path' | 'pathPart' | 'depth'>): void {
  const refuse = (why: string, limit?: keyof ArchiveLimits) =>
    new ArchiveProblem(`the path \`${shown(path)}\` ${why}`, {path, ...(limit && {limit})})
  if (Buffer.byteLength(path) > limits.path) throw refuse(`is longer than ${limits.path} bytes`, 'path')
  if (path.startsWith('/')) throw refuse('is absolute')
  const parts = path.split('/')
  if (parts.length > limits.depth + 1) throw refuse(`is more than ${limits.depth} folders deep`, 'depth')
  for (const part of parts) {
    if (part === '' || part === '.' || part === '..') throw refuse('has an empty part, `.` or `..`')
    if (Buffer.byteLength(part) > limits.pathPart) {
      throw refuse(`has a part that is longer than ${limits.pathPart} bytes`, 'pathPart')
    }
    if (strange.test(part)) throw refuse('has a character that cannot be in a file name everywhere')
    if (/[ .]$/.test(part)) throw refuse('has a part that ends with a dot or a space')
    if (device.test(part)) throw refuse('has a part that is a device on Windows')
    if (reserved.has(foldPath(part))) throw refuse('has a part that is not for packages')
  }
}

/** One text for all paths that are the same file on some platform: without case, compositions and unseen characters. */
function foldPath(path: string): string {
  const seen = path.replace(/\p{Default_Ignorable_Code_Point}/gu, '')
  return seen.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC')
}

/** A path as it stands in a sentence. */
function shown(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}…` : path
}

/** The paths of an archive so far, to find two that are one file, or a file that is also a folder. */
export class PathRegister {
  /** By folded path. */
  readonly #taken = new Map<string, {path: string; isFolder: boolean}>()
  #lastFolder = ''

  /** @throws ArchiveProblem */
  addFile(path: string): void {
    this.#addFolders(path)
    const taken = this.#take(path, false)
    if (taken?.path === path && !taken.isFolder) {
      throw new ArchiveProblem(`the path \`${shown(path)}\` is there twice`, {path})
    }
    if (taken) throw collision(path, taken.path)
  }

  /** A folder may be named more than once. @throws ArchiveProblem */
  addFolder(path: string): void {
    this.#addFolders(`${path}/`)
  }

  /** Adds the folders above a path. */
  #addFolders(path: string): void {
    const parent = path.slice(0, path.lastIndexOf('/') + 1)
    if (parent === this.#lastFolder) return
    for (let end = parent.indexOf('/'); end !== -1; end = parent.indexOf('/', end + 1)) {
      const folder = parent.slice(0, end)
      const taken = this.#take(folder, true)
      if (taken && !(taken.isFolder && taken.path === folder)) throw collision(path.replace(/\/$/, ''), taken.path)
    }
    this.#lastFolder = parent
  }

  /** Takes a path for its own; returns who had it before. */
  #take(path: string, isFolder: boolean): {path: string; isFolder: boolean} | undefined {
    const key = foldPath(path)
    const taken = this.#taken.get(key)
    if (!taken) this.#taken.set(key, {path, isFolder})
    return taken
  }
}

function collision(path: string, other: string): ArchiveProblem {
  return new ArchiveProblem(`the paths \`${shown(other)}\` and \`${shown(path)}\` cannot both be there everywhere`, {
    path,
  })
}
