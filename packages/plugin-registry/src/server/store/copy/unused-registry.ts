import {first, type OpenTransaction, run, statement} from '../port.js'
import {tables} from '../rules/tables.js'
import {copiedTables} from './copied-tables.js'

/** The database belongs to a registry. */
export class DatabaseInUse extends Error {
  override readonly name = 'DatabaseInUse'
}

/** Every change adds a row. Preparing a database only adds this one. */
const findUse = statement<{id: number}>(`SELECT id FROM audit WHERE action <> 'signing-key.create' LIMIT 1`)

/** @throws {DatabaseInUse} if anything was changed since the database was prepared */
export async function assertUnused({ask}: OpenTransaction): Promise<void> {
  if ((await ask(first(findUse()))) !== undefined) throw new DatabaseInUse()
}

/** Removes all rows. */
export async function clearRegistry({ask}: OpenTransaction): Promise<void> {
  await ask(run(statement({dialect: 'clearOwnTables'})()))
  await ask(run(tables.deleteFrom('leases')))
  for (const {name} of copiedTables.toReversed()) await ask(run(tables.deleteFrom(name)))
}
