import type {Port} from '../port.js'
import type {PackageStore} from '../store.js'
import {createDeprecation} from './deprecate.js'
import {createDistTagChanges} from './dist-tags.js'
import {createPackageQueries} from './package-queries.js'
import {createPackageSearch} from './package-search.js'
import {createPublishing} from './publish-version.js'
import type {RegistrySigner} from './signing-keys.js'
import {createTakeDown} from './take-down-version.js'
import {createYanking} from './yank-version.js'

export function createPackageStore(port: Port, signer: RegistrySigner): PackageStore {
  return {
    ...createPackageQueries(port),
    ...createPackageSearch(port),
    ...createPublishing(port, signer),
    ...createDistTagChanges(port),
    ...createDeprecation(port),
    ...createYanking(port),
    ...createTakeDown(port),
  }
}
