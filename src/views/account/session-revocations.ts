import {printable, success} from '@apkg/command-kit'
import type {SessionSummary} from '@apkg/wire/protocol'

import type {SessionRevocation} from '../../account/session/revoke-sessions.js'
import {day} from '../day.js'
import {hintLines} from '../hint-lines.js'

/**
 * The outcome for each session, one per line, and what to do about failures.
 *
 * @param loggedOutOf the registry whose stored login was removed.
 * @param moment names a time in a sentence; see `momentsOn`.
 */
export function sessionRevocationLines(
  revocations: readonly SessionRevocation[],
  loggedOutOf: string | undefined,
  moment: (time: string) => string,
): string {
  if (revocations.length === 0) return 'Nothing was revoked.'
  const lines = revocations.map(({id, argument = '', status, since = '', reason = ''}) => {
    const time = since === '' ? '' : ` ${moment(since)}`
    const why = reason === '' ? '' : `: ${reason}`
    const line = printable(`${outcomes[status]}${time}: ${id ?? `"${argument}"`}${why}`)
    return status === 'revoked' ? success(line) : line
  })
  const isPlan = revocations.some(({status}) => status === 'planned')
  const end = isPlan ? ['Dry run: nothing was changed.'] : []
  return [
    ...lines,
    ...hintLines(revocations),
    ...end,
    ...(loggedOutOf === undefined ? [] : [success(`Logged out of ${loggedOutOf}.`)]),
  ].join('\n')
}

const outcomes: Record<SessionRevocation['status'], string> = {
  revoked: 'Revoked session',
  planned: 'Would revoke session',
  already: 'Already ended',
  'not-found': 'Session not found',
  failed: 'Not revoked',
  unknown: 'May not have been revoked',
}

/** The sessions, as choices of a prompt. */
export function sessionChoices(sessions: readonly SessionSummary[]): {name: string; value: SessionSummary}[] {
  return sessions.map((session) => ({name: sessionLine(session), value: session}))
}

/** Asks whether to revoke all sessions. */
export function sessionQuestion(sessions: readonly SessionSummary[], registry: string): string {
  const what = sessions.length === 1 ? 'this session' : `these ${sessions.length} sessions`
  return [`Revoke ${what} on ${registry}?`, ...sessions.map((each) => `  ${sessionLine(each)}`)].join('\n')
}

function sessionLine({id, startedAt, login, current}: SessionSummary): string {
  const parts = [id, day(startedAt), login?.address ?? '', login?.agent ?? '', current ? '(in use)' : '']
  return printable(parts.filter((part) => part !== '').join('  '))
}
