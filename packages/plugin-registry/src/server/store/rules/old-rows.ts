import {downloadsKept} from '../download-store.js'
import {idempotencyWindow} from '../idempotency.js'
import type {OldRows} from '../old-rows.js'
import {first, type Port, run, statement, type Value, together} from '../port.js'
import {type Lease, releaseLease, takeLease} from './leases.js'

/** How many rows are deleted at a time. A longer transaction would delay other changes. */
const batch = 500

const lease: Lease = {name: 'old-rows', duration: 60_000}

/** A table whose rows are deleted when they are too old. */
interface AgingTable {
  /** [time] Finds a row if any were created at that time or before. */
  find: (...parameters: Value[]) => ReturnType<ReturnType<typeof statement>>
  /** [time, limit] Deletes rows that were created at that time or before. */
  delete: (...parameters: Value[]) => ReturnType<ReturnType<typeof statement>>
  /** How long rows are kept, in milliseconds. */
  age: number
}

/**
 * No ID token is valid for more than a day, so after that it can't be exchanged again. Kept for longer, so that uses of an
 * exchanged token that ended are still recorded.
 */
const exchangedTokenAge = 30 * 24 * 3_600_000

/** Long after they expire, so that clients still learn that. */
const browserRequestAge = 24 * 3_600_000

const invitationAge = 30 * 24 * 3_600_000

const agingTables: readonly AgingTable[] = [
  aging('idempotency_keys', ['user_id', 'key_hash'], 'created_at', idempotencyWindow),
  aging('invitations', ['id'], 'created_at', invitationAge),
  aging('browser_requests', ['id'], 'created_at', browserRequestAge),
  aging('exchanged_tokens', ['id'], 'exchanged_at', exchangedTokenAge),
  aging('downloads', ['package_id', 'day'], 'day', downloadsKept),
]

function aging(table: string, key: readonly string[], column: string, age: number): AgingTable {
  const columns = key.join(', ')
  return {
    age,
    find: statement(`SELECT 1 FROM ${table} WHERE ${column} <= ?1 LIMIT 1`),
    delete: statement(`
      DELETE FROM ${table} WHERE (${columns}) IN (
        SELECT ${columns} FROM ${table} WHERE ${column} <= ?1 ORDER BY ${column} LIMIT ?2)`),
  }
}

export function createOldRows(port: Port): OldRows {
  return {
    async sweep(holder, now) {
      // Usually there is nothing to do. Then nothing is written.
      const found = await port.ask(together(agingTables.map(({find, age}) => first(find(now - age)))))
      if (found.every((row) => row === undefined)) return 0
      return port.write(function* () {
        if (!(yield* takeLease(lease, holder, now))) return 0
        const deletions = agingTables.map((table) => run(table.delete(now - table.age, batch)))
        const counts = yield* together(deletions)
        return counts.reduce((sum, count) => sum + count, 0)
      })
    },

    release: (holder) =>
      port.write(function* () {
        yield* releaseLease(lease, holder)
      }),
  }
}
