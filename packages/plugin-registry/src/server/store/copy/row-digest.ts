import {createHash} from 'node:crypto'

import type {Row} from './read-rows.js'

/** A hash over the rows of a table, in any order. No two rows of a table are equal, because of its key. */
export class RowDigest {
  #sum = Buffer.alloc(32)
  count = 0

  constructor(private readonly columns: readonly string[]) {}

  add(row: Row): void {
    const values = this.columns.map((column) => toJson(row[column] ?? null))
    const hash = createHash('sha256').update(JSON.stringify(values)).digest()
    this.#sum = Buffer.from(this.#sum.map((byte, index) => byte ^ (hash[index] ?? 0)))
    this.count++
  }

  equals(other: RowDigest): boolean {
    return this.count === other.count && this.#sum.equals(other.#sum)
  }
}

function toJson(value: Row[string]): unknown {
  return value instanceof Uint8Array ? {bytes: Buffer.from(value).toString('base64')} : value
}
