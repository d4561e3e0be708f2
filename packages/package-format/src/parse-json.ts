/**
 * Parses JSON. Ignores a byte order mark, which some editors on Windows write.
 *
 * @throws {SyntaxError}
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''))
}
