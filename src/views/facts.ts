import type {Screen} from '@apkg/command-kit'
import {hanging} from '@apkg/command-kit/wrap'

/** A label and its value, which is safe to print. */
export type Fact = readonly [label: string, value: string]

/**
 * Facts, one per line. On a terminal, the values are aligned and wrapped by words.
 *
 * @param width of the label column, in characters; at least that of the longest label.
 */
export function factLines(facts: readonly Fact[], screen: Screen, width = labelWidth(facts)): string[] {
  if (!screen.isTerminal) return facts.map(([label, value]) => `${label}: ${value}`)
  const start = width + ':  '.length
  const columns = screen.columns ?? Infinity
  const longest = (value: string) => Math.max(...value.split(' ').map((word) => word.length))
  return facts.map(([label, value]) =>
    // A digest that would be broken gets its own line.
    longest(value) > columns - start
      ? `${label}:\n  ${hanging(value, 2, columns)}`
      : `${label}:`.padEnd(start) + hanging(value, start, columns),
  )
}

/** In characters. */
export function labelWidth(facts: readonly Fact[]): number {
  return Math.max(0, ...facts.map(([label]) => label.length))
}
