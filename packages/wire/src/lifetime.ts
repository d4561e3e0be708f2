/** How long a token lives: forever, for a number of milliseconds after its creation, or until a point in time. */
export type Lifetime = {kind: 'never'} | {kind: 'for'; milliseconds: number} | {kind: 'until'; instant: Date}

const hour = 3_600_000
const day = 24 * hour
const units: Record<string, number> = {h: hour, d: day, w: 7 * day, y: 365 * day}

/** The longest finite lifetime, in milliseconds: 100 years of 365 days. */
export const maxLifetime = 36_500 * day

/** The `expiresAt` of a token that never expires. The original client requires an RFC 3339 string there. */
export const neverExpiresAt = '9999-12-31T00:00:00.000Z'

/** The forms that `parseLifetime` accepts, for help and errors. */
export const lifetimeForms =
  'a duration (such as 12h, 30d, 8w or 1y), a date (2027-01-31), an RFC 3339 time, or `never`'

/**
 * Parses a lifetime: `12h`, `30d`, `8w`, `1y` (365 days), a date (midnight UTC), an RFC 3339 time with a time zone, or
 * `never`.
 *
 * Returns undefined for anything else, including impossible dates, zero, durations of more than 100 years, and times
 * that aren't in the years 0000 to 9999 once converted to UTC.
 */
export function parseLifetime(text: string): Lifetime | undefined {
  if (text === 'never') return {kind: 'never'}
  const duration = /^([1-9]\d{0,6})([hdwy])$/.exec(text)
  if (duration) {
    const milliseconds = Number(duration[1]) * (units[duration[2] ?? ''] ?? Number.NaN)
    return milliseconds <= maxLifetime ? {kind: 'for', milliseconds} : undefined
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

/**
 * Formats a lifetime for `expiresIn` in a request: `never`, a number of days (`30d`) or of hours (`36h`), or an RFC 3339
 * time.
 */
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

/** Returns when a token that is created at `now` expires. Null means never. */
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
