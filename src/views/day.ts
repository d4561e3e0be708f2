/** The date of an RFC 3339 time. Any other text is returned unchanged. */
export function day(time: string): string {
  return /^\d{4}-\d\d-\d\dT/.test(time) ? time.slice(0, 10) : time
}
