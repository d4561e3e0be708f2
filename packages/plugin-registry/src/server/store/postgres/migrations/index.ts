import {sql as baseline} from './0030-baseline.js'
import {sql as downloads} from './0034-downloads.js'

/** `on` is the rest of the statement that creates it, such as `audit (at)`. */
export interface Index {
  name: string
  on: string
}

/** A change of the tables. It only adds: what it replaces is dropped one release later. */
export interface Migration {
  name: string
  sql: string
  /**
   * Indexes of tables that can be large. They are built after the migration, without blocking writes. The registry must
   * work without them.
   */
  indexes?: readonly Index[]
  /** The oldest version of the registry that works with the changed tables, if that isn't the previous one. */
  oldestVersion?: string
}

/** In order. They have the same numbers as those of SQLite. Never change one that was released. */
export const migrations: readonly Migration[] = [
  {name: '0030-baseline', sql: baseline, oldestVersion: '0.1.0'},
  {name: '0034-downloads', sql: downloads},
]
