import {isApkgError, refusalBehind, type CredentialStore, type RegistryClient} from '@apkg/command-kit'

/** In milliseconds. */
const revocationTimeout = 5000

/** The login that was deleted, and whether its session was revoked. */
export interface LogoutReport {
  /** URL of the registry. */
  registry: string
  /** Null if no login was stored. */
  username: string | null
  /** Why the session could not be revoked. Only set if `session` is `failed`. */
  reason?: string
  /**
   * `revoked`: the registry revoked the session. `not-offered`: the registry can't revoke sessions. `failed`: the registry
   * was unreachable or refused the request. `token-still-valid`: the login was a token, which stays valid until you revoke it.
   * `nothing-stored`: no login was stored.
   */
  session: 'revoked' | 'not-offered' | 'failed' | 'token-still-valid' | 'nothing-stored'
}

/** Deletes the stored login first, so that an unreachable registry can't prevent it, and then revokes the session. */
export async function logOut(store: CredentialStore, client: RegistryClient): Promise<LogoutReport> {
  const {registry} = client
  const set = await store.remove(registry)
  if (!set) return {registry, username: null, session: 'nothing-stored'}
  if (set.refreshToken.isEmpty) return {registry, username: set.username, session: 'token-still-valid'}
  try {
    await client.endSession(set.refreshToken, {timeout: revocationTimeout})
    return {registry, username: set.username, session: 'revoked'}
  } catch (error) {
    if (!isApkgError(error) || error.code === 'INTERRUPTED') throw error
    const {username} = set
    const status = refusalBehind(error)?.status
    if (status === 404 || status === 405) return {registry, username, session: 'not-offered'}
    return {registry, username, session: 'failed', reason: error.message}
  }
}
