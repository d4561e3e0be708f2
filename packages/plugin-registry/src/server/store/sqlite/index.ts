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
  /** 32 bytes that encrypt what has to be read again. */
  key: Uint8Array
  /** Called before the schema of an existing database is changed; may throw to prevent that. */
  beforeMigration?: () => void
  /** Told of a credential's use that could not be written. */
  onNoteFailure?: (error: unknown) => void
}

/**
 * Opens the database file, which has to exist but may be empty, and brings its schema up to date.
 *
 * @throws NewerSchema when a newer version has written it.
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
    credentials: createCredentialLookup(connection, options.onNoteFailure ?? (() => {})),
    organizations: createOrganizationStore(connection),
    packages: createPackageStore(connection, signer),
    authorKeys: createAuthorKeyStore(connection),
    signingKeys: createSigningKeyStore(connection, signer),
    audit: createAuditLog(connection),
    close: async () => connection.close(),
  }
}
