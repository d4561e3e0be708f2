/**
 * What `JSON.parse` makes of the text of a file. A byte order mark before it, as some editors of Windows write one, is
 * passed over.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''))
}
