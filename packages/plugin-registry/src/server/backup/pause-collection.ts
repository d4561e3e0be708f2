import {randomUUID} from 'node:crypto'
import {setTimeout as sleep} from 'node:timers/promises'

import type {DataFolder} from '../operations/data-folder.js'
import {openSqliteStore} from '../operations/open-sqlite-store.js'
import {takeLock} from '../operations/process-lock.js'
import type {SqliteDriver} from '../store/sqlite/driver.js'
import type {RegistryStore} from '../store/store.js'

/** Another backup or a garbage collection did not finish in time. */
export class BackupBusy extends Error {
  override readonly name = 'BackupBusy'
}

/** How many times to try, and how long to wait in between, in milliseconds. */
const attempts = 300
const retryInterval = 100

/** How often a pause is extended, in milliseconds. It ends after a minute if this process stops. */
const heartbeat = 15_000

/** The garbage collection is paused until this is called. */
export interface CollectionPause {
  release(): Promise<void>
}

/**
 * Pauses the garbage collection of a data directory.
 *
 * @throws {BackupBusy}
 */
export async function pauseInFolder(
  driver: SqliteDriver,
  {database, key, collectionLock}: Pick<DataFolder, 'database' | 'key' | 'collectionLock'>,
  now: () => Date,
  holder?: string,
): Promise<CollectionPause> {
  const lock = await waitFor(async () => takeLock(driver, collectionLock))
  const opened: {store?: RegistryStore} = {}
  try {
    const store = await openCurrent({driver, path: database, key})
    if (!store) return {release: async () => lock.release()}
    opened.store = store
    const lease = await holdLease(store, () => now().getTime(), holder)
    return {
      async release() {
        try {
          await lease.release()
        } finally {
          await store.close()
          lock.release()
        }
      },
    }
  } catch (error) {
    await opened.store?.close()
    lock.release()
    throw error
  }
}

/**
 * Takes the lease of the garbage collection, and extends it until it is released.
 *
 * @param holder takes over a lease that it holds already
 * @throws {BackupBusy}
 */
export async function holdLease(
  {blobs}: Pick<RegistryStore, 'blobs'>,
  clock: () => number,
  holder: string = randomUUID(),
): Promise<CollectionPause> {
  const extend = () => blobs.pauseCollection(holder, clock())
  await waitFor(async () => (await extend()) || undefined)
  let extending: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    // The next one may succeed. If none does, a missing tarball fails the backup.
    extending = extending.then(extend).catch(() => undefined)
  }, heartbeat)
  return {
    async release() {
      clearInterval(timer)
      await extending
      await blobs.release(holder)
    },
  }
}

class NeedsMigration extends Error {}

/** @returns undefined if the database needs a migration. Then, only a server of an earlier release may be using it. */
async function openCurrent(options: Parameters<typeof openSqliteStore>[0]): Promise<RegistryStore | undefined> {
  const beforeMigration = () => {
    throw new NeedsMigration()
  }
  try {
    return await openSqliteStore({...options, beforeMigration})
  } catch (error) {
    if (error instanceof NeedsMigration) return undefined
    throw error
  }
}

async function waitFor<Result>(take: () => Promise<Result | undefined>): Promise<Result> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const taken = await take()
    if (taken !== undefined) return taken
    await sleep(retryInterval)
  }
  throw new BackupBusy()
}
