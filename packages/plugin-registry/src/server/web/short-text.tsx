import type {JSX} from 'preact'

/** An item of a list is cut here, in characters, since packages choose how long it is. */
const maxLength = 300

/** An item of a list. The end of a long one is missing. */
export function ShortText({text}: {text: string}): JSX.Element {
  return <bdi>{text.length > maxLength ? `${text.slice(0, maxLength)}…` : text}</bdi>
}
