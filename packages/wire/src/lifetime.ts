/** A time as users write it: a number of milliseconds from or before now, or a point in time. */
export type WrittenTime = {kind: 'for'; milliseconds: number} | {kind: 'until'; instant: Date}

/** How long a token lives: forever, for a number of milliseconds after its creation, or until a point in time. */
export type Lifetime = {kind: 'never'} | WrittenTime

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const units: Record<string, number> = {m: minute, h: hour, d: day, w: 7 * day, y: 365 * day}

/** The longest finite lifetime, in milliseconds: 100 years of 365 days. */
export const maxLifetime = 36_500 * day

/** The `expiresAt` of a token that never expires. The original client requires an RFC 3339 string there. */
export const neverExpiresAt = '9999-12-31T00:00:00.000Z'

/** The forms that `parseTime` accepts, for help and errors. */
export const timeForms = 'a duration (15m, 12h, 30d, 8w or 1y), a date (2027-01-31, midnight UTC) or an RFC 3339 time'

/** The forms that `parseLifetime` accepts, for help and errors. */
export const lifetimeForms =
  'a duration (15m, 12h, 30d, 8w or 1y), a date (2027-01-31, midnight UTC), an RFC 3339 time, or `never`'

/**
 * Parses a time: a duration in minutes, hours, days, weeks or years of 365 days (`15m`, `12h`, `30d`, `8w`, `1y`), a date
 * (midnight UTC), or an RFC 3339 time with a time zone.
 *
 * Returns undefined for anything else, including impossible dates, zero, durations of more than 100 years, and times
 * that aren't in the years 0000 to 9999 once converted to UTC.
 */
export function parseTime(text: string): WrittenTime | undefined {
  const duration = /^([1-9]\d{0,6})([mhdwy])$/.exec(text)
  if (!duration) return parseInstant(text)
  const milliseconds = Number(duration[1]) * (units[duration[2] ?? ''] ?? Number.NaN)
  return milliseconds <= maxLifetime ? {kind: 'for', milliseconds} : undefined
}

/** Parses a lifetime: a time, or `never`. Returns undefined for anything else. */
export function parseLifetime(text: string): Lifetime | undefined {
  return text === 'never' ? {kind: 'never'} : parseTime(text)
}

/** Returns the point in time, counting a duration forward from `now`. */
export function timeAhead(time: WrittenTime, now: Date): Date {
  return time.kind === 'until' ? time.instant : new Date(now.getTime() + time.milliseconds)
}

/** Returns the point in time, counting a duration back from `now`. */
export function timeAgo(time: WrittenTime, now: Date): Date {
  return time.kind === 'until' ? time.instant : new Date(now.getTime() - time.milliseconds)
}

function parseInstant(text: string): WrittenTime | undefined {
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
 * Formats a lifetime for `expiresIn` in a request: `never`, a number of days (`30d`), hours (`36h`) or minutes (`15m`), or
 * an RFC 3339 time.
 */
export function formatLifetime(lifetime: Lifetime): string {
  switch (lifetime.kind) {
    case 'never':
      return 'never'
    case 'until':
      return lifetime.instant.toISOString()
    case 'for':
      return formatDuration(lifetime.milliseconds)
  }
}

function formatDuration(milliseconds: number): string {
  if (milliseconds % day === 0) return `${milliseconds / day}d`
  return milliseconds % hour === 0 ? `${milliseconds / hour}h` : `${milliseconds / minute}m`
}

/** Returns when a token that is created at `now` expires. Null means never. */
export function expiryOf(lifetime: Lifetime, now: Date): Date | null {
  return lifetime.kind === 'never' ? null : timeAhead(lifetime, now)
}
