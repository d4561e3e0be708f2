import {paint, printable, type Output} from '@apkg/command-kit'

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

/** A log entry for a terminal: a request, or a message with its severity. */
export function logLine(entry: LogEntry, output: Pick<Output, 'hasColors'>): string {
  const time = paint(output, 'dim', new Date(entry.time).toTimeString().slice(0, 8))
  return `${time}  ${entry.method === undefined ? messageOf(entry, output) : requestOf(entry, output)}\n`
}

function requestOf(
  {method = '', route, status = 0, ms = 0, address = '', credential}: LogEntry,
  output: Pick<Output, 'hasColors'>,
): string {
  const shownStatus = status < 400 ? String(status) : paint(output, status < 500 ? 'yellow' : 'red', String(status))
  const facts = [`${ms} ms`, printable(address), ...(credential ? [printable(credential)] : [])].join('  ')
  return `${method.padEnd(6)}  ${shownStatus}  ${printable(route ?? '(no route)')}  ${paint(output, 'dim', facts)}`
}

function messageOf({level, msg = '', err}: LogEntry, output: Pick<Output, 'hasColors'>): string {
  const reason = err === undefined ? '' : `: ${err.message ?? 'unknown error'}`
  const text = printable(`${msg}${reason}`)
  if (level === 'info') return text
  return level === 'warn'
    ? `${paint(output, 'yellow', 'Warning:')} ${text}`
    : `${paint(output, 'red', 'Error:')} ${text}`
}
