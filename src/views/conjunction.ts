/** Words as a phrase: `A`, `A and B`, `A, B, and C`. Loading `Intl.ListFormat` for this would take 10 ms. */
export function conjunction(words: readonly string[]): string {
  if (words.length <= 2) return words.join(' and ')
  return `${words.slice(0, -1).join(', ')}, and ${words.at(-1) ?? ''}`
}
