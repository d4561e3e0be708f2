import {open, realpath, rename, rm} from 'node:fs/promises'
import path from 'node:path'

import {isApkgError} from '../errors/apkg-error.js'
import {failure} from '../errors/define-failures.js'
import {withLockAt, type HeldLock} from '../files/lock.js'
import {errorReason} from '../files/system-error.js'
import {readTokenFile, type TokenInFile} from './token-file.js'
import type {StoredValue} from './source.js'

/**
 * Runs work that replaces the token in a file, while no other apkg process can do the same, and after a trial write of
 * the file succeeded. Links to the file stay.
 *
 * @throws {ApkgError} `TOKEN_FILE_UNUSABLE`, `FILE_UNWRITABLE`, `STORE_LOCKED`; errors of `work` are passed on
 */
export async function rewriteTokenFile<Result>(
  file: string,
  work: (stored: StoredValue) => Promise<Result>,
): Promise<Result> {
  const target = await realpath(file).catch((error: unknown) => {
    throw unwritable(file, error)
  })
  const beside = (suffix: string) => path.join(path.dirname(target), `.${path.basename(target)}.apkg-${suffix}`)
  return withLockAt(beside('lock'), async (lock) => {
    const current = readTokenFile(target)
    const replace: StoredValue['replace'] = async (next) => {
      try {
        await writeAtomically(target, `${next.expose()}\n`, {temporary: beside('tmp'), like: current, lock})
      } catch (error) {
        throw isApkgError(error) ? error : unwritable(file, error)
      }
    }
    await replace(current.secret)
    return work({secret: current.secret, replace})
  })
}

function unwritable(path: string, error: unknown) {
  return failure('FILE_UNWRITABLE', {path, reason: errorReason(error)}, {cause: error})
}

/** Only the holder of the lock uses the temporary file, so one that exists was left by a killed process. */
async function writeAtomically(
  file: string,
  content: string,
  {temporary, like, lock}: {temporary: string; like: Omit<TokenInFile, 'secret'>; lock: HeldLock},
): Promise<void> {
  await rm(temporary, {force: true})
  const handle = await open(temporary, 'wx', 0o600)
  try {
    try {
      const {uid, gid} = await handle.stat()
      if (uid !== like.uid || gid !== like.gid) await handle.chown(like.uid, like.gid)
      await handle.chmod(like.mode & 0o777)
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    lock.assertHeld()
    await rename(temporary, file)
  } catch (error) {
    // The first error is the one to report.
    await rm(temporary, {force: true}).catch(() => undefined)
    throw error
  }
  await syncFolder(path.dirname(file))
}

/** Makes the rename durable. Not every file system can sync directories, and Windows can't open them. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close().catch(() => undefined)
}
