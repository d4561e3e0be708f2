import {errorCode, errorReason} from '@apkg/command-kit'

import type {LeftKind} from './left-file.js'

/** Why a path was not read, written or removed. */
export interface FileRefusal {
  kind: LeftKind
  /** A clause. */
  reason: string
}

/** Why a file operation failed; undefined if it succeeded. @throws anything but system errors that `work` throws. */
export async function tryFileOperation(work: () => Promise<unknown>): Promise<FileRefusal | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return systemRefusal(error)
  }
}

const kinds: Record<string, LeftKind> = {
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'read-only',
  ENOSPC: 'full',
  EDQUOT: 'full',
}

/** What a system error says about a file. */
export function systemRefusal(error: unknown): FileRefusal {
  return {kind: kinds[errorCode(error) ?? ''] ?? 'failed', reason: errorReason(error)}
}
