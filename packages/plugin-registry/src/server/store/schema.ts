import type {Generated} from 'kysely'

/** The tables. Times are milliseconds since 1970. Lists and objects are JSON in text columns. */
export interface Schema {
  /** Users and organizations share one namespace. Names are never reused. */
  names: {
    name: string
    holder: 'user' | 'organization'
    taken_at: number
    /** When trusted publishing became required in the scope. Null if it isn't required. */
    trusted_publishing_since: number | null
  }
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
    /** When the user became an operator. Null if the user isn't one. */
    operator_since: number | null
  }
  recovery_codes: {user_id: string; hash: Uint8Array; used_at: number | null}
  /** One row for each generation of a session. The generations of a login form a family. */
  sessions: {
    id: string
    family: string
    user_id: string
    access_hash: Uint8Array
    refresh_hash: Uint8Array
    started_at: number
    /** The address of the client that logged in. Null if it is unknown. */
    login_address: string | null
    login_agent: string | null
    /** `web`: a browser session, whose refresh token is never issued. Null: the session of a command line. */
    kind: 'web' | null
    /** When a browser authenticated the user who approved the login. Null: at `started_at`. */
    authenticated_at: number | null
    /** When the password was confirmed with this generation's access token. */
    confirmed_at: number | null
    expires_at: number
    refresh_expires_at: number
    replaced_by: string | null
    replaced_at: number | null
    revoked_at: number | null
  }
  challenges: {hash: Uint8Array; user_id: string; expires_at: number; attempts: number; closed_at: number | null}
  /** Logins and confirmations that a command line requests and a browser decides. */
  invitations: {
    id: string
    code_hash: Uint8Array
    /** The username. */
    name: string
    /** Null for a reset. */
    email: string | null
    /** The organization that the user joins, and the role there. */
    organization_id: string | null
    role: 'admin' | 'publisher' | 'reader' | null
    /** The user whose password is reset. Null for a new user. */
    user_id: string | null
    /** The operator who made it. Null if a command on the server did. */
    created_by: string | null
    created_at: number
    expires_at: number
    /** When it was used or revoked. */
    closed_at: number | null
  }
  browser_requests: {
    id: string
    /** Null for a client that gets the result on a loopback address. */
    device_hash: Uint8Array | null
    /** Null as `device_hash`. */
    user_code: string | null
    redirect_uri: string | null
    code_challenge: string | null
    state: string | null
    /** The generation of the session to confirm, and its user. Null for a login. */
    session_id: string | null
    user_id: string | null
    /** The client that sent the request. */
    address: string | null
    agent: string | null
    created_at: number
    expires_at: number
    /** How long the client must wait between two polls, in seconds. */
    poll_interval: number
    decided_at: number | null
    /** Null if the user denied it. */
    approved_by: string | null
    /** When the browser that approved it authenticated the user. */
    authenticated_at: number | null
    /** Of the authorization code for a loopback address. */
    code_hash: Uint8Array | null
    /** When the client got the result, or the request became void. */
    closed_at: number | null
  }
  /** `hash`, `prefix`, `lifetime` and `expires_at` are those of the newest value. `suspended_at` is no longer used. */
  tokens: {
    id: string
    /** The user who created it. */
    user_id: string
    /** The organization that it belongs to; null for the user. */
    organization_id: string | null
    label: string
    /** The newest value that wasn't dropped. */
    value_id: string
    hash: Uint8Array
    prefix: string
    scopes: string
    patterns: string
    /** The names of further restrictions, which must all be enforced. */
    restrictions: Generated<string>
    /** A JSON list of address ranges. Null means any address. */
    addresses: string | null
    /** How many changes to packages the token can make. Null means any number. */
    uses: number | null
    uses_left: number | null
    /** JSON. Null means any version. */
    release: string | null
    lifetime: string
    created_at: number
    expires_at: number | null
    revoked_at: number | null
    /** The name of the actor; null if it is unknown. */
    revoked_by: string | null
    note: string | null
    /** 1 if the operator created it for the user. */
    made_by_operator: Generated<number>
  }
  /** Suspensions of tokens. A row is deleted when its suspension is lifted. */
  token_suspensions: {
    token_id: string
    made_by: 'owner' | 'operator' | 'policy' | 'restore'
    /** The name of the actor; null if it is unknown. */
    name: string | null
    at: number
    /** The reason, on one line. */
    reason: string | null
  }
  /** Never deleted. The first value of a token has the token's ID, unless it was replaced before its first use. */
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
    /**
     * The kind of credential that can repeat or drop the rotation until this value is used. Null for the first value.
     */
    begun_by: 'session' | 'token' | null
    /** How long the replaced value works after the first use of this one, in milliseconds. */
    grace: number | null
    /**
     * When the value stops working because it was replaced or dropped. Null for the current value and its unused
     * successor.
     */
    ends_at: number | null
    /** The later value that ended this one early. If that one is dropped, this one works again until `ends_at`. */
    displaced_by: string | null
    /** How many days before the expiry a `token.expiring` event was last recorded. Null if none was. */
    expiry_notice: number | null
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
    /** 1 if the credential didn't allow the request. */
    refused: Generated<number>
    /** 1 if every use so far was refused because of the client's address. The credential then counts as unused. */
    only_elsewhere: Generated<number>
  }
  trusted_publishers: {
    id: string
    /** The name of a user or an organization, without the `@`. */
    scope: string
    /** `@acme/tool` or `@acme/*`. */
    package: string
    provider: 'github' | 'gitlab' | 'oidc'
    issuer: string
    /** The required claims, including the IDs that were recorded at the first exchange. */
    claims: string
    workflow: string | null
    events: string | null
    /** The requirements in a canonical form. */
    identity: string
    /** The key that a publisher is found by, such as `repository:acme/tool`. */
    project: string | null
    /** The key with the ID of the project, such as `repository_id:123`. */
    project_number: string | null
    created_at: number
    created_by: string
    pinned_at: number | null
    pending_until: number | null
    last_used_at: number | null
    suspended_at: number | null
    removed_at: number | null
  }
  /**
   * Tokens of trusted publishers. Deleted after 30 days, when their ID tokens have expired and can't be exchanged
   * again.
   */
  exchanged_tokens: {
    id: string
    publisher_id: string
    hash: Uint8Array
    prefix: string
    /** SHA-256 of the issuer and the `jti` of the ID token. */
    jti_hash: Uint8Array
    id_token_hash: Uint8Array
    /** The CI job. */
    origin: string
    /** When the ID token was first exchanged. */
    exchanged_at: number
    /** When this value was issued. */
    created_at: number
    expires_at: number
    ended_at: number | null
  }
  /** Settings that differ from their default or were set, and the mark of a move. Values can't contain spaces. */
  policy: {name: string; value: string}
  organizations: {id: string; name: string; created_at: number}
  members: {organization_id: string; user_id: string; role: 'admin' | 'publisher' | 'reader'; added_at: number}
  /** One row: a random value that changes when the database is restored or was rolled back. */
  epoch: {value: string}
  packages: {
    id: Generated<number>
    /** The name with its scope, such as `@acme/tool`. */
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
  /** Versions are never deleted. A version that was taken down is only hidden. */
  versions: {
    id: Generated<number>
    package_id: number
    version: string
    type: string
    /** Hex-encoded. The table `blobs` has the key of the bytes. */
    sha256: string
    size: number
    unpacked_size: number
    file_count: number
    published_at: number
    /** The user who published the version, added the trusted publisher, or created the token of the organization. */
    published_by: string
    /** The name of the trusted publisher or the organization; null for a user. */
    published_as: string | null
    /** The CI job of the trusted publisher. */
    trusted_publisher: string | null
    taken_down_at: number | null
    taken_down_reason: string | null
    deprecated: string | null
    yanked_at: number | null
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
    /** The ID of the author's key. */
    signer: string | null
    /** The author's signature over the author's statement, base64-encoded. */
    signature: string | null
    /** The URL of the registry in that statement; null for versions that are older than this column. */
    signed_for: string | null
  }
  /**
   * Authors' keys. Never deleted, because a key can be registered only once. Taking over a key requires proof of
   * possession.
   */
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
    /** This key's signature over the key that it was rotated to, base64-encoded. */
    attestation: string | null
    /** When the owner proved possession of the private key. Null if the client sent no proof. */
    proven_at: number | null
  }
  /** The registry's own keys. The one with the highest ID is active. */
  signing_keys: {
    id: Generated<number>
    key_id: string
    public_key: string
    sealed_seed: Uint8Array
    status: 'active' | 'retired' | 'revoked'
    created_at: number
    expires_at: number | null
    rotated_from: string | null
    /** The previous key's signature over the rotation statement, base64-encoded. */
    rotation_signature: string | null
  }
  version_signatures: {
    version_id: number
    signing_key: number
    /** The signature over the integrity alone, for the original client, base64-encoded. */
    over_integrity: string
    /** The signature over the registry's statement. Null if another key signed it. */
    attestation: string | null
    /** The signature over the statement about the trusted publisher. Null without one, or if another key signed it. */
    origin_attestation: string | null
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
  /**
   * The committed rows of the audit log in the order of the chain, numbered from 1. Each HMAC covers the previous one.
   */
  audit_chain: {position: number; audit_id: number; mac: Uint8Array}
  /** Requests that clients can retry. Deleted after a day. */
  idempotency_keys: {
    user_id: string
    key_hash: Uint8Array
    fingerprint: Uint8Array
    /** The ID of the token value in the latest response. */
    value_id: string
    /** When the request was first executed. */
    created_at: number
  }
  /** The last position of the chain whose events were added to `webhook_deliveries`. */
  webhook_progress: {name: string; position: number}
  /** Events that aren't delivered yet. */
  webhook_deliveries: {
    id: Generated<number>
    /** The position in the chain. */
    position: number
    type: string
    /** Events of one queue are delivered in order. */
    queue: string
    attempts: number
    /** Null if an earlier event of its queue isn't delivered yet. */
    due_at: number | null
  }
  /** Where the bytes of tarballs are. */
  blobs: {
    key: string
    /** Hex. At most one blob of a hash is live. */
    sha256: string
    size: number
    /** `replaced`: damaged, and stored again under another key. `deleting`: the bytes may already be deleted. */
    state: 'live' | 'replaced' | 'deleting'
    /** Since when no available version needs it. Null if one does. */
    unreferenced_at: number | null
  }
  /** Downloads from this registry. Deleted after some months. `day`: when it began, in UTC. */
  downloads: {package_id: number; day: number; count: number}
  /** The packages with the most downloads of the last 30 days: the public ones, and the private ones of each scope. */
  most_installed: {package_id: number; downloads: number}
  /** The dependencies of each package's `latest`. `name` is the name of the package. */
  dependents: {dependency: string; name: string; package_id: number; version_range: string}
  /** Work that only one process does at a time. */
  leases: {name: string; holder: string; expires_at: number}
}
