import type {Command} from './compile.js'
import type {Index} from './migrations/index.js'
import type {Answer} from './pipeline.js'
import {schemaName} from './table-names.js'

/**
 * Builds an index while other processes write to its table. Does nothing if it exists.
 *
 * @param run runs commands outside of a transaction
 */
export async function buildIndex(run: (command: Command) => Promise<Answer[]>, {name, on}: Index): Promise<void> {
  const [answer] = await run({
    text: `
      SELECT i.indisvalid AS valid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`,
    parameters: [schemaName, name],
  })
  const [found] = answer?.rows ?? []
  if (found?.['valid'] === 1) return
  // An attempt that failed leaves an index that only slows down writes.
  if (found) await run({text: `DROP INDEX CONCURRENTLY IF EXISTS ${schemaName}.${name}`, parameters: []})
  await run({text: `CREATE INDEX CONCURRENTLY IF NOT EXISTS ${name} ON ${schemaName}.${on}`, parameters: []})
}
