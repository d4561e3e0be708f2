import {hasCode, refusalBehind, TransportError} from '@apkg/command-kit'

/**
 * Whether a failed request may still have taken effect: its response was lost or unreadable, or the registry doesn't know.
 * With any other 503, a registry says that it did nothing.
 */
export function isOutcomeUnknown(error: unknown): boolean {
  if (hasCode(error, 'INTERRUPTED') || hasCode(error, 'TIMED_OUT') || hasCode(error, 'BAD_RESPONSE')) return true
  if (hasCode(error, 'SERVER_FAILED')) {
    const refusal = refusalBehind(error)
    return refusal?.status !== 503 || refusal.code === 'OUTCOME_UNKNOWN'
  }
  return hasCode(error, 'UNREACHABLE') && error.cause instanceof TransportError && error.cause.maybeReceived
}
