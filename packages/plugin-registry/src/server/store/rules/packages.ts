import type {PackageStore} from '../store.js'
import type {Connection} from './connection.js'
import {createDeprecation} from './deprecate.js'
import {createDistTagChanges} from './dist-tags.js'
import {createPackageQueries} from './package-queries.js'
import {createPackageSearch} from './package-search.js'
import {createPublishing} from './publish-version.js'
import type {RegistrySigner} from './signing-keys.js'
import {createTakeDown} from './take-down-version.js'

export function createPackageStore(connection: Connection, signer: RegistrySigner): PackageStore {
  return {
    ...createPackageQueries(connection),
    ...createPackageSearch(connection),
    ...createPublishing(connection, signer),
    ...createDistTagChanges(connection),
    ...createDeprecation(connection),
    ...createTakeDown(connection),
  }
}
