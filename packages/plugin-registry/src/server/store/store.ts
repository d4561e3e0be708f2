import type {AuditChain} from './audit-chain.js'
import type {AuditLog} from './audit-log.js'
import type {BlobIndex} from './blob-index.js'
import type {BrowserRequestStore} from './browser-request-store.js'
import type {CountStore} from './count-store.js'
import type {CredentialLookup} from './credential.js'
import type {DepartureStore} from './departure-store.js'
import type {DownloadStore} from './download-store.js'
import type {AuthorKeyStore, SigningKeyStore} from './key-store.js'
import type {InvitationStore} from './invitation-store.js'
import type {LeakStore} from './leak-store.js'
import type {LoginStore} from './login-store.js'
import type {OldRows} from './old-rows.js'
import type {OperatorSession, OperatorStore} from './operator-store.js'
import type {OrganizationStore} from './organization-store.js'
import type {PackageLists} from './package-lists.js'
import type {PackageStore} from './package-store.js'
import type {PolicyStore} from './policy-store.js'
import type {SessionStore} from './session-store.js'
import type {TokenStore} from './token-store.js'
import type {MemberStore} from './member-store.js'
import type {TrustedPublisherStore} from './trusted-publisher-store.js'
import type {UserStore} from './user-store.js'
import type {WebhookStore} from './webhook-store.js'

export * from './actor.js'
export type * from './audit-chain.js'
export type * from './audit-log.js'
export type * from './blob-index.js'
export type * from './browser-request-store.js'
export type * from './count-store.js'
export type * from './credential.js'
export type * from './departure-store.js'
export type * from './download-store.js'
export type * from './invitation-store.js'
export type * from './key-store.js'
export type * from './old-rows.js'
export type * from './leak-store.js'
export type * from './login-store.js'
export type * from './member-store.js'
export type * from './operator-store.js'
export * from './organization-store.js'
export type * from './package-lists.js'
export type * from './package-store.js'
export type * from './policy.js'
export type * from './policy-store.js'
export type * from './session-store.js'
export type * from './owned-token-store.js'
export * from './suspension-store.js'
export type * from './token-holder.js'
export type {TokenRestrictions} from './token-restrictions.js'
export type * from './token-store.js'
export type * from './trusted-publisher-store.js'
export type * from './user-store.js'
export type * from './webhook-store.js'

/**
 * The data of a registry. Times are passed in, in milliseconds since 1970. Secrets are passed as their SHA-256.
 *
 * A write is durable once its promise resolves, and its audit row is part of the same transaction. Outcomes that the
 * caller must handle are returned, not thrown.
 *
 * @throws {StoreBusy | StoreFull | StoreDamaged} from any method
 */
export interface RegistryStore {
  readonly users: UserStore
  readonly logins: LoginStore
  readonly sessions: SessionStore
  readonly browserRequests: BrowserRequestStore
  readonly tokens: TokenStore
  readonly trustedPublishers: TrustedPublisherStore
  readonly credentials: CredentialLookup
  readonly leaks: LeakStore
  readonly organizations: OrganizationStore
  readonly members: MemberStore
  readonly invitations: InvitationStore
  readonly departures: DepartureStore
  readonly packages: PackageStore
  readonly packageLists: PackageLists
  readonly downloads: DownloadStore
  readonly blobs: BlobIndex
  readonly authorKeys: AuthorKeyStore
  readonly signingKeys: SigningKeyStore
  readonly policy: PolicyStore
  readonly audit: AuditLog
  readonly auditChain: AuditChain
  readonly oldRows: OldRows
  readonly webhooks: WebhookStore
  readonly counts: CountStore
  /**
   * The stores that an operator changes through the API. Each change checks in its transaction that the operator can
   * still make it.
   *
   * @throws {OperatorEnded | OperatorProtected} from any change
   */
  asOperator(session: OperatorSession): OperatorStore
  /** Finishes pending writes, then closes the database. */
  close(): Promise<void>
}
