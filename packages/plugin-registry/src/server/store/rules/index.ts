import type {Port} from '../port.js'
import {createSecretBox} from '../secret-box.js'
import type {RegistryStore} from '../store.js'
import {createAuditChain} from './audit-chain.js'
import {createAuditLog} from './audit.js'
import {createAuditedCredentials} from './audited-credentials.js'
import {createAuthorKeyStore} from './author-keys.js'
import {createBlobIndex} from './blobs.js'
import {createBrowserRequests} from './browser-requests.js'
import {createCounts} from './counts.js'
import {createCredentialLookup} from './credentials.js'
import {createInvitations} from './invitations.js'
import {createLeakStore} from './leaked-values.js'
import {createLoginStore} from './logins.js'
import {createOldRows} from './old-rows.js'
import {createDepartures} from './departures.js'
import {createDownloads} from './downloads.js'
import {createMemberStore} from './members.js'
import {createOperatorStore} from './operator-store.js'
import {createOrganizationStore} from './organizations.js'
import {createPackageLists} from './package-lists.js'
import {createPackageStore} from './packages.js'
import {createPolicyStore} from './policy.js'
import {createSessionStore} from './sessions.js'
import {createSigningKeyStore, RegistrySigner} from './signing-keys.js'
import {createTokenQueries} from './token-details.js'
import {createTokenLog} from './token-log.js'
import {createOwnedTokens} from './owned-tokens.js'
import {createTokenRotations} from './token-rotation.js'
import {createTokenSuspensions} from './token-suspensions.js'
import {createTokenStore} from './tokens.js'
import {createExchange} from './exchange.js'
import {createTrustedPublishers} from './trusted-publishers.js'
import {createUserStore} from './users.js'
import {createWebhookStore} from './webhooks.js'

export interface StoreOptions {
  /** The registry's secret key, of 32 bytes. */
  key: Uint8Array
  /** The key for encrypted columns. By default, the secret key. */
  sealingKey?: Uint8Array
  /** Called if a later use of a credential could not be recorded. */
  onRecordFailure?: (error: unknown) => void
}

/** The store on a database. Closing it closes the database. */
export function createStore(
  port: Port,
  {key, sealingKey = key, onRecordFailure = () => {}}: StoreOptions,
): RegistryStore {
  const box = createSecretBox(sealingKey)
  const signer = new RegistrySigner(box)
  const {lookup: credentials, close: flushUses} = createCredentialLookup(port, onRecordFailure)
  return {
    users: createUserStore(port, box),
    logins: createLoginStore(port, box),
    sessions: createSessionStore(port),
    browserRequests: createBrowserRequests(port),
    tokens: {
      ...createTokenStore(port),
      ...createTokenQueries(port),
      ...createTokenRotations(port),
      ...createTokenSuspensions(port),
      ...createOwnedTokens(port),
    },
    trustedPublishers: {...createTrustedPublishers(port), ...createExchange(port)},
    credentials,
    leaks: createLeakStore(port),
    organizations: createOrganizationStore(port),
    members: createMemberStore(port),
    invitations: createInvitations(port),
    departures: createDepartures(port),
    packages: createPackageStore(port, signer),
    packageLists: createPackageLists(port),
    downloads: createDownloads(port),
    blobs: createBlobIndex(port),
    authorKeys: createAuthorKeyStore(port),
    signingKeys: createSigningKeyStore(port, signer),
    policy: createPolicyStore(port),
    audit: {...createAuditLog(port), ...createAuditedCredentials(port), ...createTokenLog(port)},
    auditChain: createAuditChain(port, key),
    oldRows: createOldRows(port),
    webhooks: createWebhookStore(port),
    counts: createCounts(port),
    asOperator: (session) => createOperatorStore(port, box, session),
    async close() {
      await flushUses()
      await port.close()
    },
  }
}
