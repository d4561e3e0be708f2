import type {Generated} from 'kysely'

/** The tables. Times are milliseconds since 1970. Lists and objects are JSON in text columns. */
export interface Schema {
  /** Users and organizations share one namespace. Names are never reused. */
  names: {name: string; holder: 'user' | 'organization'; taken_at: number}
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
    /** Null: not an operator. */
    operator_since: number | null
  }
  recovery_codes: {user_id: string; hash: Uint8Array; used_at: number | null}
  /** A row per generation of a session. The generations of one login are a family. */
  sessions: {
    id: string
    family: string
    user_id: string
    access_hash: Uint8Array
    refresh_hash: Uint8Array
    started_at: number
    /** When the password was confirmed with this generation's access token. */
    confirmed_at: number | null
    expires_at: number
    refresh_expires_at: number
    replaced_by: string | null
    replaced_at: number | null
    revoked_at: number | null
  }
  challenges: {hash: Uint8Array; user_id: string; expires_at: number; attempts: number; closed_at: number | null}
  /** `hash`, `prefix`, `lifetime` and `expires_at` are those of the value. */
  tokens: {
    id: string
    user_id: string
    label: string
    /** The newest value that wasn't dropped. */
    value_id: string
    hash: Uint8Array
    prefix: string
    scopes: string
    patterns: string
    /** The names of further restrictions, which must all be enforced. */
    restrictions: Generated<string>
    lifetime: string
    created_at: number
    expires_at: number | null
    revoked_at: number | null
    /** The name of the actor; null if it is unknown. */
    revoked_by: string | null
    suspended_at: number | null
    note: string | null
  }
  /** Never deleted. The first value of a token has the token's id. */
  token_values: {
    id: string
    token_id: string
    generation: number
    hash: Uint8Array
    prefix: string
    lifetime: string
    created_at: number
    expires_at: number | null
    /** The value that was current when this one was created; null for the first one. */
    replaces: string | null
    /** Who can repeat or drop the rotation that created this value until it is used; null for the first one. */
    begun_by: 'session' | 'token' | null
    /** How long the replaced value works after the first use of this one, in milliseconds. */
    grace: number | null
    /** When it was replaced and stops working, or was dropped; null for the current one and its unused successor. */
    ends_at: number | null
    /** The later value that ended this one early. If that is dropped, this one works until `ends_at` again. */
    displaced_by: string | null
  }
  /**
   * Of sessions and values of tokens that were used. `used_at` and `last_used_at` in `sessions` and `tokens` are out of
   * date.
   */
  credential_uses: {
    credential_id: string
    last_used_at: number
    address: string | null
    agent: string | null
    /** The name of the endpoint. */
    action: string | null
    package: string | null
  }
  /** Settings that differ from their default or were set. Values have no spaces. */
  policy: {name: string; value: string}
  organizations: {id: string; name: string; created_at: number}
  members: {organization_id: string; user_id: string; role: 'admin' | 'publisher' | 'reader'; added_at: number}
  packages: {
    id: Generated<number>
    /** With its scope, `@acme/tool`. */
    name: string
    /** The name of a user or an organization, without the `@`. */
    scope: string
    visibility: 'public' | 'private'
    revision: number
    created_at: number
    updated_at: number
    /** When the newest version was published. */
    published_at: number
    deprecated: string | null
  }
  /** Never deleted. A version that was taken down is only hidden. */
  versions: {
    id: Generated<number>
    package_id: number
    version: string
    type: string
    /** Hex; the name of the blob. */
    sha256: string
    size: number
    unpacked_size: number
    file_count: number
    published_at: number
    published_by: string
    taken_down_at: number | null
    taken_down_reason: string | null
    deprecated: string | null
    license: string | null
    repository: string | null
    homepage: string | null
    origin: string | null
    targets: string | null
    keywords: string | null
    description: string | null
    dependencies: string | null
    readme: string | null
    provenance: string | null
    /** The id of the author's key. */
    signer: string | null
    /** By the signer, over the author's statement; base64. */
    signature: string | null
    /** The URL of the registry in that statement; null for versions that are older than this column. */
    signed_for: string | null
  }
  /** Never deleted: a key can be registered only once, by one account. Only who proves to hold it can take it over. */
  author_keys: {
    key_id: string
    user_id: string
    public_key: string
    name: string
    status: 'active' | 'retired' | 'revoked'
    created_at: number
    revoked_at: number | null
    reason: string | null
    message: string | null
    rotated_to: string | null
    /** By this key, over the key that it was rotated to; base64. */
    attestation: string | null
    /** When its owner proved to hold the private half; null for a client that sent no proof. */
    proven_at: number | null
  }
  /** The registry's own keys. The one with the highest id is active. */
  signing_keys: {
    id: Generated<number>
    key_id: string
    public_key: string
    sealed_seed: Uint8Array
    status: 'active' | 'retired' | 'revoked'
    created_at: number
    expires_at: number | null
    rotated_from: string | null
    /** By the previous key, over the rotation statement; base64. */
    rotation_signature: string | null
  }
  version_signatures: {
    version_id: number
    signing_key: number
    /** Over the integrity alone, for the original client; base64. */
    over_integrity: string
    /** Over the registry's statement; null if another key signed it. */
    attestation: string | null
  }
  dist_tags: {package_id: number; tag: string; version: string}
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
  /** The committed rows of the audit log in the order of the chain, without gaps from 1. Each code includes the one before. */
  audit_chain: {position: number; audit_id: number; mac: Uint8Array}
  /** Work that only one process does at a time. */
  leases: {name: string; holder: string; expires_at: number}
}
