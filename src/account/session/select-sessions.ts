import {printable, type RegistryClient} from '@apkg/command-kit'
import {minIdPrefixLength} from '@apkg/wire'
import type {SessionSummary} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {listSessions} from './list-sessions.js'

/** The sessions that arguments name, each once and in the order of the arguments. */
export interface SessionSelection {
  /** Those that are active, by the registry's clock. */
  active: SessionSummary[]
  /** Those that expired or were revoked. */
  ended: SessionSummary[]
  /** The arguments that match no session. */
  unmatched: string[]
}

/**
 * Finds sessions by ID, or by a unique prefix of an ID of at least four characters. Ended sessions are searched only
 * for arguments that match no active session.
 *
 * @throws {ApkgError} `SESSION_AMBIGUOUS` with the candidates if an argument matches several sessions;
 *   `SESSION_NOT_FOUND` if no argument matches any; `NOT_OFFERED`.
 */
export async function selectSessions(client: RegistryClient, selectors: readonly string[]): Promise<SessionSelection> {
  const active = await listSessions(client)
  const isMissing = selectors.some((selector) => candidates(selector, active).length === 0)
  const all = isMissing ? await listSessions(client, {ended: true}) : []
  const matches = selectors.map((selector) => {
    const found = candidates(selector, active)
    return {selector, found: found.length > 0 ? found : candidates(selector, all)}
  })
  for (const {selector, found} of matches) {
    if (found.length > 1) {
      const lines = found.map(({id, startedAt}) => printable(`${id}  ${startedAt}`))
      throw failure('SESSION_AMBIGUOUS', {selector: printable(selector), candidates: lines})
    }
  }
  const unmatched = matches.filter(({found}) => found.length === 0).map(({selector}) => selector)
  if (unmatched.length === selectors.length) {
    throw failure('SESSION_NOT_FOUND', {selectors: unmatched.map(printable), registry: client.registry})
  }
  const sessions = [...new Set(matches.flatMap(({found}) => found))]
  const isActive = (session: SessionSummary) => active.includes(session)
  return {
    active: sessions.filter(isActive),
    ended: sessions.filter((session) => !isActive(session)),
    unmatched: [...new Set(unmatched)],
  }
}

function candidates(selector: string, sessions: readonly SessionSummary[]): SessionSummary[] {
  const byId = sessions.filter(({id}) => id === selector)
  if (byId.length > 0 || selector.length < minIdPrefixLength) return byId
  return sessions.filter(({id}) => id.startsWith(selector))
}
