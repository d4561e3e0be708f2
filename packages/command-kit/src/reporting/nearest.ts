/** The most single-character edits between what was typed and what is suggested. */
const maxEdits = 3

/**
 * The word that was probably meant: the one with the fewest single-character edits, where those are few, and fewer than
 * would make any word of it. Of a word that was only begun, its beginning is compared, which counts as one edit more.
 *
 * @returns undefined where none is near.
 */
export async function nearestOf(typed: string, known: readonly string[]): Promise<string | undefined> {
  const {distance} = await import('fastest-levenshtein')
  const limit = Math.min(maxEdits, Math.floor(typed.length / 2))
  const editsTo = (word: string) => distance(typed.toLowerCase(), word.toLowerCase())
  const [nearest] = known
    .map((word) => ({word, edits: Math.min(editsTo(word), editsTo(word.slice(0, typed.length)) + 1)}))
    .filter(({edits}) => edits <= limit)
    .sort((one, other) => one.edits - other.edits)
  return nearest?.word
}
