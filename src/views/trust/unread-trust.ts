/** @param reason a sentence. */
export function unreadTrustWarning(reason: string): string {
  return `${reason}. Pinned scopes and keys and signature policies were not applied; exactly what is locked is installed.`
}
