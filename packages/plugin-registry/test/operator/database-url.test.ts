import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {isApkgError} from '@apkg/command-kit'

import {parseDatabaseUrl} from '../../src/operator/database-url.js'

describe('the URL of a database', () => {
  for (const url of [
    'postgres://apkg@db.example.com/apkg?sslmode=verify-full',
    'postgresql://apkg@10.0.0.1:5433/apkg?sslmode=disable',
    'postgres://apkg@127.0.0.1/apkg',
    'postgres://apkg@[::1]:5432/apkg',
    'postgres://apkg@%2Frun%2Fpostgresql/apkg',
    'postgres:///apkg?host=/run/postgresql',
    'postgres://apkg@db/apkg?sslmode=verify-full&sslrootcert=/etc/ca.pem&sslcert=a.pem&sslkey=a.key',
  ]) {
    it(`--database: ${url} is accepted`, () => {
      assert.equal(parseDatabaseUrl(url), url)
    })
  }

  for (const [url, reason] of [
    ['postgres://apkg:hunter2@127.0.0.1/apkg', /must not contain a password/],
    ['postgres://127.0.0.1/apkg?user=apkg&password=hunter2', /must not contain a password/],
    ['mysql://apkg@127.0.0.1/apkg', /is not the URL of a PostgreSQL database/],
    ['hunter2', /is not the URL of a PostgreSQL database/],
    ['postgres://apkg@127.0.0.1', /must name a database/],
    ['postgres://apkg@127.0.0.1/apkg#hunter2', /must name a database/],
    ['postgres://apkg@127.0.0.1/apkg?options=-csynchronous_commit%3Doff', /has an unknown parameter/],
    ['postgres://apkg@db.example.com/apkg?sslmode=require', /has an insecure sslmode/],
    ['postgres://apkg@db.example.com/apkg?sslmode=no-verify', /has an insecure sslmode/],
    ['postgres://apkg@db.example.com/apkg', /has no sslmode/],
  ] as const) {
    it(`--database: ${url} ${reason.source}`, () => {
      assert.throws(
        () => parseDatabaseUrl(url),
        (error) => {
          assert.ok(isApkgError(error))
          assert.match(error.message, reason)
          assert.doesNotMatch(JSON.stringify([error.message, error.suggestions]), /hunter2/)
          return error.code === 'USAGE'
        },
      )
    })
  }
})
