import type {JSX} from 'preact'

/** A time in UTC. A script makes it relative. @param at as RFC 3339 */
export function Time({at}: {at: string}): JSX.Element {
  return <time dateTime={at}>{timeText(at)}</time>
}

/** @param at as RFC 3339 */
export function timeText(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`
}
