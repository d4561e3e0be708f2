import {fromNow, type Output, paint, printable} from '@apkg/command-kit'

const day = 86_400_000

/** When a token expires, relative to now: in yellow within 14 days, in red within 3 days. */
export function expiryFromNow(expiresAt: string | null, output: Pick<Output, 'hasColors'>, now: Date): string {
  if (expiresAt === null) return 'never'
  const text = printable(fromNow(expiresAt, now))
  const days = (Date.parse(expiresAt) - now.getTime()) / day
  if (!(days < 14)) return text
  return paint(output, days < 3 ? 'red' : 'yellow', text)
}
