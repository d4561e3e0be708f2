const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** The largest unit of which there are at least two, except that days are shown up to three months. */
const units: [name: string, milliseconds: number, from: number][] = [
  ['year', 365 * day, 730 * day],
  ['month', 30.4375 * day, 91 * day],
  ['day', day, 1.5 * day],
  ['hour', hour, 1.5 * hour],
  ['minute', minute, 0],
]

/** How an output shows times: relative to now on a terminal, unchanged elsewhere. */
export function timesOn({isTerminal}: {isTerminal: boolean}, now: Date): (time: string) => string {
  return isTerminal ? (time) => fromNow(time, now) : (time) => time
}

/** How far a time is from now: `in 3 days`, `2 hours ago`, `now`. A text that isn't a time is returned unchanged. */
export function fromNow(time: string, now: Date): string {
  const distance = Date.parse(time) - now.getTime()
  if (Number.isNaN(distance)) return time
  const length = Math.abs(distance)
  const [name = '', milliseconds = 1] = units.find(([, , from]) => length >= from) ?? []
  const count = Math.round(length / milliseconds)
  if (count === 0) return 'now'
  const span = `${count} ${name}${count === 1 ? '' : 's'}`
  return distance > 0 ? `in ${span}` : `${span} ago`
}
