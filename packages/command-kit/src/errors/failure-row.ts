/** The exit code, message and hints of a failure. */
export interface Failure {
  exit: number
  message: string
  /** Commands and steps that fix it, most likely first. */
  suggestions?: string[]
  /** A word that isn't one of the known ones. The nearest known word is suggested. */
  mistyped?: Mistyped | undefined
}

export interface Mistyped {
  word: string
  known: readonly string[]
}

/** A table of failures: a stable code, and a function that describes the failure. */
export type FailureRows = Readonly<Record<string, (facts: never) => Failure>>
