import {hasCode, refusalBehind, TransportError} from '@apkg/command-kit'

/**
 * Whether a failed request may still have taken effect: its response was lost or unreadable. With 503, a registry says
 * that it did nothing.
 */
export function isOutcomeUnknown(error: unknown): boolean {
  if (hasCode(error, 'INTERRUPTED') || hasCode(error, 'TIMED_OUT') || hasCode(error, 'BAD_RESPONSE')) return true
  if (hasCode(error, 'SERVER_FAILED')) return refusalBehind(error)?.status !== 503
  return hasCode(error, 'UNREACHABLE') && error.cause instanceof TransportError && error.cause.maybeReceived
}
