import type {Failure, Mistyped} from './failure-row.js'

/** The `--json` output of a command that fails. */
export interface FailureOutput {
  error: ErrorReport
}

/** A failure. */
export interface ErrorReport {
  /** The error code. Codes don't change between releases. */
  code: string
  /** The message for people. Its wording may change. */
  message: string
  /** Suggested next steps, such as commands to run. */
  suggestions: string[]
  /** The registry's own error code, such as `LABEL_TAKEN`. Only set if the registry refused a request and sent a code. */
  reason?: string
  /** The HTTP status of the registry's response. Only set if the registry refused a request. */
  status?: number
  /** ID of the refused request in the registry's log. Only set if the registry sent one. */
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
