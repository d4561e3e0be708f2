import type {Schema} from '../schema.js'

type TableName = keyof Schema

/**
 * The primary key of each table, in an order in which rows come after those that they refer to. Leases are left out,
 * because processes hold them. An object, so that the compiler reports a table that is missing.
 */
const keys: Record<Exclude<TableName, 'leases'>, readonly string[]> = {
  names: ['name'],
  users: ['id'],
  recovery_codes: ['user_id', 'hash'],
  sessions: ['id'],
  challenges: ['hash'],
  browser_requests: ['id'],
  login_failures: ['key'],
  organizations: ['id'],
  invitations: ['id'],
  members: ['organization_id', 'user_id'],
  tokens: ['id'],
  token_suspensions: ['token_id', 'made_by'],
  token_values: ['id'],
  credential_uses: ['credential_id'],
  trusted_publishers: ['id'],
  exchanged_tokens: ['id'],
  epoch: ['value'],
  policy: ['name'],
  packages: ['id'],
  versions: ['id'],
  dist_tags: ['package_id', 'tag'],
  dependents: ['dependency', 'name'],
  downloads: ['package_id', 'day'],
  most_installed: ['package_id'],
  blobs: ['key'],
  author_keys: ['key_id'],
  signing_keys: ['id'],
  version_signatures: ['version_id', 'signing_key'],
  audit: ['id'],
  audit_chain: ['position'],
  idempotency_keys: ['user_id', 'key_hash'],
  webhook_progress: ['name'],
  webhook_deliveries: ['id'],
}

export interface CopiedTable {
  name: Exclude<TableName, 'leases'>
  /** The columns of the primary key. */
  key: readonly string[]
}

export const copiedTables = Object.entries(keys).map(([name, key]) => ({name, key})) as CopiedTable[]

/** Columns that SQLite keeps for an earlier version, and that nothing reads. */
export const obsoleteColumns: Partial<Record<TableName, readonly string[]>> = {
  sessions: ['used_at'],
  tokens: ['last_used_at', 'suspended_at'],
}

/** A column that refers to another row of its table, which may be added later. */
export const ownReferences: Partial<Record<TableName, string>> = {author_keys: 'rotated_to'}

/** Encrypted columns, and the context of a row's secret. */
export const sealedColumns: Partial<
  Record<TableName, {column: string; contextOf: (row: Readonly<Record<string, unknown>>) => string}>
> = {
  users: {column: 'totp_secret', contextOf: ({id}) => String(id)},
  signing_keys: {column: 'sealed_seed', contextOf: ({key_id: keyId}) => `signing-key:${String(keyId)}`},
}
