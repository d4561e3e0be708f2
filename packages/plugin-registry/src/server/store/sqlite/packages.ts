import type {PackageStore} from '../store.js'
import type {Connection} from './connection.js'
import {createPackageChanges} from './publish-version.js'
import {createPackageQueries} from './package-queries.js'
import {createPackageSearch} from './package-search.js'
import type {RegistrySigner} from './signing-keys.js'

export function createPackageStore(connection: Connection, signer: RegistrySigner): PackageStore {
  return {
    ...createPackageQueries(connection),
    ...createPackageSearch(connection),
    ...createPackageChanges(connection, signer),
  }
}
