import {randomUUID} from 'node:crypto'

import {operator, type RegistryStore} from '../store/store.js'

export interface VoidedCredentials {
  sessions: number
  tokens: number
}

/**
 * Revokes all sessions and suspends all tokens of a database that doesn't show which were revoked later. Clients and
 * proxies may have cached packages of a later state, so their ETags change, too.
 */
export async function voidCredentials(
  {packages, sessions, tokens}: Pick<RegistryStore, 'packages' | 'sessions' | 'tokens'>,
  now: number,
): Promise<VoidedCredentials> {
  await packages.beginEpoch(randomUUID())
  return {sessions: await sessions.endAll(operator, now), tokens: await tokens.suspendAll(operator, now)}
}
