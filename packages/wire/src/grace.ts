import {parseTime} from './lifetime.js'

/** How long the old value of a rotated token works by default, once the new one was used. */
export const defaultGrace = '24h'

/** The longest grace period, in milliseconds: 7 days. */
export const maxGrace = 7 * 86_400_000

/** The forms that `parseGrace` accepts, for help and errors. */
export const graceForms = 'a duration of at most 7 days, such as 12h or 2d, or 0'

/** Parses a grace period into milliseconds. Returns undefined for anything but a duration of at most 7 days, or 0. */
export function parseGrace(text: string): number | undefined {
  if (text === '0') return 0
  const duration = parseTime(text)
  return duration?.kind === 'for' && duration.milliseconds <= maxGrace ? duration.milliseconds : undefined
}
