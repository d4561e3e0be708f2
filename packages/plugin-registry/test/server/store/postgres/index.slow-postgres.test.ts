import {describe, type TestContext} from 'node:test'

import {openToServe} from '../../../../src/server/operations/open-registry.js'
import {createStore} from '../../../../src/server/store/rules/index.js'
import {openPostgres} from '../../../../src/server/store/postgres/index.js'
import type {RegistryStore} from '../../../../src/server/store/store.js'
import {key, postgresServer, skipWithoutPostgres} from '../../../support/postgres-server.js'
import {temporaryFolder} from '../../../support/world.js'
import {describeBlobs} from '../blobs-contract.js'
import {describeConcurrency} from '../concurrency-contract.js'
import {describeDistTags} from '../dist-tags-contract.js'
import {describeOrganizations} from '../organizations-contract.js'
import {describeLists} from '../lists-contract.js'
import {describePackages} from '../packages-contract.js'
import {describeSearch} from '../search-contract.js'
import {describeSearchCorpus} from '../search-corpus-contract.js'
import {describeStore} from '../store-contract.js'

const skip = skipWithoutPostgres()

/** Opens an empty database twice, as two processes would. */
async function openTwo(t: TestContext): Promise<[RegistryStore, RegistryStore]> {
  const options = await (await postgresServer()).createRegistry(t)
  const open = async () => createStore(await openPostgres(options), {key})
  const stores: [RegistryStore, RegistryStore] = [await open(), await open()]
  t.after(() => Promise.all(stores.map((store) => store.close())))
  return stores
}

async function openSqlite(t: TestContext): Promise<RegistryStore> {
  const {store} = await openToServe(temporaryFolder(t), () => {})
  t.after(() => store.close())
  return store
}

/** A store that sends each call to another process than the previous one. */
async function openAlternating(t: TestContext): Promise<RegistryStore> {
  const [one, other] = await openTwo(t)
  let isFirst = false
  const areas = Object.entries(one).map(([area, methods]) => {
    const alternating = new Proxy(methods as object, {
      get(_, method) {
        isFirst = !isFirst
        return ((isFirst ? one : other)[area as never] as Record<PropertyKey, unknown>)[method]
      },
    })
    return [area, alternating]
  })
  return Object.fromEntries(areas) as RegistryStore
}

describe('a store on PostgreSQL', {skip}, () => {
  for (const describeContract of [
    describeBlobs,
    describeStore,
    describeOrganizations,
    describeLists,
    describePackages,
    describeDistTags,
    describeSearch,
  ]) {
    describeContract('the store on PostgreSQL', openAlternating)
  }
  describeConcurrency('PostgreSQL', openTwo)
  describeSearchCorpus('SQLite and PostgreSQL', openSqlite, openAlternating)
})
