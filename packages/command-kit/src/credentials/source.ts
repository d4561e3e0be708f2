import type {Ports} from '../ports/ports.js'
import type {Secret} from './secret.js'

/** Something to authenticate with, and where it was found. */
export interface Credential {
  /** The bearer value. By shape, so that a plugin's own copy of `Secret` will do. */
  readonly secret: Pick<Secret, 'expose'>
  /** Where it came from, as a user knows it: `APKG_TOKEN`, `~/.apkg/credentials.json`, a plugin's words. */
  readonly source: string
  /**
   * Gets a fresh credential after this one was rejected; undefined where there is none to be had.
   *
   * @param refresh asks the registry; rejects with its refusal.
   */
  renew?(refresh: RefreshSession): Promise<Credential | undefined>
}

export type RefreshSession = (refreshToken: Pick<Secret, 'expose'>) => Promise<RenewedTokens | 'not-offered'>

export interface RenewedTokens {
  accessToken: Secret
  refreshToken: Secret
}

export interface CredentialQuery extends Pick<Ports, 'env' | 'home'> {
  /** The registry that the credential is for, as a canonical URL. */
  readonly registry: string
  /** Tells the user something on stderr. */
  note: (text: string) => void
}

/**
 * A place where credentials are found. A plugin offers its own by answering the hook event `apkg:credentials` with a
 * list of these.
 */
export interface CredentialSource {
  /** Names the source in messages. */
  readonly name: string
  /**
   * The credential for exactly this registry. Undefined means "none here, ask the next"; a rejection means "there
   * should have been one", and stops the command.
   */
  find(query: CredentialQuery): Promise<Credential | undefined>
}
