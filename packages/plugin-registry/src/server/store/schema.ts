import type {Generated} from 'kysely'

/** The tables, as kysely sees them. Times are milliseconds since 1970; lists and objects are JSON in text columns. */
export interface Schema {
  /** Users and organisations share one namespace; a name once taken stays taken. */
  names: {name: string; holder: 'user'; taken_at: number}
  users: {
    id: string
    name: string
    email: string
    password_hash: string
    totp_secret: Uint8Array | null
    totp_last_step: number | null
    mfa_enabled_at: number | null
    created_at: number
    disabled_at: number | null
    removed_at: number | null
  }
  recovery_codes: {user_id: string; hash: Uint8Array; used_at: number | null}
  /** One row for each generation of a session; the generations of one login are a family. */
  sessions: {
    id: string
    family: string
    user_id: string
    access_hash: Uint8Array
    refresh_hash: Uint8Array
    started_at: number
    expires_at: number
    refresh_expires_at: number
    used_at: number | null
    replaced_by: string | null
    replaced_at: number | null
    revoked_at: number | null
  }
  challenges: {hash: Uint8Array; user_id: string; expires_at: number; attempts: number; closed_at: number | null}
  tokens: {
    id: string
    user_id: string
    label: string
    hash: Uint8Array
    prefix: string
    scopes: string
    patterns: string
    lifetime: string
    created_at: number
    expires_at: number | null
    last_used_at: number | null
    revoked_at: number | null
  }
  login_failures: {key: string; failures: number; last_at: number}
  audit: {
    id: Generated<number>
    at: number
    action: string
    actor: string | null
    credential_id: string | null
    address: string | null
    agent: string | null
    target: string | null
    detail: string
  }
}
