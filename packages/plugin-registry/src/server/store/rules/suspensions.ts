import {sql} from 'kysely'

import type {Suspension, SuspensionMaker} from '../store.js'

/** SQL that is true if the token `t` isn't suspended. */
export const isNotSuspended = 'NOT EXISTS (SELECT 1 FROM token_suspensions s WHERE s.token_id = t.id)'

/** SQL for the suspensions of a token, oldest first, one per line. `parseSuspensions` reads it. */
export function suspensionsOf(token: 't' | 'tokens'): string {
  return `(
    SELECT string_agg(s.made_by || ' ' || s.at || ' ' || coalesce(s.name, '') || ' ' || coalesce(s.reason, ''), '\n' ORDER BY s.at)
    FROM token_suspensions s WHERE s.token_id = ${token}.id)`
}

export const suspensionsColumn = sql<string | null>`${sql.raw(suspensionsOf('tokens'))}`

export function parseSuspensions(text: string | null): Suspension[] {
  if (text === null) return []
  return text.split('\n').map((line) => {
    const [by, at, name, ...reason] = line.split(' ')
    return {by: by as SuspensionMaker, at: Number(at), name: name || null, reason: reason.join(' ') || null}
  })
}
