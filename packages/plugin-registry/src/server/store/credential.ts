import type {Scope} from '@apkg/wire'

import type {Role} from './organization-store.js'
import type {RegistryPolicy} from './policy.js'
import type {Visibility} from './package-store.js'

interface StoredCredential {
  id: string
  /** Of the registry, read with the credential. */
  policy: RegistryPolicy
  owner: {
    id: string
    name: string
    email: string
    mfaEnabled: boolean
    disabledAt: number | null
    isOperator: boolean
    /** Those that the owner is a member of, by name. */
    organizations: {name: string; role: Role}[]
  }
  expiresAt: number | null
  revokedAt: number | null
  /** Null before the first use. Later ones are recorded after some seconds. */
  lastUsedAt: number | null
}

export type Credential =
  | (StoredCredential & {
      kind: 'session'
      /** When the user logged in or, with this access token, confirmed the password. */
      authenticatedAt: number
      /** Only if they were asked for. */
      expiringTokens?: ExpiringToken[]
    })
  | (StoredCredential & {
      kind: 'token'
      /** Of the value that was sent. Its prefix, expiry and last use are those of the value, too. */
      valueId: string
      label: string
      prefix: string
      /** When this value of it was created. */
      createdAt: number
      scopes: Scope[]
      patterns: string[]
      /** The names of further restrictions. */
      restrictions: string[]
      suspendedAt: number | null
      /** When the value ends because it was replaced; null for the current value. `expiresAt` is never later. */
      retiresAt: number | null
    })

/** A token that is neither revoked nor suspended and will expire. */
export interface ExpiringToken {
  id: string
  label: string
  /** When its newest value was created. */
  createdAt: number
  expiresAt: number
}

/** Tokens that expire after one time and not after another. */
export interface ExpiryPeriod {
  after: number
  until: number
}

/** What a credential was used for, and by whom. */
export interface UseDetails {
  address: string
  agent: string | null
  /** The name of the endpoint. */
  action: string
  /** The package that the request was about, without a version. */
  package: string | null
}

export interface CredentialLookup {
  /** @param expiring also finds the tokens of a session's owner that expire then, in the same round trip. */
  find(kind: 'session' | 'token', hash: Uint8Array, expiring?: ExpiryPeriod): Promise<Credential | undefined>
  /** Also finds whether a package exists, in the same round trip. */
  findFor(
    packageName: string,
    kind: 'session' | 'token',
    hash: Uint8Array,
  ): Promise<{credential: Credential | undefined; visibility: Visibility | undefined}>
  /**
   * Records a use. The first one is durable when the promise is fulfilled. Later ones are written in the background.
   *
   * @returns `ended`: the credential became invalid before its first use.
   * @throws UseNotRecorded if the first use could not be written
   */
  recordUse(credential: Credential, use: UseDetails, now: number): Promise<'recorded' | 'ended'>
}
