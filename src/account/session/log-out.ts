import {isApkgError, refusalBehind, type CredentialStore, type RegistryClient} from '@apkg/command-kit'

/** How long the registry may take to end the session, in milliseconds; it is forgotten here by then. */
const patience = 5000

/** The login that was deleted, and whether its session was revoked. */
export interface LogoutReport {
  /** URL of the registry. */
  registry: string
  /** Null if no login was stored. */
  username: string | null
  /** Why the session could not be revoked. Only set if `session` is `failed`. */
  reason?: string
  /**
   * `ended`: the registry revoked the session. `not-offered`: the registry has no endpoint for that. `failed`: the
   * registry could not be reached, or refused. `token-lives`: the login was a token, which stays valid until it is
   * revoked. `nothing-stored`: no login was stored.
   */
  session: 'ended' | 'not-offered' | 'failed' | 'token-lives' | 'nothing-stored'
}

/** Forgets the stored set of a registry, and then ends its session there: what is forgotten first cannot be left behind. */
export async function logOut(store: CredentialStore, client: RegistryClient): Promise<LogoutReport> {
  const {registry} = client
  const set = await store.remove(registry)
  if (!set) return {registry, username: null, session: 'nothing-stored'}
  if (set.refreshToken.isEmpty) return {registry, username: set.username, session: 'token-lives'}
  try {
    await client.endSession(set.refreshToken, {timeout: patience})
    return {registry, username: set.username, session: 'ended'}
  } catch (error) {
    if (!isApkgError(error) || error.code === 'INTERRUPTED') throw error
    const {username} = set
    const status = refusalBehind(error)?.status
    if (status === 404 || status === 405) return {registry, username, session: 'not-offered'}
    return {registry, username, session: 'failed', reason: error.message}
  }
}
