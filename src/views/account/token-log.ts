import {type Output, printable, timesOn} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {TokenLogEntry} from '../../account/token/token-log.js'
import {logDetails} from './log-details.js'

const titles = ['TIME', 'TOKEN', 'ACTION', 'BY', 'ADDRESS', 'DETAILS']

/**
 * Entries of the log: in a table on a terminal; elsewhere one per line, with tabs between time, action, label, ID,
 * actor, address, target, credential, user agent and details (JSON).
 */
export function tokenLog(
  entries: readonly TokenLogEntry[],
  screen: Pick<Output, 'isTerminal' | 'hasColors' | 'columns'>,
  now: Date,
): string {
  const time = timesOn(screen, now)
  const rows = entries.map((entry) => (screen.isTerminal ? columns(entry, time) : fields(entry)).map(printable))
  return table(titles, rows, screen, ['ADDRESS', 'BY'], 'DETAILS')
}

function columns(
  {at, action, id, label, actor, address, target, detail}: TokenLogEntry,
  time: (text: string) => string,
): string[] {
  const subject = target === id || target === null ? [] : [target]
  const details = [...subject, logDetails(detail)].filter((each) => each !== '').join('; ')
  return [time(at), label ?? id, action, actor ?? '-', address ?? '-', details || '-']
}

function fields({at, action, id, label, actor, address, target, credential, agent, detail}: TokenLogEntry): string[] {
  const texts = [label, id, actor, address, target, credential, agent].map((text) => text ?? '-')
  return [at, action, ...texts, JSON.stringify(detail)]
}

/** @param limit how many entries are shown. */
export function moreEntries(limit: number): string {
  const shown = limit === 1 ? 'newest entry is' : `newest ${limit} entries are`
  return `Only the ${shown} shown. Use --limit or --since to see others.`
}
