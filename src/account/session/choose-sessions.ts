import {failure as inputFailure, isInteractive, type Ports, type RegistryClient} from '@apkg/command-kit'
import type {SessionSummary} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {listSessions} from './list-sessions.js'
import {selectSessions, type SessionSelection} from './select-sessions.js'

/** The sessions to revoke: all, those that the arguments select, or those that the user picks. */
export interface SessionQuery {
  selectors: readonly string[]
  all: boolean
  exceptCurrent: boolean
  /** Whether the user agreed to revoke all, or nothing is going to be revoked. */
  isAgreed: boolean
}

/** Renders the prompts. */
export interface SessionPrompts {
  choices: (sessions: readonly SessionSummary[]) => {name: string; value: SessionSummary}[]
  question: (sessions: readonly SessionSummary[], registry: string) => string
}

/**
 * Finds the sessions to revoke.
 *
 * @throws {ApkgError} `SESSION_REVOCATION_CANCELED` if the user doesn't want to revoke all; `INPUT_MISSING` if there is
 *   no terminal to ask on; `SESSION_AMBIGUOUS`, `SESSION_NOT_FOUND`, `NOT_OFFERED`.
 */
export async function chooseSessions(
  client: RegistryClient,
  {selectors, all, exceptCurrent, isAgreed}: SessionQuery,
  ports: Ports,
  {choices, question}: SessionPrompts,
): Promise<SessionSelection> {
  if (selectors.length > 0) return selectSessions(client, selectors)
  if (all && !isAgreed) assertCanAsk(ports, 'Revoking all sessions was not confirmed', 'add --yes')
  if (!all) assertCanAsk(ports, 'No sessions to revoke were given', 'pass IDs, or --all')
  const active = await listSessions(client)
  const sessions = exceptCurrent ? active.filter(({current}) => !current) : active
  if (!all && sessions.length > 0) {
    const message = 'Select sessions to revoke'
    return {active: await ports.prompts.choose({message, choices: choices(sessions)}), ended: [], unmatched: []}
  }
  const asks = sessions.length > 0 && !isAgreed
  if (asks && !(await ports.prompts.confirm({message: question(sessions, client.registry), default: false}))) {
    throw failure('SESSION_REVOCATION_CANCELED')
  }
  return {active: sessions, ended: [], unmatched: []}
}

function assertCanAsk(ports: Ports, missing: string, supply: string): void {
  if (!isInteractive(ports)) {
    throw inputFailure('INPUT_MISSING', {missing, because: 'there is no terminal to ask on', supply})
  }
}
