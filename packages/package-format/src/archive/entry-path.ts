import type {ArchiveLimits} from '../limits.js'
import {ArchiveProblem} from './archive-problem.js'

/** Characters that Windows, NTFS streams or shells interpret, and invisible ones. */
const unsafeCharacter = /[\\:*?"<>|\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Surrogate}]/u

/** Names that Windows treats as devices in every directory, with any extension. */
const deviceName = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)/i

/** Directories with a meaning to other programs: git's, with its short name on NTFS, and our own. */
const reservedNames = new Set(['.git', 'git~1', 'apkg_packages'])

/**
 * Checks that a path stays within its directory, and that it means the same on every platform. Redundant spellings, such
 * as `./a`, are rejected too.
 *
 * @param path as spelled in the archive; the path of a directory without the slash at its end
 * @throws {ArchiveProblem}
 */
export function assertSafePath(path: string, limits: Pick<ArchiveLimits, 'path' | 'pathPart' | 'depth'>): void {
  const invalid = (why: string, limit?: keyof ArchiveLimits) =>
    new ArchiveProblem(`the path \`${shorten(path)}\` ${why}`, {path, ...(limit && {limit})})
  if (Buffer.byteLength(path) > limits.path) throw invalid(`is longer than ${limits.path} bytes`, 'path')
  if (path.startsWith('/')) throw invalid('is absolute')
  const parts = path.split('/')
  if (parts.length > limits.depth + 1) throw invalid(`is more than ${limits.depth} directories deep`, 'depth')
  for (const part of parts) {
    if (part === '' || part === '.' || part === '..') throw invalid('contains an empty part, `.` or `..`')
    if (Buffer.byteLength(part) > limits.pathPart) {
      throw invalid(`contains a part that is longer than ${limits.pathPart} bytes`, 'pathPart')
    }
    if (unsafeCharacter.test(part)) throw invalid('contains a character that is not allowed in portable file names')
    if (/[ .]$/.test(part)) throw invalid('contains a part that ends with a dot or a space')
    if (deviceName.test(part)) throw invalid('contains a part that is a device name on Windows')
    if (reservedNames.has(foldPath(part))) throw invalid('contains a reserved name')
  }
}

const isAscii = /^[\x20-\x7e]*$/

/** Maps all paths that are the same file on some platform to one string: ignores case, composition and invisible characters. */
function foldPath(path: string): string {
  if (isAscii.test(path)) return path.toLowerCase()
  const visible = path.replace(/\p{Default_Ignorable_Code_Point}/gu, '')
  return visible.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC')
}

function shorten(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}…` : path
}

/** Collects the paths of an archive, to find duplicates and collisions between files and directories. */
export class PathRegister {
  /** By folded path. */
  readonly #taken = new Map<string, {path: string; isFolder: boolean}>()
  #lastFolder = ''

  /** @throws {ArchiveProblem} if the path is taken */
  addFile(path: string): void {
    this.#addFolders(path)
    const taken = this.#take(path, false)
    if (taken?.path === path && !taken.isFolder) {
      throw new ArchiveProblem(`the path \`${shorten(path)}\` occurs twice`, {path})
    }
    if (taken) throw collision(path, taken.path)
  }

  /**
   * Adds a directory. The same directory can be added more than once.
   *
   * @throws {ArchiveProblem} if the path collides with another
   */
  addFolder(path: string): void {
    this.#addFolders(`${path}/`)
  }

  /** Adds every directory in a path. */
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

  /** Registers a path if it's free. Returns the entry that has it otherwise. */
  #take(path: string, isFolder: boolean): {path: string; isFolder: boolean} | undefined {
    const key = foldPath(path)
    const taken = this.#taken.get(key)
    if (!taken) this.#taken.set(key, {path, isFolder})
    return taken
  }
}

function collision(path: string, takenBy: string): ArchiveProblem {
  return new ArchiveProblem(`the paths \`${shorten(takenBy)}\` and \`${shorten(path)}\` collide on some platforms`, {
    path,
  })
}
