/** Returns the code of a system error, such as `ENOENT`; undefined for any other error. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Whether an error means that a file does not exist, or that its parent is missing or not a directory. */
export function isAbsent(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** Waits for a file operation. Returns undefined if the file doesn't exist; other system errors are passed on. */
export async function unlessAbsent<Found>(found: Promise<Found>): Promise<Found | undefined> {
  try {
    return await found
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  EEXIST: 'a file with that name already exists',
  EISDIR: 'it is a directory',
  ENOTDIR: 'part of the path is not a directory',
  ENOSPC: 'no space left on the disk',
  EROFS: 'read-only file system',
  EDQUOT: 'disk quota exceeded',
  EMFILE: 'too many open files',
  ELOOP: 'too many symbolic links',
  EPIPE: 'the reader closed the pipe',
}

/** Describes a system error, without the paths and arguments that its message contains. */
export function errorReason(error: unknown): string {
  const code = errorCode(error)
  if (code !== undefined) return reasons[code] ?? code
  return error instanceof Error ? error.name : 'unknown error'
}
