import path from 'node:path'

import {folderMoveSource, folderMoveTarget} from '../server/move/folder-side.js'
import type {MoveSource, MoveTarget} from '../server/move/move-side.js'
import {openForCommand} from '../server/operations/open-registry.js'
import {RegistryMoved} from '../server/store/store-errors.js'
import {dataFolderPath} from './data-folder-path.js'
import {assertBucket, blobOpener} from './open-blobs.js'
import type {Place} from './place.js'

/** The place that a registry is moved to. */
export interface MoveDestination {
  data?: string | undefined
  database?: string | undefined
  blobs?: string | undefined
}

/** Whether an error is that a registry was closed for a move. The move can then go on. */
function ignoreClosed(error: unknown): undefined {
  if (!(error instanceof RegistryMoved)) throw error
}

/**
 * @param scratch a directory for tarballs that are being copied
 * @throws {UnusableDataFolder | NewerSchema} and what opening a database throws
 */
export async function openMoveSource(place: Place, to: MoveDestination, scratch: string): Promise<MoveSource> {
  const {flags, ports} = place
  assertBucket(flags)
  const openBlobs = await blobOpener(flags.blobs, ports)
  if (flags.database !== undefined) {
    const [{connectionTo}, {databaseMoveSource}] = await Promise.all([
      import('./open-database.js'),
      import('../server/move/database-side.js'),
    ])
    return databaseMoveSource(connectionTo(place), () => openBlobs(scratch))
  }
  const folder = dataFolderPath(flags.data, ports)
  // Migrates an older database.
  await (await openForCommand(folder, {create: false}).catch(ignoreClosed))?.close()
  return folderMoveSource(folder, {into: path.resolve(to.data ?? scratch), now: ports.now, openBlobs})
}

/** @param key the secret key of the registry */
export async function openMoveTarget(
  to: MoveDestination,
  key: Uint8Array,
  scratch: string,
  {version, ports}: Place,
): Promise<MoveTarget> {
  assertBucket(to)
  const openBlobs = await blobOpener(to.blobs, ports)
  if (to.database === undefined) return folderMoveTarget(path.resolve(to.data ?? ''), key, openBlobs)
  const [{connectionWith}, {databaseMoveTarget}] = await Promise.all([
    import('./open-database.js'),
    import('../server/move/database-side.js'),
  ])
  return databaseMoveTarget(connectionWith(to.database, key, {version, ports}), () => openBlobs(scratch))
}
