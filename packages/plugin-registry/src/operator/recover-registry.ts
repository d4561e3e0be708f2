import {recover} from '../server/operations/recover.js'
import type {Place} from './place.js'
import {withBlobs} from './with-blobs.js'

/** The result of accepting an older database. */
export interface RecoverySummary {
  /** Whether the database was accepted; false if it wasn't older than what the registry served last. */
  recovered: boolean
  /** Number of audit log entries that the registry had sealed; null if that isn't known. */
  sealedBefore: number | null
  /** Number of sealed entries in the database; null if there are none. */
  sealedFound: number | null
  /** Number of sessions that were revoked. */
  sessionsEnded: number
  /** Number of tokens that were suspended. */
  tokensSuspended: number
}

/** @throws {ApkgError} `REGISTRY_*` if the directory cannot be used */
export async function recoverRegistry(place: Place): Promise<RecoverySummary> {
  return withBlobs(place, async (store, blobs) => {
    const recovery = await recover({store, blobs}, () => place.ports.now())
    return {
      recovered: recovery !== undefined,
      sealedBefore: recovery?.known ?? null,
      sealedFound: recovery?.found ?? null,
      sessionsEnded: recovery?.sessions ?? 0,
      tokensSuspended: recovery?.tokens ?? 0,
    }
  })
}
