import type {Ports} from '@apkg/command-kit'
import path from 'node:path'

import type {Logger} from 'pino'

import type {BlobStore} from '../server/blobs/blob-store.js'
import {assertOwnKey} from '../server/blobs/own-blobs.js'
import {type OpenRegistry, openToServe} from '../server/operations/open-registry.js'
import {blobFailure, toDataFailure} from './data-failure.js'
import {assertBucket, blobOpener} from './open-blobs.js'
import {openScratch} from './open-scratch.js'

/** The data of a registry that is served. */
export interface ServedPlace {
  /** The data directory. Not used with `database`. */
  folder: string
  /** The bucket for tarballs. Undefined means the data directory. */
  blobs?: string | undefined
  /** The PostgreSQL database that is used instead of the data directory. */
  database?: ServedDatabase | undefined
  version: string
}

export interface ServedDatabase {
  /** Without a password. */
  url: string
  secretKeyFile: string | undefined
  /** How many connections are opened at most. Undefined means the default. */
  pool: number | undefined
  /** The directory for uploads in progress. Defaults to the directory for temporary files. */
  scratch: string | undefined
}

/** How many connections to the database a server opens at most. */
const defaultPool = 10

export interface OpenPlace extends OpenRegistry {
  /** The clock that counts: that of this machine, or of the database. */
  clock: () => Date
  /** How much the clock can be wrong, in milliseconds. Undefined for the clock of this machine. */
  clockUncertainty?: () => number
  /** The directory for what pages show of tarballs, which can be made again. */
  previewFolder: string
}

/**
 * Opens the data of a registry to serve it. Closing the store releases it.
 *
 * @throws {ApkgError} `REGISTRY_*`, `USAGE`
 */
export async function openPlace(
  place: ServedPlace,
  log: Logger,
  ports: Pick<Ports, 'now' | 'env' | 'home'>,
): Promise<OpenPlace> {
  const onRecordFailure = (error: unknown) => {
    log.warn({err: error}, 'failed to record the last use of a credential')
  }
  const openBlobs = await blobOpener(place.blobs, ports)
  if (place.database)
    return openDatabaseToServe({...place, database: place.database}, {openBlobs, onRecordFailure, ports})
  const {folder} = place
  const opened = await openToServe(folder, onRecordFailure, openBlobs).catch((error: unknown) => {
    throw toDataFailure(error, folder)
  })
  return {...opened, clock: ports.now, previewFolder: path.join(folder, 'previews')}
}

async function openDatabaseToServe(
  {database, blobs: bucket, version}: ServedPlace & {database: ServedDatabase},
  {
    openBlobs,
    onRecordFailure,
    ports,
  }: {
    openBlobs: (folder: string) => BlobStore
    onRecordFailure: (error: unknown) => void
    ports: Pick<Ports, 'now' | 'env' | 'home'>
  },
): Promise<OpenPlace> {
  const {url, secretKeyFile, pool = defaultPool} = database
  const flags = {database: url, 'secret-key-file': secretKeyFile, blobs: bucket}
  assertBucket(flags)
  // The driver is loaded only here, so that a registry with a data directory starts without it.
  const {openDatabase} = await import('./open-database.js')
  const {store, clock} = await openDatabase({flags, version, ports}, pool, onRecordFailure)
  try {
    const scratch = await openScratch(database.scratch)
    try {
      const blobs = openBlobs(scratch.folder)
      assertOwnKey(blobs, await store.blobs.anyKey())
      const close = async () => {
        await store.close()
        scratch.release()
      }
      const clockUncertainty = () => clock.uncertainty
      const previewFolder = path.join(scratch.folder, 'previews')
      return {store: {...store, close}, blobs, clock: () => new Date(clock.now()), clockUncertainty, previewFolder}
    } catch (error) {
      scratch.release()
      throw blobFailure(error, url) ?? error
    }
  } catch (error) {
    await store.close()
    throw error
  }
}
