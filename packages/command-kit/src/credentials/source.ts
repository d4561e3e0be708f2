import type {Ports} from '../ports/ports.js'
import type {Secret} from './secret.js'

/** A credential and its source. */
export interface Credential {
  /** The bearer token. Structurally typed, so that plugins can use their own copy of `Secret`. */
  readonly secret: Pick<Secret, 'expose'>
  /** A name that users know: `APKG_TOKEN`, `~/.apkg/credentials.json`, or a plugin's description. */
  readonly source: string
  /** The absolute path of the file that stores it, if `source` doesn't name one. */
  readonly file?: string
  /**
   * Replaces the credential after it was rejected. Resolves to undefined if that's not possible.
   *
   * @param refresh sends the refresh token to the registry; rejects if the registry refuses
   */
  renew?(refresh: RefreshSession): Promise<Credential | undefined>
  /**
   * Runs work that replaces the value where the source stores it. Until the work is done, no other process can replace the
   * value. Absent if the source doesn't store it, such as an environment variable.
   */
  rewrite?<Result>(work: (stored: StoredValue) => Promise<Result>): Promise<Result>
}

/** A value that a source stores. */
export interface StoredValue {
  /** The value that is stored now. */
  readonly secret: Pick<Secret, 'expose'>
  /** Replaces it. If that fails, the old one is kept. */
  readonly replace: (next: Pick<Secret, 'expose'>) => Promise<void>
}

export type RefreshSession = (refreshToken: Pick<Secret, 'expose'>) => Promise<RenewedTokens | 'not-offered'>

export interface RenewedTokens {
  accessToken: Secret
  refreshToken: Secret
}

export interface CredentialQuery extends Pick<Ports, 'env' | 'home'> {
  /** The registry that the credential is for, as a canonical URL. */
  readonly registry: string
  /**
   * Whether a route of the user takes precedence over the selected registry. A credential that isn't bound to a registry
   * is for the selected one only.
   */
  readonly isRouted?: boolean
  /** Prints a message on stderr. */
  note: (text: string) => void
  /** The requests of a source that exchanges something for a credential. Absent if nothing may be requested. */
  readonly requests?: CredentialRequests
}

/** What a source can request. */
export interface CredentialRequests {
  readonly now: () => Date
  /**
   * Requests an ID token from the runner of a CI job.
   *
   * @returns the parsed response
   */
  requestIdToken: (runner: IdTokenRequest) => Promise<unknown>
  /** Exchanges an ID token for a token of the registry. Rejects if the registry refuses the ID token. */
  exchangeIdToken: (idToken: Pick<Secret, 'expose'>, packageName: string | undefined) => Promise<Exchange>
}

export interface IdTokenRequest {
  url: URL
  /** Sent to this URL only. */
  token: Pick<Secret, 'expose'>
}

/** The outcome of exchanging an ID token: a token, or why the registry has none for this job. */
export type Exchange = ExchangedToken | {readonly none: string}

export interface ExchangedToken {
  readonly secret: Secret
  /** RFC 3339. */
  readonly expiresAt: string
  /** Package patterns that the token is limited to; undefined if the registry doesn't say. */
  readonly packages: readonly string[] | undefined
}

/** A source of credentials. Plugins add sources by returning a list from the hook `apkg:credentials`. */
export interface CredentialSource {
  /** Names the source in messages. */
  readonly name: string
  /**
   * Finds the credential for exactly this registry. Resolve to undefined to let the next source try. Reject to stop the
   * command, for example if a credential exists but can't be read.
   */
  find(query: CredentialQuery): Promise<Credential | undefined>
  /**
   * For a source that has to request its credential: whether it can, without doing so. If a credential is optional, it is
   * asked only once the registry requires one.
   */
  isAvailable?(query: Pick<CredentialQuery, 'env'>): boolean
}
