/** Single-character edits between the typed word and the suggestion. */
const maxEdits = 3

/**
 * Finds the known word that was probably meant: the one with the fewest single-character edits, at most half of the
 * typed characters, without the dashes of a flag. The typed word can also be the start of a known word, which costs one more edit.
 *
 * @returns undefined if no word is close enough
 */
export async function nearestOf(typed: string, known: readonly string[]): Promise<string | undefined> {
  const {distance} = await import('fastest-levenshtein')
  const limit = Math.min(maxEdits, Math.floor(typed.replace(/^-+/, '').length / 2))
  const editsTo = (word: string) => distance(typed.toLowerCase(), word.toLowerCase())
  const [nearest] = known
    .map((word) => ({word, edits: Math.min(editsTo(word), editsTo(word.slice(0, typed.length)) + 1)}))
    .filter(({edits}) => edits <= limit)
    .sort((a, b) => a.edits - b.edits)
  return nearest?.word
}
