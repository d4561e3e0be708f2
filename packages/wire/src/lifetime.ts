/** How long a token lives: for ever, for a number of milliseconds from its creation, or until an instant. */
export type Lifetime = {kind: 'never'} | {kind: 'for'; milliseconds: number} | {kind: 'until'; instant: Date}

const hour = 3_600_000
const day = 24 * hour
const units: Record<string, number> = {h: hour, d: day, w: 7 * day, y: 365 * day}

/** The longest finite lifetime: 100 years. Beyond it the word is `never`. */
export const longestLifetime = 36_500 * day

/** `expiresAt` of a token that never expires: the original client needs a string there (RFC 3339, the last whole day of year 9999). */
export const neverExpiresAt = '9999-12-31T00:00:00.000Z'

/** The forms that `parseLifetime` takes, for help texts and errors. */
export const lifetimeForms = '12h, 30d, 8w, 1y, a date (2027-01-31), an RFC 3339 time or never'

/**
 * Reads a lifetime as people and the wire write it: `12h`, `30d`, `8w`, `1y` (365 days), a date (00:00 UTC of that day),
 * an RFC 3339 time with its zone, or `never`. Undefined for anything else, an impossible date, zero, a duration beyond
 * 100 years, and an instant that falls out of the years 0000 to 9999 by its zone.
 */
export function parseLifetime(text: string): Lifetime | undefined {
  if (text === 'never') return {kind: 'never'}
  const duration = /^([1-9]\d{0,6})([hdwy])$/.exec(text)
  if (duration) {
    const milliseconds = Number(duration[1]) * (units[duration[2] ?? ''] ?? Number.NaN)
    return milliseconds <= longestLifetime ? {kind: 'for', milliseconds} : undefined
  }
  return parseInstant(text)
}

function parseInstant(text: string): Lifetime | undefined {
  const shape = /^(\d{4})-(\d\d)-(\d\d)(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?$/i.exec(text)
  if (!shape) return undefined
  const [, year, month, date] = shape.map(Number) as [number, number, number, number]
  const calendar = new Date(Date.UTC(year, month - 1, date))
  if (calendar.getUTCMonth() !== month - 1 || calendar.getUTCDate() !== date) return undefined
  const instant = new Date(text)
  const writable = instant.getUTCFullYear() >= 0 && instant.getUTCFullYear() <= 9999
  return writable ? {kind: 'until', instant} : undefined
}

/** A lifetime as the wire's `expiresIn` carries it: `never`, whole days as `Nd`, other durations as `Nh`, instants as RFC 3339. */
export function formatLifetime(lifetime: Lifetime): string {
  switch (lifetime.kind) {
    case 'never':
      return 'never'
    case 'until':
      return lifetime.instant.toISOString()
    case 'for':
      return lifetime.milliseconds % day === 0 ? `${lifetime.milliseconds / day}d` : `${lifetime.milliseconds / hour}h`
  }
}

/** When a token of this lifetime created at `now` expires; null for never. */
export function expiryOf(lifetime: Lifetime, now: Date): Date | null {
  switch (lifetime.kind) {
    case 'never':
      return null
    case 'until':
      return lifetime.instant
    case 'for':
      return new Date(now.getTime() + lifetime.milliseconds)
  }
}
