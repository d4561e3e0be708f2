import type {BlobStore} from '../server/blobs/blob-store.js'
import {assertOwnKey} from '../server/blobs/own-blobs.js'
import {dataFolderFiles} from '../server/operations/data-folder.js'
import type {RegistryStore} from '../server/store/store.js'
import {blobFailure, toDataFailure} from './data-failure.js'
import {dataFolderPath} from './data-folder-path.js'
import {assertBucket, blobOpener} from './open-blobs.js'
import {openScratch} from './open-scratch.js'
import type {Place} from './place.js'
import {withStore} from './with-store.js'

/**
 * Opens the store and the blobs of a registry, which a server may be using.
 *
 * @throws {ApkgError} `REGISTRY_*`, `USAGE`
 */
export async function withBlobs<Result>(
  place: Place,
  work: (store: RegistryStore, blobs: BlobStore) => Promise<Result>,
): Promise<Result> {
  const {flags, ports} = place
  assertBucket(flags)
  const openBlobs = await blobOpener(flags.blobs, ports)
  if (flags.database === undefined) {
    const folder = dataFolderPath(flags.data, ports)
    return withStore(place, (store) =>
      withOwn(store, openBlobs(dataFolderFiles(folder).blobs), work).catch((error: unknown) => {
        throw toBlobFailure(error, folder)
      }),
    )
  }
  const {database} = flags
  const scratch = await openScratch()
  try {
    return await withStore(place, (store) => withOwn(store, openBlobs(scratch.folder), work)).catch(
      (error: unknown) => {
        throw blobFailure(error, database) ?? error
      },
    )
  } finally {
    scratch.release()
  }
}

async function withOwn<Result>(
  store: RegistryStore,
  blobs: BlobStore,
  work: (store: RegistryStore, blobs: BlobStore) => Promise<Result>,
): Promise<Result> {
  assertOwnKey(blobs, await store.blobs.anyKey())
  return work(store, blobs)
}

function toBlobFailure(error: unknown, folder: string): unknown {
  try {
    return toDataFailure(error, folder)
  } catch {
    return error
  }
}
