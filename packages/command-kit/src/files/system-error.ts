/** The code of an error of the operating system, `ENOENT` and the like; undefined for any other error. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Whether an error says that a file does not exist: it or a folder on its path is not there, or that is no folder. */
export function isAbsent(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'the system does not permit it',
  ENOENT: 'a folder on its path is not there',
  EEXIST: 'something else has its name',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many files are open',
  ELOOP: 'its path has too many links',
  EPIPE: 'the reader has gone',
}

/** An error of the operating system in words, without paths or arguments that it may carry. */
export function reasonOf(error: unknown): string {
  const code = errorCode(error)
  if (code !== undefined) return reasons[code] ?? code
  return error instanceof Error ? error.name : 'unknown error'
}
