import {describe} from 'node:test'

import {skipWithoutPostgres} from '../support/postgres-server.js'
import {usePostgres} from '../support/world-database.js'

const skip = skipWithoutPostgres()

// Elsewhere these tests run on SQLite, in separate processes.
if (skip === false) {
  usePostgres()
  // Every endpoint with every kind of credential.
  await import('./auth/authorize.test.js')
  await import('./auth/address-restriction.test.js')
  await import('./round-trips.test.js')
} else {
  describe('the API on PostgreSQL', {skip}, () => {})
}
