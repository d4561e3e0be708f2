/** What one failure says: its exit code, its sentence and the way out. */
export interface Failure {
  exit: number
  message: string
  /** Commands and steps that mend it, most likely first. */
  suggestions?: string[]
  /** What was typed where one of some words was expected: the nearest of them is suggested. */
  mistyped?: Mistyped | undefined
}

export interface Mistyped {
  word: string
  known: readonly string[]
}

/** A table of failures: a stable code, and a function from the facts to what is said. */
export type FailureRows = Readonly<Record<string, (facts: never) => Failure>>
