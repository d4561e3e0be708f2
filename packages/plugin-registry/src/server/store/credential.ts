import type {Scope} from '@apkg/wire'

import type {PublisherOrigin} from './publisher-origin.js'
import type {Role} from './organization-store.js'
import type {RegistryPolicy} from './policy.js'
import type {TokenRestrictions} from './token-restrictions.js'
import type {PackageGate} from './package-store.js'
import type {Suspension} from './suspension-store.js'
import type {TokenHolder} from './token-holder.js'

interface StoredCredential {
  id: string
  /** The registry's policy, which is read with the credential. */
  policy: RegistryPolicy
  expiresAt: number | null
  revokedAt: number | null
  /** The time of the last use. Null before the first use. Later uses are recorded after some seconds. */
  lastUsedAt: number | null
}

interface OwnedCredential extends StoredCredential {
  /** The user or the organization whose rights the credential has. Only tokens belong to organizations. */
  owner: TokenHolder & {
    name: string
    /** Empty for an organization. */
    email: string
    mfaEnabled: boolean
    disabledAt: number | null
    isOperator: boolean
    /** The organizations that the owner is a member of, by name. */
    organizations: {id: string; name: string; role: Role}[]
  }
}

export interface SessionCredential extends OwnedCredential {
  kind: 'session'
  /** Whether it is a browser session. */
  isWeb: boolean
  /** When the user logged in or, with this access token, confirmed the password. */
  authenticatedAt: number
  /** When it can't be refreshed anymore. `expiresAt` is about the access token. */
  sessionExpiresAt: number
  /** When another value took its place. */
  replacedAt: number | null
  /** The owner's tokens that expire soon. Absent unless they were requested. */
  expiringTokens?: ExpiringToken[]
}

export interface ApiToken extends OwnedCredential, TokenRestrictions {
  kind: 'token'
  /** The user who created it. A token of an organization stays valid without them. */
  creator: {id: string; name: string}
  /** The ID of the value that was sent. `prefix`, `expiresAt` and `lastUsedAt` are also about this value. */
  valueId: string
  label: string
  prefix: string
  /** When the value was created. */
  createdAt: number
  scopes: Scope[]
  patterns: string[]
  /** The names of all restrictions. */
  restrictions: string[]
  suspensions: Suspension[]
  /** Whether a rotation replaced the value that was sent. Until the new one is used, it doesn't expire. */
  isReplaced: boolean
  /** When the value stops working because it was replaced. Null for the current value. `expiresAt` is never later. */
  retiresAt: number | null
}

/** A token that an ID token was exchanged for. It belongs to a trusted publisher, and to no user. */
export interface ExchangedToken extends StoredCredential {
  kind: 'exchanged'
  publisher: {
    id: string
    name: string
    /** A package, or `@acme/*`. */
    package: string
    /** The scope whose private packages it can read, such as `acme`. */
    scope: string
    /** The ID of the user who added the publisher. */
    createdBy: string
  }
  origin: PublisherOrigin
  prefix: string
  createdAt: number
  scopes: Scope[]
  /** The packages that it can change. */
  patterns: string[]
  /** When the user that the scope is named after was disabled. */
  disabledAt: number | null
}

/** A credential of a user. */
export type UserCredential = SessionCredential | ApiToken

export type Credential = UserCredential | ExchangedToken

/** A token that is neither revoked nor suspended and will expire. */
export interface ExpiringToken {
  id: string
  label: string
  /** When its newest value was created. */
  createdAt: number
  expiresAt: number
}

/** The period in which tokens expire. */
export interface ExpiryPeriod {
  after: number
  until: number
}

/** A use of a credential, and the client that made it. */
export interface UseDetails {
  address: string
  agent: string | null
  /** The name of the endpoint. */
  action: string
  /** The package that the request was about, without a version. */
  package: string | null
  /** Whether the credential didn't allow the request. */
  refused: boolean
}

export interface CredentialLookup {
  /** @param expiring also finds the tokens of a session's owner that expire in this period, in the same round trip */
  find(kind: 'session' | 'token', hash: Uint8Array, expiring?: ExpiryPeriod): Promise<Credential | undefined>
  /** Like `find`, and also reads what determines access to a package, in the same round trip. */
  findFor(
    packageName: string,
    kind: 'session' | 'token',
    hash: Uint8Array,
  ): Promise<{credential: Credential | undefined; gate: PackageGate}>
  /**
   * Records a use. The first use is durable once the promise resolves. Later uses are written in the background.
   *
   * @returns `ended` if the credential became invalid before its first use
   * @throws {UseNotRecorded} if the first use could not be written
   */
  recordUse(credential: Credential, use: UseDetails, now: number): Promise<'recorded' | 'ended'>
  /**
   * Records in the background that a request was refused, because of what it was about or because of the client's address.
   *
   * @param isElsewhere whether the address was refused, which doesn't count as a first use
   */
  recordRefusal(credential: Credential, use: Omit<UseDetails, 'refused'>, isElsewhere: boolean, now: number): void
}
