import {isApkgError, type Ports} from '@apkg/command-kit'

import {openForCommand} from '../server/operations/open-registry.js'
import type {Organization, RegistryStore, TokenHolder, User} from '../server/store/store.js'
import {storeFailure, toDataFailure} from './data-failure.js'
import {dataFolderPath} from './data-folder-path.js'
import {failure} from './failures.js'
import {onSameData} from './on-same-data.js'

/**
 * Opens the store of a data directory, which a server may be using, and closes it after `work`.
 *
 * @param options.create whether to create a registry if the directory has none.
 * @throws {ApkgError} `REGISTRY_*` if the directory cannot be used
 */
export async function withStore<Result>(
  {data, ports, create = false}: {data: string | undefined; ports: Ports; create?: boolean},
  work: (store: RegistryStore) => Promise<Result>,
): Promise<Result> {
  const folder = dataFolderPath(data, ports)
  const store = await openForCommand(folder, {create}).catch((error: unknown) => {
    throw toDataFailure(error, folder)
  })
  try {
    return await work(store)
  } catch (error) {
    const ofStore = storeFailure(error, folder)
    if (ofStore) throw ofStore
    if (isApkgError(error)) useSameData(error.suggestions, data)
    throw error
  } finally {
    await store.close()
  }
}

/** The commands in the hints act on the data directory that was given. */
function useSameData(hints: string[], data: string | undefined): void {
  hints.splice(0, hints.length, ...hints.map((hint) => onSameData(hint, data)))
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
