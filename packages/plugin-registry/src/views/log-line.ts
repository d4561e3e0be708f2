import {paint, printable, type Output} from '@apkg/command-kit'
import {hanging} from '@apkg/command-kit/wrap'

/** A line of the server's log, as it is written off a terminal. */
export interface LogEntry {
  level: string
  /** RFC 3339. */
  time: string
  msg?: string
  err?: {message?: string}
  method?: string
  route?: string | null
  status?: number
  ms?: number
  address?: string
  credential?: string | null
}

/** Columns before the text of an entry. */
const timeWidth = 10

/** A log entry for a terminal: a request, or a message with its severity. */
export function logLine(entry: LogEntry, output: Pick<Output, 'hasColors' | 'columns'>): string {
  const time = paint(output, 'dim', new Date(entry.time).toTimeString().slice(0, 8))
  return `${time}  ${entry.method === undefined ? messageOf(entry, output) : requestOf(entry, output)}\n`
}

function requestOf(
  {method = '', route, status = 0, ms = 0, address = '', credential}: LogEntry,
  output: Pick<Output, 'hasColors' | 'columns'>,
): string {
  const shownStatus = status < 400 ? String(status) : paint(output, status < 500 ? 'yellow' : 'red', String(status))
  const facts = [`${ms} ms`, printable(address), ...(credential ? [printable(credential)] : [])].join('  ')
  const words = [method.padEnd(6), String(status), printable(route ?? '(no route)')]
  // A terminal would break the line within the address.
  const fits = timeWidth + [...words, facts].join('  ').length <= output.columns
  const request = [words[0], shownStatus, words[2]].join('  ')
  return `${request}${fits ? '  ' : `\n${' '.repeat(timeWidth)}`}${paint(output, 'dim', facts)}`
}

function messageOf({level, msg = '', err}: LogEntry, output: Pick<Output, 'hasColors' | 'columns'>): string {
  const reason = err === undefined ? '' : `: ${err.message ?? 'unknown error'}`
  const mark = level === 'info' ? '' : level === 'warn' ? 'Warning: ' : 'Error: '
  const text = hanging(mark + printable(`${msg}${reason}`), timeWidth, output.columns).slice(mark.length)
  if (level === 'info') return text
  return level === 'warn'
    ? `${paint(output, 'yellow', 'Warning:')} ${text}`
    : `${paint(output, 'red', 'Error:')} ${text}`
}
