/** SQLite's result code of an error of either driver; undefined for any other error. */
function resultCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined
}

/** Whether a unique value, of an index or a primary key, exists already. */
export function isUniqueViolation(error: unknown): boolean {
  return [2067, 1555].includes(resultCode(error) ?? 0)
}

/** Whether another process kept the database locked for too long. */
export function isBusy(error: unknown): boolean {
  return ((resultCode(error) ?? 0) & 0xff) === 5
}

/** Whether the file is no database, or a broken one. */
export function isDamaged(error: unknown): boolean {
  return [11, 26].includes((resultCode(error) ?? 0) & 0xff)
}

/** Whether there was no room for what was to be written. */
export function isDatabaseFull(error: unknown): boolean {
  return ((resultCode(error) ?? 0) & 0xff) === 13
}
