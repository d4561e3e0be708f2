/** The extended result codes of a violated unique index and of a violated primary key. */
const uniqueCodes = new Set([2067, 1555])

/** Whether an error of either driver says that a unique value exists already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && uniqueCodes.has(error.errcode as number)
}

/** Whether an error of either driver says that another process kept the database locked for too long. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && ((error.errcode as number) & 0xff) === 5
}
