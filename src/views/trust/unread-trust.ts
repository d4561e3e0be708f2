/** @param reason a sentence. */
export function unreadTrustWarning(reason: string): string {
  return `${reason}. Your pins and policies are ignored. Only the locked versions are installed.`
}
