import type {Schema} from '../schema.js'

/** The PostgreSQL schema with all tables of a registry. */
export const schemaName = 'apkg'

/** Tables that only this engine has. */
type OwnTable = 'audit_unsealed' | 'package_words' | 'migrations' | 'settings' | 'turns'

/** An object, so that the compiler reports a table that is missing here. */
const tables: Record<keyof Schema | OwnTable, true> = {
  audit: true,
  audit_chain: true,
  audit_unsealed: true,
  author_keys: true,
  blobs: true,
  challenges: true,
  credential_uses: true,
  dependents: true,
  dist_tags: true,
  downloads: true,
  epoch: true,
  exchanged_tokens: true,
  idempotency_keys: true,
  invitations: true,
  leases: true,
  browser_requests: true,
  login_failures: true,
  members: true,
  most_installed: true,
  migrations: true,
  names: true,
  organizations: true,
  package_words: true,
  packages: true,
  policy: true,
  recovery_codes: true,
  sessions: true,
  settings: true,
  signing_keys: true,
  token_suspensions: true,
  token_values: true,
  tokens: true,
  trusted_publishers: true,
  turns: true,
  users: true,
  version_signatures: true,
  versions: true,
  webhook_deliveries: true,
  webhook_progress: true,
}

export const tableNames = Object.keys(tables)

const reference = new RegExp(`\\b(from|join|into|update)(\\s+)("?)(${tableNames.join('|')})\\3(?=[\\s();,]|$)`, 'gi')

/**
 * Adds the schema to the names of tables. A search path would be state of a session, which a connection pooler shares
 * with other clients.
 */
export function qualify(sql: string): string {
  return sql.replace(reference, `$1$2${schemaName}.$4`)
}
