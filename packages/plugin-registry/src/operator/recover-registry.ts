import type {Ports} from '@apkg/command-kit'

import {openFileBlobs} from '../server/blobs/file-blobs.js'
import {dataFolderFiles} from '../server/operations/data-folder.js'
import {recover} from '../server/operations/recover.js'
import {dataFolderPath} from './data-folder-path.js'
import {withStore} from './with-store.js'

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
export async function recoverRegistry(data: string | undefined, ports: Ports): Promise<RecoverySummary> {
  return withStore({data, ports}, async (store) => {
    const blobs = openFileBlobs(dataFolderFiles(dataFolderPath(data, ports)).blobs)
    const recovery = await recover({store, blobs}, () => ports.now())
    return {
      recovered: recovery !== undefined,
      sealedBefore: recovery?.known ?? null,
      sealedFound: recovery?.found ?? null,
      sessionsEnded: recovery?.sessions ?? 0,
      tokensSuspended: recovery?.tokens ?? 0,
    }
  })
}
