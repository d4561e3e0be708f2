import type {TestContext} from 'node:test'

import {openFileBlobs} from '../../src/server/blobs/file-blobs.js'
import {openDataFolder} from '../../src/server/operations/data-folder.js'
import {openToServe, type OpenRegistry} from '../../src/server/operations/open-registry.js'
import type {Port} from '../../src/server/store/port.js'
import {openPostgres, type PostgresOptions} from '../../src/server/store/postgres/index.js'
import {createStore} from '../../src/server/store/rules/index.js'
import {loadSqlite} from '../../src/server/store/sqlite/driver.js'
import {openSqlite} from '../../src/server/store/sqlite/index.js'
import {postgresServer} from './postgres-server.js'

/** Where the data of a test's registry is. */
export interface WorldDatabase {
  /** @param wrap replaces the port of the store */
  openToServe(folder: string, wrap?: (port: Port) => Port): Promise<OpenRegistry>
  /** Opens the database as another process would. It must be closed before the test ends. */
  openPort(folder: string): Promise<{port: Port; key: Uint8Array}>
  /** Called at the end of a test. Empties the database, unless another server still uses it. */
  forget(folder: string): Promise<void>
  /** Whether the data is in files of the data directory. */
  hasFiles: boolean
  /** How many round trips the end of a transaction with changes takes. */
  commitTrips: number
}

function onRecordFailure(error: unknown): never {
  throw error
}

const sqlite: WorldDatabase = {
  commitTrips: 0,
  hasFiles: true,
  forget: () => Promise.resolve(),
  async openToServe(folder, wrap) {
    if (!wrap) return openToServe(folder, onRecordFailure)
    const {port, key} = await sqlite.openPort(folder)
    const {blobs} = openDataFolder(folder, {create: false})
    return {store: createStore(wrap(port), {key, onRecordFailure}), blobs: openFileBlobs(blobs)}
  },
  async openPort(folder) {
    const {database, key} = openDataFolder(folder, {create: false})
    return {port: await openSqlite({driver: await loadSqlite(), path: database}), key}
  },
}

/** The databases by the data directory of the registry, and how many servers use each. */
const databases = new Map<string, {options: PostgresOptions & {database: string}; servers: number}>()

const postgres: WorldDatabase = {
  commitTrips: 1,
  hasFiles: false,
  async openToServe(folder, wrap = (port) => port) {
    const server = await postgresServer()
    const known = databases.get(folder)
    const found = known ?? {options: await server.takeRegistry(), servers: 0}
    databases.set(folder, found)
    found.servers++
    const {options} = found
    const store = createStore(wrap(await openPostgres(options)), {key: options.key, onRecordFailure})
    let isOpen = true
    const close = async () => {
      await store.close()
      if (isOpen) found.servers--
      isOpen = false
    }
    return {store: {...store, close}, blobs: openFileBlobs(openDataFolder(folder, {create: true}).blobs)}
  },
  async openPort(folder) {
    const found = databases.get(folder)
    if (!found) throw new Error(`no registry uses ${folder}`)
    return {port: await openPostgres(found.options), key: found.options.key}
  },
  async forget(folder) {
    const found = databases.get(folder)
    if (!found || found.servers > 0) return
    databases.delete(folder)
    await (await postgresServer()).emptyRegistry(found.options.database)
  },
}

let current = sqlite

/** Lets all registries of this process use PostgreSQL. */
export function usePostgres(): void {
  current = postgres
}

export function worldDatabase(): WorldDatabase {
  return current
}

/** Stands in for `it` for a test that is about one engine only. */
export const ignored: (title: string, test: (t: TestContext) => Promise<void>) => void = () => {}
