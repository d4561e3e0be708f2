/** @param reason a sentence. */
export function unreadTrustWarning(reason: string): string {
  return `${reason}. Your routes, pinned keys and policies are ignored. Only the locked versions are installed.`
}
