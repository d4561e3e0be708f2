import {type Output, printable, timesOn} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {Session} from '../../account/session/session.js'

const titles = ['ID', 'LOGGED IN', 'FROM', 'AGENT', 'LAST USED', 'USED FROM', 'USED BY', 'EXPIRES', 'CURRENT']

/** Columns that a narrow terminal can do without. */
const least = ['USED BY', 'USED FROM', 'AGENT', 'FROM', 'LOGGED IN']

/**
 * The sessions: with relative times, in a table, on a terminal; elsewhere one per line, with full times and tabs
 * between fields. A terminal shows where sessions were last used only if that differs from the login.
 */
export function sessionList(
  sessions: readonly Session[],
  screen: Pick<Output, 'isTerminal' | 'hasColors' | 'columns'>,
  now: Date,
): string {
  const rows = sessions.map((session) => fields(session, timesOn(screen, now)))
  const hasMoved = sessions.some(
    ({login, lastUse}) => lastUse && (lastUse.address !== login?.address || lastUse.agent !== login.agent),
  )
  const isShown = (title = '') => !screen.isTerminal || hasMoved || !title.startsWith('USED')
  const only = (row: readonly string[]) => row.filter((_, column) => isShown(titles[column]))
  return table(only(titles), rows.map(only), screen, least)
}

function fields(session: Session, time: (text: string) => string): string[] {
  const {id, startedAt, login, lastUsedAt, lastUse, expiresAt, current} = session
  return [
    id,
    time(startedAt),
    login?.address ?? '-',
    login?.agent ?? '-',
    lastUsedAt === null ? 'never' : time(lastUsedAt),
    lastUse?.address ?? '-',
    lastUse?.agent ?? '-',
    time(expiresAt),
    current ? 'current' : '-',
  ].map(printable)
}
