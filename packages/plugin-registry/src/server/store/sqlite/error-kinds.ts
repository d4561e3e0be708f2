import {StoreBusy, StoreDamaged, StoreFull, UniqueViolation} from '../store-errors.js'

/** SQLite's primary result codes (https://sqlite.org/rescode.html). */
const codes = {busy: 5, io: 10, corrupt: 11, full: 13, notADatabase: 26}

/** Extended result codes of a unique index and of a primary key. */
const uniqueViolations = [2067, 1555]

/** Returns the extended result code of an error of either driver. */
function resultCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined
}

/** Whether the operating system failed to read, write or sync a file. */
export function isIoError(error: unknown): boolean {
  return ((resultCode(error) ?? 0) & 0xff) === codes.io
}

/** @returns the store's own error for an SQLite error, or any other error unchanged */
export function toStoreError(error: unknown): unknown {
  const code = resultCode(error)
  if (code === undefined) return error
  const {message} = error as Error
  if (uniqueViolations.includes(code)) return new UniqueViolation(message, {cause: error})
  switch (code & 0xff) {
    case codes.busy:
      return new StoreBusy(message, {cause: error})
    case codes.full:
      return new StoreFull(message, {cause: error})
    case codes.corrupt:
    case codes.notADatabase:
      return new StoreDamaged(message, {cause: error})
    default:
      return error
  }
}
