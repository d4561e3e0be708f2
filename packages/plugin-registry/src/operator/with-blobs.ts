import type {Ports} from '@apkg/command-kit'

import type {BlobStore} from '../server/blobs/blob-store.js'
import {assertOwnKey} from '../server/blobs/own-blobs.js'
import {dataFolderFiles} from '../server/operations/data-folder.js'
import type {RegistryStore} from '../server/store/store.js'
import {toDataFailure} from './data-failure.js'
import {dataFolderPath} from './data-folder-path.js'
import {blobOpener} from './open-blobs.js'
import {withStore} from './with-store.js'

/**
 * Opens the store and the blobs of a registry, which a server may be using.
 *
 * @throws {ApkgError} `REGISTRY_*`, `USAGE`
 */
export async function withBlobs<Result>(
  {data, blobs: location}: {data: string | undefined; blobs: string | undefined},
  ports: Ports,
  work: (store: RegistryStore, blobs: BlobStore) => Promise<Result>,
): Promise<Result> {
  const folder = dataFolderPath(data, ports)
  const openBlobs = await blobOpener(location, ports)
  return withStore({data, ports}, async (store) => {
    const blobs = openBlobs(dataFolderFiles(folder).blobs)
    try {
      assertOwnKey(blobs, await store.blobs.anyKey())
      return await work(store, blobs)
    } catch (error) {
      throw toBlobFailure(error, folder)
    }
  })
}

function toBlobFailure(error: unknown, folder: string): unknown {
  try {
    return toDataFailure(error, folder)
  } catch {
    return error
  }
}
