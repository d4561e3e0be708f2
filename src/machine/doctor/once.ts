/** Does something when it is first asked for, and gives everybody the same answer. */
export function once<Answer>(work: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | undefined
  return () => (answer ??= work())
}
