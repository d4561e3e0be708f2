import {isApkgError} from '@apkg/command-kit'

import {openForCommand} from '../server/operations/open-registry.js'
import type {Organization, RegistryStore, TokenHolder, User} from '../server/store/store.js'
import {storeFailure, toDataFailure} from './data-failure.js'
import {dataFolderPath} from './data-folder-path.js'
import {databaseFailure} from './database-failure.js'
import {failure} from './failures.js'
import {onSamePlace} from './on-same-place.js'
import type {Place, PlaceFlags} from './place.js'

/** How far the clock of this machine may be from that of the database, in milliseconds. */
const maxClockOffset = 5000

/**
 * Opens the store of a registry, which a server may be using, and closes it after `work`.
 *
 * @param place.create whether to create a registry if a data directory has none.
 * @throws {ApkgError} `REGISTRY_*` if the data cannot be used
 */
export async function withStore<Result>(
  place: Place & {create?: boolean},
  work: (store: RegistryStore) => Promise<Result>,
): Promise<Result> {
  const {flags} = place
  const store = flags.database === undefined ? await openFolder(place) : await openDatabaseStore(place)
  try {
    return await work(store)
  } catch (error) {
    const ofStore = failureOfStore(error, place)
    if (ofStore) throw ofStore
    if (isApkgError(error)) useSamePlace(error.suggestions, flags)
    throw error
  } finally {
    await store.close()
  }
}

function failureOfStore(error: unknown, {flags, ports}: Place) {
  if (flags.database !== undefined) return databaseFailure(error, flags)
  return storeFailure(error, dataFolderPath(flags.data, ports))
}

async function openFolder({flags, ports, create = false}: Place & {create?: boolean}): Promise<RegistryStore> {
  const folder = dataFolderPath(flags.data, ports)
  return openForCommand(folder, {create}).catch((error: unknown) => {
    throw toDataFailure(error, folder)
  })
}

/** Commands record the time of this machine, so it must be that of the database. */
async function openDatabaseStore(place: Place): Promise<RegistryStore> {
  const {openDatabase} = await import('./open-database.js')
  const {store, clock} = await openDatabase(place)
  const offset = place.ports.now().getTime() - clock.now()
  if (Math.abs(offset) <= maxClockOffset) return store
  await store.close()
  throw failure('REGISTRY_CLOCK_WRONG', {seconds: Math.round(Math.abs(offset) / 1000)})
}

/** The commands in the hints act on the registry that was given. */
function useSamePlace(hints: string[], flags: PlaceFlags): void {
  hints.splice(0, hints.length, ...hints.map((hint) => onSamePlace(hint, flags)))
}

/** @throws {ApkgError} `USER_NOT_FOUND` */
export async function findUser(store: RegistryStore, name: string): Promise<User> {
  const user = await store.users.find(name)
  if (!user) throw failure('USER_NOT_FOUND', {name})
  return user
}

/**
 * Finds the user or the organization whose tokens to select; undefined means all tokens.
 *
 * @throws {ApkgError} `USER_NOT_FOUND`, `ORG_NOT_FOUND`
 */
export async function findHolder(
  store: RegistryStore,
  {user, org}: {user?: string | undefined; org?: string | undefined},
): Promise<TokenHolder | undefined> {
  if (org !== undefined) return {kind: 'organization', id: (await findOrganization(store, org)).id}
  return user === undefined ? undefined : {kind: 'user', id: (await findUser(store, user)).id}
}

/** @throws {ApkgError} `ORG_NOT_FOUND` */
export async function findOrganization(store: RegistryStore, name: string): Promise<Organization> {
  const organization = await store.organizations.find(name)
  if (!organization) throw failure('ORG_NOT_FOUND', {name})
  return organization
}
