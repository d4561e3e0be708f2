import {createSecretBox} from '../secret-box.js'
import type {RegistryStore} from '../store.js'
import {createAuthorKeyStore} from './author-keys.js'
import {createAuditLog} from './audit.js'
import {Connection} from './connection.js'
import {createCredentialLookup} from './credentials.js'
import type {SqliteDriver} from './driver.js'
import {createLoginStore} from './logins.js'
import {migrate} from './migrate.js'
import {createOrganizationStore} from './organizations.js'
import {createPackageStore} from './packages.js'
import {createSessionStore} from './sessions.js'
import {createSigningKeyStore, RegistrySigner} from './signing-keys.js'
import {createTokenStore} from './tokens.js'
import {createUserStore} from './users.js'

export interface SqliteStoreOptions {
  driver: SqliteDriver
  path: string
  /** The 32-byte key for encrypted columns. */
  key: Uint8Array
  /** Called before an existing database is migrated. Can throw to prevent it. */
  beforeMigration?: () => void
  /** Called if the use of a credential could not be recorded. */
  onRecordFailure?: (error: unknown) => void
}

/**
 * Opens a database file, which must exist but can be empty, and migrates it.
 *
 * @throws NewerSchema if a newer version has written it
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<RegistryStore> {
  const connection = new Connection(options.driver, options.path)
  try {
    await migrate(connection, options.path, options.beforeMigration ?? (() => {}))
  } catch (error) {
    connection.close()
    throw error
  }
  connection.waitWithoutBlocking()
  const box = createSecretBox(options.key)
  const signer = new RegistrySigner(connection, box)
  return {
    users: createUserStore(connection, box),
    logins: createLoginStore(connection, box),
    sessions: createSessionStore(connection),
    tokens: createTokenStore(connection),
    credentials: createCredentialLookup(connection, options.onRecordFailure ?? (() => {})),
    organizations: createOrganizationStore(connection),
    packages: createPackageStore(connection, signer),
    authorKeys: createAuthorKeyStore(connection),
    signingKeys: createSigningKeyStore(connection, signer),
    audit: createAuditLog(connection),
    close: async () => connection.close(),
  }
}
