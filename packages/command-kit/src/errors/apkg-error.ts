import type {Failure, Mistyped} from './failure-row.js'

/** What `--json` prints when a command fails. */
export interface FailureOutput {
  error: ErrorReport
}

/** A failure. */
export interface ErrorReport {
  /** Identifies the kind of failure. Codes don't change between releases. */
  code: string
  /** For people. The wording may change. */
  message: string
  /** What to do next: commands to run, or steps. */
  suggestions: string[]
  /** The registry's own error code, such as `LABEL_TAKEN`. Only if the registry refused a request and gave a code. */
  reason?: string
  /** The HTTP status that the registry answered with. Only if the registry refused a request. */
  status?: number
  /** Identifies the refused request in the registry's log. Only if the registry sent an ID. */
  requestId?: string
}

/**
 * A failure with a stable code, a message, an exit code and hints.
 *
 * Use `isApkgError` instead of `instanceof`, because plugins can have their own copy of this class.
 */
export class ApkgError extends Error {
  readonly suggestions: string[]
  readonly exitCode: number
  readonly mistyped: Mistyped | undefined
  /** oclif reads the exit code from this field. */
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

/** Whether an error has this code. The error can come from another copy of the kit. */
export function hasCode(error: unknown, code: string): error is ApkgError {
  return isApkgError(error) && error.code === code
}
