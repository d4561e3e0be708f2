import {isApkgError, refusalBehind, type CredentialStore, type RegistryClient} from '@apkg/command-kit'

/** How long the registry may take to end the session, in milliseconds; it is forgotten here by then. */
const patience = 5000

/** What became of a login that was forgotten. */
export interface LogoutReport {
  registry: string
  /** Null where nothing was stored. */
  username: string | null
  /** Why the session could not be ended; only where it could not. */
  reason?: string
  /**
   * `ended`: the registry ended the session. `not-offered`: it has no way to. `failed`: it could not be asked or refused.
   * `token-lives`: what was stored was a token, which lives until it is revoked. `nothing-stored`.
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
