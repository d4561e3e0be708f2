import type {Value} from '../port.js'

/** The types that the registry's queries return, by their OID. */
const parsers: Record<number, (text: string) => unknown> = {
  // boolean, as SQLite returns it
  16: (text) => (text === 't' ? 1 : 0),
  // bytea, in the hex format
  17: (text) => Buffer.from(text.slice(2), 'hex'),
  // bigint, smallint, integer, oid, double precision, numeric
  20: parseInteger,
  21: Number,
  23: Number,
  26: Number,
  701: Number,
  1700: Number,
}

const asText = (text: string) => text

export function parserOf(type: number): (text: string) => unknown {
  return parsers[type] ?? asText
}

/** @throws {Error} if a number is too large to be exact */
function parseInteger(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new Error(`the database returned ${text}, which is too large`)
  return number
}

/** Converts a value to what pg sends: a text, or bytes in the binary format. */
export function toParameter(value: Value): string | Buffer | null {
  if (value === null) return null
  if (typeof value === 'string') {
    // PostgreSQL can't store it, and SQLite's store refuses it, too.
    if (value.includes('\0')) throw new Error('Cannot bind a text that contains NUL')
    return value
  }
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}
