/** Characters. */
const maxLength = 200

/**
 * Reads the ID that a request has in the registry's log.
 *
 * @returns undefined if it's missing, empty or too long to quote
 */
export function readRequestId(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= maxLength ? value : undefined
}
