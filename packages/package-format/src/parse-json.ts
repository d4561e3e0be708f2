/**
 * Parses the text of a JSON file. A byte order mark, which some editors on Windows write, is ignored.
 *
 * @throws {SyntaxError}
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''))
}
