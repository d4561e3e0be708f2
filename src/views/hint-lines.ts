import {printable} from '@apkg/command-kit'

/** The suggestions of what failed, each once, as the hints of an error. */
export function hintLines(outcomes: readonly {suggestions?: readonly string[]}[]): string[] {
  const suggestions = new Set(outcomes.flatMap((each) => each.suggestions ?? []))
  return [...suggestions].map((each) => printable(`  hint: ${each}`))
}
