import {holdLease} from '../backup/pause-collection.js'
import type {BlobStore} from '../blobs/blob-store.js'
import {databaseSealingKey, openPostgresStore} from '../operations/open-postgres-store.js'
import {assertUnused, clearRegistry} from '../store/copy/unused-registry.js'
import {migratePostgres, type PostgresOptions} from '../store/postgres/index.js'
import {openPostgresTransaction} from '../store/postgres/open-transaction.js'
import type {OpenTransaction} from '../store/port.js'
import {type MoveSource, type MoveTarget, readMark, readMarkOf, type TransactionKind, writeMark} from './move-side.js'

const kinds = {read: 'read', settled: 'read-settled', write: 'write', mark: 'mark'} as const satisfies Record<
  TransactionKind,
  unknown
>

function sideOf(options: PostgresOptions, openBlobs: () => BlobStore) {
  return {
    name: options.url,
    sealingKey: databaseSealingKey(options.key),
    begin: (kind: TransactionKind) => openPostgresTransaction(options, kinds[kind]),
    openBlobs,
  }
}

/** A registry in a PostgreSQL database. */
export function databaseMoveSource(options: PostgresOptions, openBlobs: () => BlobStore): MoveSource {
  return {
    ...sideOf(options, openBlobs),
    key: options.key,
    async pauseCollection(move) {
      const {store, clock} = await openPostgresStore(options)
      try {
        const pause = await holdLease(store, () => clock.now(), move)
        return {release: () => pause.release().finally(() => store.close())}
      } catch (error) {
        await store.close()
        throw error
      }
    },
  }
}

/** A PostgreSQL database that is empty, or was prepared by an earlier run. It gets its tables. */
export function databaseMoveTarget(options: PostgresOptions, openBlobs: () => BlobStore): MoveTarget {
  const side = sideOf(options, openBlobs)
  let move = ''
  const assertClaimable = async (transaction: OpenTransaction) => {
    const found = await readMark(transaction)
    if (found?.id !== move || found.state !== 'arriving') await assertUnused(transaction)
  }
  return {
    ...side,
    readMark: () => readMarkOf(side),
    async prepare(id) {
      move = id
      await migratePostgres(options)
      const transaction = await side.begin('write')
      try {
        await assertClaimable(transaction)
        // Otherwise, it could be served as a new registry.
        await writeMark(transaction, {state: 'arriving', id})
        await transaction.commit()
      } finally {
        await transaction.close()
      }
    },
    async replaceRows(write) {
      const transaction = await side.begin('write')
      try {
        await assertClaimable(transaction)
        await clearRegistry(transaction)
        await write(transaction)
        await transaction.commit()
      } finally {
        await transaction.close()
      }
    },
  }
}
