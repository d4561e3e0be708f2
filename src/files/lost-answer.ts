import {hasCode, refusalBehind, TransportError} from '@apkg/command-kit'

/**
 * Whether a failed request may have done what it asked for all the same: its answer was lost, or was none that can be
 * read. 503 is a registry that says it did nothing.
 */
export function answerWasLost(error: unknown): boolean {
  if (hasCode(error, 'INTERRUPTED') || hasCode(error, 'TIMED_OUT') || hasCode(error, 'BAD_ANSWER')) return true
  if (hasCode(error, 'SERVER_FAILED')) return refusalBehind(error)?.status !== 503
  return hasCode(error, 'UNREACHABLE') && error.cause instanceof TransportError && error.cause.maybeReceived
}
