import {readdirSync} from 'node:fs'
import {describe} from 'node:test'

import {skipWithoutPostgres} from '../support/postgres-server.js'
import {usePostgres} from '../support/world-database.js'

/** Tests of requests to the registry. */
const folders = ['auth', 'handlers', 'http', 'operations', 'publishing', 'web', 'webhooks']

/** These open SQLite's file, or start processes that do. */
const ofSqlite = ['collect-garbage', 'data-folder', 'outcome-unknown', 'readiness', 'storage-full', 'token-log']

const skip = skipWithoutPostgres()

// Other files run on SQLite, in processes of their own.
if (skip === false) {
  usePostgres()
  await import('./round-trips.test.js')
  for (const folder of folders) {
    const url = new URL(`${folder}/`, import.meta.url)
    const files = readdirSync(url).filter((name) => /^[\w-]+\.test\.js$/.test(name))
    const portable = files.filter((name) => !ofSqlite.some((each) => name === `${each}.test.js`))
    for (const name of portable) await import(new URL(name, url).href)
  }
} else {
  describe('the API on PostgreSQL', {skip}, () => {})
}
