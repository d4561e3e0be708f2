import {all, first, type OpenTransaction, run, runIn, statement} from '../port.js'
import {findAllUnsealed, sealFound} from '../rules/audit-chain.js'
import {indexPackage} from '../rules/package-search.js'
import {tables} from '../rules/tables.js'
import {createSecretBox, type SecretBox} from '../secret-box.js'
import {type CopiedTable, copiedTables, obsoleteColumns, ownReferences, sealedColumns} from './copied-tables.js'
import {readRows, type Row} from './read-rows.js'
import {RowDigest} from './row-digest.js'

/** A registry, as it is copied. */
export interface CopiedRegistry {
  transaction: OpenTransaction
  /** The key for encrypted columns. */
  sealingKey: Uint8Array
}

export interface CopyOptions {
  /** The registry's secret key. */
  key: Uint8Array
  /** Returns a row as it is written, or undefined to leave it out. By default, nothing changes. */
  change?: (table: CopiedTable['name'], row: Row) => Row | undefined
  /** Called after rows were written. */
  onProgress?: (rows: number) => void
}

/** Rows differ from those that were written. */
export class CopyDiffers extends Error {
  override readonly name = 'CopyDiffers'
  constructor(table: string) {
    super(`the rows of ${table} differ after they were copied`)
  }
}

const listColumns = statement<{name: string}>({dialect: 'listColumns'})
const alignSequences = statement({dialect: 'alignSequences'})
const listLatest = statement<{id: number}>(`
  SELECT package_id AS id FROM dist_tags WHERE tag = 'latest' AND package_id > ?1 ORDER BY package_id LIMIT 1000`)

/**
 * Copies all rows of a registry to an empty one, and compares them. Either can be in SQLite or PostgreSQL. Rows of the
 * audit log that aren't sealed yet are sealed in the copy, because the engines seal in different orders. The target
 * isn't committed.
 *
 * @returns how many rows were copied
 * @throws {CopyDiffers}
 */
export async function copyRows(source: CopiedRegistry, target: CopiedRegistry, options: CopyOptions): Promise<number> {
  const boxes = {from: createSecretBox(source.sealingKey), to: createSecretBox(target.sealingKey)}
  let rows = 0
  for (const table of copiedTables) {
    rows += await copyTable(table, source.transaction, target.transaction, {
      ...options,
      boxes,
      onProgress: (written) => options.onProgress?.(rows + written),
    })
  }
  const unsealed = await runIn(source.transaction, findAllUnsealed())
  await runIn(target.transaction, sealFound(unsealed, options.key))
  await target.transaction.ask(first(alignSequences()))
  await indexPackages(target.transaction)
  return rows
}

async function copyTable(
  table: CopiedTable,
  source: OpenTransaction,
  target: OpenTransaction,
  {change = (_, row) => row, boxes, onProgress}: CopyOptions & {boxes: Boxes},
): Promise<number> {
  const columns = await columnsOf(table, source, target)
  const written = new RowDigest(columns)
  const ownReference = ownReferences[table.name]
  const references: Row[] = []
  for await (const page of readRows(source, table)) {
    const rows: Row[] = []
    for (const found of page) {
      const row = change(table.name, resealed(table, pick(found, columns), boxes))
      if (!row) continue
      written.add(row)
      const isReferring = ownReference !== undefined && row[ownReference] !== null
      if (isReferring) references.push(row)
      rows.push(isReferring ? {...row, [ownReference]: null} : row)
    }
    if (rows.length > 0) await target.ask(run(tables.insertInto(table.name).values(rows as never)))
    onProgress?.(written.count)
  }
  if (ownReference !== undefined) await addReferences(table, ownReference, references, target)
  const found = new RowDigest(columns)
  for await (const page of readRows(target, table)) for (const row of page) found.add(row)
  if (!found.equals(written)) throw new CopyDiffers(table.name)
  return written.count
}

interface Boxes {
  from: SecretBox
  to: SecretBox
}

/** @throws {Error} if one side lacks a column of the other */
async function columnsOf({name}: CopiedTable, source: OpenTransaction, target: OpenTransaction): Promise<string[]> {
  const obsolete = obsoleteColumns[name] ?? []
  const [from, to] = await Promise.all(
    [source, target].map(async ({ask}) => {
      const columns = await ask(all(listColumns(name)))
      return columns.map((column) => column.name).filter((column) => !obsolete.includes(column))
    }),
  )
  if (!from || !to || from.length === 0 || from.toSorted().join() !== to.toSorted().join()) {
    throw new Error(`the table ${name} has other columns in the other database`)
  }
  return to
}

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]))
}

/** Encrypts the secret of a row with the key of the target. */
function resealed({name}: CopiedTable, row: Row, {from, to}: Boxes): Row {
  const sealed = sealedColumns[name]
  const secret = sealed && row[sealed.column]
  if (!sealed || !(secret instanceof Uint8Array)) return row
  const context = sealed.contextOf(row)
  return {...row, [sealed.column]: to.seal(from.open(secret, context), context)}
}

async function addReferences({name, key}: CopiedTable, column: string, rows: Row[], {ask}: OpenTransaction) {
  const update = statement(`UPDATE ${name} SET ${column} = ?2 WHERE ${key.join()} = ?1`)
  for (const row of rows) await ask(run(update(row[key[0] ?? ''] ?? null, row[column] ?? null)))
}

/** Rebuilds the search index, whose form differs by engine. */
async function indexPackages(target: OpenTransaction): Promise<void> {
  for (let last = 0; ;) {
    const packages = await target.ask(all(listLatest(last)))
    for (const {id} of packages) await runIn(target, indexPackage(id))
    const next = packages.at(-1)
    if (!next) return
    last = next.id
  }
}
