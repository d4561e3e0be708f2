/** The most single-character edits between what was typed and what is suggested. */
const mostEdits = 3

/**
 * The word that was probably meant: the one with the fewest single-character edits, where those are few, and fewer than
 * would make any word of it.
 *
 * @returns undefined where none is near.
 */
export async function nearestOf(typed: string, known: readonly string[]): Promise<string | undefined> {
  const {distance} = await import('fastest-levenshtein')
  const limit = Math.min(mostEdits, Math.floor(typed.length / 2))
  const [nearest] = known
    .map((word) => ({word, edits: distance(typed.toLowerCase(), word.toLowerCase())}))
    .filter(({edits}) => edits <= limit)
    .sort((one, other) => one.edits - other.edits)
  return nearest?.word
}
