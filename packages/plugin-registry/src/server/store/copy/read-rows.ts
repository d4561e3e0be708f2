import {all, type OpenTransaction, statement, type Value} from '../port.js'
import type {CopiedTable} from './copied-tables.js'

export type Row = Record<string, Value>

/** How many rows are read and written at a time. Readmes are the largest, with 20 kB. */
const pageSize = 200

/** Reads all rows of a table in the order of its key, some at a time. */
export async function* readRows({ask}: Pick<OpenTransaction, 'ask'>, {name, key}: CopiedTable): AsyncIterable<Row[]> {
  const order = `ORDER BY ${key.join(', ')} LIMIT ${pageSize}`
  const placeholders = key.map((_, index) => `?${index + 1}`).join(', ')
  const readFirst = statement<Row>(`SELECT * FROM ${name} ${order}`)
  const readNext = statement<Row>(`SELECT * FROM ${name} WHERE (${key.join(', ')}) > (${placeholders}) ${order}`)
  let rows = await ask(all(readFirst()))
  for (;;) {
    const last = rows.at(-1)
    if (!last) return
    yield rows
    if (rows.length < pageSize) return
    rows = await ask(all(readNext(...key.map((column) => last[column] ?? null))))
  }
}
