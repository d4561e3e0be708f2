import type {Failure, Mistyped} from './failure-row.js'

/** What `--json` says of a failure. An allow-list: nothing reaches stdout by accident. */
export interface ErrorReport {
  code: string
  message: string
  suggestions: string[]
}

/**
 * A failure that a user can meet: a stable code, a sentence, an exit code and what to do next.
 *
 * Recognized by shape (`isApkgError`), since a plugin may carry its own copy of this class.
 */
export class ApkgError extends Error {
  readonly suggestions: string[]
  readonly exitCode: number
  readonly mistyped: Mistyped | undefined
  /** oclif takes the exit code of an error from here. */
  readonly oclif: {exit: number}

  constructor(
    readonly code: string,
    {message, exit, suggestions = [], mistyped}: Failure,
    options?: {cause?: unknown},
  ) {
    super(message, options)
    this.name = 'ApkgError'
    this.suggestions = suggestions
    this.mistyped = mistyped
    this.exitCode = exit
    this.oclif = {exit}
  }

  toJSON(): ErrorReport {
    return {code: this.code, message: this.message, suggestions: this.suggestions}
  }
}

export function isApkgError(error: unknown): error is ApkgError {
  return error instanceof Error && error.name === 'ApkgError' && 'exitCode' in error && 'suggestions' in error
}

/** Whether an error is the one with this code, whichever copy of the kit threw it. */
export function hasCode(error: unknown, code: string): error is ApkgError {
  return isApkgError(error) && error.code === code
}
