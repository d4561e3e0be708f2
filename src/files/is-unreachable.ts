import {hasCode} from '@apkg/command-kit'

/** Whether a request failed because the registry can't be reached, or must not be. */
export function isUnreachable(error: unknown): boolean {
  return hasCode(error, 'OFFLINE') || hasCode(error, 'UNREACHABLE') || hasCode(error, 'TIMED_OUT')
}
