import {operator, type RegistryStore} from '../store/store.js'

export interface VoidedCredentials {
  sessions: number
  tokens: number
}

/** Revokes all sessions and suspends all tokens of a database that doesn't show which were revoked later. */
export async function voidCredentials(
  {sessions, tokens}: Pick<RegistryStore, 'sessions' | 'tokens'>,
  now: number,
): Promise<VoidedCredentials> {
  return {sessions: await sessions.endAll(operator, now), tokens: await tokens.suspendAll(operator, now)}
}
