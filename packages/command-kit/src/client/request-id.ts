/** In characters. */
const maxLength = 200

/**
 * The registry's name for a request, as its log has it.
 *
 * @returns undefined if it's missing, empty or too long to quote.
 */
export function readRequestId(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= maxLength ? value : undefined
}
