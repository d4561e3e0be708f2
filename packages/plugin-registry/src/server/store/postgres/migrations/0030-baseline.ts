/**
 * The tables as SQLite's migrations create them up to this number. A test compares both. Integers are `bigint`, and
 * `text` is compared by code points.
 */
const tables = `
CREATE TABLE names (
  name text PRIMARY KEY,
  holder text NOT NULL,
  taken_at bigint NOT NULL,
  trusted_publishing_since bigint
);

CREATE TABLE users (
  id text PRIMARY KEY,
  name text NOT NULL UNIQUE REFERENCES names (name),
  email text NOT NULL,
  password_hash text NOT NULL,
  totp_secret bytea,
  totp_last_step bigint,
  mfa_enabled_at bigint,
  created_at bigint NOT NULL,
  disabled_at bigint,
  removed_at bigint,
  operator_since bigint
);

CREATE TABLE recovery_codes (
  user_id text NOT NULL REFERENCES users (id),
  hash bytea NOT NULL,
  used_at bigint,
  PRIMARY KEY (user_id, hash)
);

CREATE TABLE sessions (
  id text PRIMARY KEY,
  family text NOT NULL,
  user_id text NOT NULL REFERENCES users (id),
  access_hash bytea NOT NULL UNIQUE,
  refresh_hash bytea NOT NULL UNIQUE,
  started_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  refresh_expires_at bigint NOT NULL,
  replaced_by text,
  replaced_at bigint,
  revoked_at bigint,
  confirmed_at bigint,
  login_address text,
  login_agent text,
  kind text,
  authenticated_at bigint
);
CREATE INDEX sessions_family ON sessions (family);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_age ON sessions (refresh_expires_at);

CREATE TABLE challenges (
  hash bytea PRIMARY KEY,
  user_id text NOT NULL REFERENCES users (id),
  expires_at bigint NOT NULL,
  attempts bigint NOT NULL DEFAULT 0,
  closed_at bigint
);
CREATE INDEX challenges_age ON challenges (expires_at);

CREATE TABLE browser_requests (
  id text PRIMARY KEY,
  device_hash bytea UNIQUE,
  user_code text UNIQUE,
  redirect_uri text,
  code_challenge text,
  state text,
  session_id text,
  user_id text,
  address text,
  agent text,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  poll_interval bigint NOT NULL,
  decided_at bigint,
  approved_by text,
  authenticated_at bigint,
  code_hash bytea UNIQUE,
  closed_at bigint
);
CREATE INDEX browser_requests_age ON browser_requests (created_at);
CREATE INDEX browser_requests_approver ON browser_requests (approved_by) WHERE approved_by IS NOT NULL;

CREATE TABLE login_failures (
  key text PRIMARY KEY,
  failures bigint NOT NULL,
  last_at bigint NOT NULL
);
CREATE INDEX login_failures_age ON login_failures (last_at);

CREATE TABLE organizations (
  id text PRIMARY KEY,
  name text NOT NULL UNIQUE REFERENCES names (name),
  created_at bigint NOT NULL
);

CREATE TABLE invitations (
  id text PRIMARY KEY,
  code_hash bytea NOT NULL UNIQUE,
  name text NOT NULL,
  email text,
  organization_id text REFERENCES organizations (id),
  role text,
  user_id text REFERENCES users (id),
  created_by text REFERENCES users (id),
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  closed_at bigint
);
CREATE INDEX invitations_age ON invitations (created_at);

CREATE TABLE members (
  organization_id text NOT NULL REFERENCES organizations (id),
  user_id text NOT NULL REFERENCES users (id),
  role text NOT NULL,
  added_at bigint NOT NULL,
  PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX members_user ON members (user_id);

CREATE TABLE tokens (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users (id),
  organization_id text REFERENCES organizations (id),
  label text NOT NULL,
  value_id text,
  hash bytea NOT NULL UNIQUE,
  prefix text NOT NULL,
  scopes text NOT NULL,
  patterns text NOT NULL,
  restrictions text NOT NULL DEFAULT '[]',
  addresses text,
  uses bigint,
  uses_left bigint,
  release text,
  lifetime text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint,
  revoked_at bigint,
  revoked_by text,
  note text,
  made_by_operator bigint NOT NULL DEFAULT 0
);
CREATE INDEX tokens_owner ON tokens (user_id, created_at, id);
CREATE INDEX tokens_organization ON tokens (organization_id, created_at, id) WHERE organization_id IS NOT NULL;
CREATE INDEX tokens_expiring ON tokens (user_id, expires_at) WHERE revoked_at IS NULL AND expires_at IS NOT NULL;
CREATE INDEX tokens_expiry ON tokens (expires_at) WHERE revoked_at IS NULL AND expires_at IS NOT NULL;

CREATE TABLE token_suspensions (
  token_id text NOT NULL REFERENCES tokens (id),
  made_by text NOT NULL,
  name text,
  at bigint NOT NULL,
  reason text,
  PRIMARY KEY (token_id, made_by)
);

CREATE TABLE token_values (
  id text PRIMARY KEY,
  token_id text NOT NULL REFERENCES tokens (id),
  generation bigint NOT NULL,
  hash bytea NOT NULL UNIQUE,
  prefix text NOT NULL,
  lifetime text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint,
  replaces text,
  begun_by text,
  grace bigint,
  ends_at bigint,
  displaced_by text,
  expiry_notice bigint
);
CREATE INDEX token_values_token ON token_values (token_id);

CREATE TABLE credential_uses (
  credential_id text PRIMARY KEY,
  last_used_at bigint NOT NULL,
  address text,
  agent text,
  action text,
  package text,
  refused bigint NOT NULL DEFAULT 0,
  only_elsewhere bigint NOT NULL DEFAULT 0
);

CREATE TABLE trusted_publishers (
  id text PRIMARY KEY,
  scope text NOT NULL REFERENCES names (name),
  package text NOT NULL,
  provider text NOT NULL,
  issuer text NOT NULL,
  claims text NOT NULL,
  workflow text,
  events text,
  identity text NOT NULL,
  project text,
  project_number text,
  created_at bigint NOT NULL,
  created_by text NOT NULL REFERENCES users (id),
  pinned_at bigint,
  pending_until bigint,
  last_used_at bigint,
  suspended_at bigint,
  removed_at bigint
);
CREATE INDEX trusted_publishers_scope ON trusted_publishers (scope);
CREATE INDEX trusted_publishers_project ON trusted_publishers (issuer, project);
CREATE INDEX trusted_publishers_project_number ON trusted_publishers (issuer, project_number);
CREATE UNIQUE INDEX trusted_publishers_identity ON trusted_publishers (identity) WHERE removed_at IS NULL;

CREATE TABLE exchanged_tokens (
  id text PRIMARY KEY,
  publisher_id text NOT NULL REFERENCES trusted_publishers (id),
  hash bytea NOT NULL UNIQUE,
  prefix text NOT NULL,
  jti_hash bytea NOT NULL UNIQUE,
  id_token_hash bytea NOT NULL,
  origin text NOT NULL,
  exchanged_at bigint NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  ended_at bigint
);
CREATE INDEX exchanged_tokens_age ON exchanged_tokens (exchanged_at);

CREATE TABLE epoch (
  value text PRIMARY KEY
);

CREATE TABLE policy (
  name text PRIMARY KEY,
  value text NOT NULL
);

CREATE TABLE packages (
  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  scope text NOT NULL REFERENCES names (name),
  visibility text NOT NULL,
  revision bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  published_at bigint NOT NULL,
  deprecated text
);
CREATE INDEX packages_scope ON packages (scope);
CREATE INDEX packages_newest ON packages (published_at DESC, name);
CREATE INDEX packages_bare_name ON packages (substr(name, length(scope) + 3));

CREATE TABLE versions (
  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  package_id bigint NOT NULL REFERENCES packages (id),
  version text NOT NULL,
  type text NOT NULL,
  sha256 text NOT NULL,
  size bigint NOT NULL,
  unpacked_size bigint NOT NULL,
  file_count bigint NOT NULL,
  published_at bigint NOT NULL,
  published_by text NOT NULL REFERENCES users (id),
  published_as text,
  trusted_publisher text,
  taken_down_at bigint,
  taken_down_reason text,
  deprecated text,
  yanked_at bigint,
  license text,
  repository text,
  homepage text,
  origin text,
  targets text,
  keywords text,
  description text,
  dependencies text,
  readme text,
  provenance text,
  signer text,
  signature text,
  signed_for text,
  UNIQUE (package_id, version)
);
CREATE INDEX versions_blob ON versions (sha256);
CREATE INDEX versions_signer ON versions (package_id, signer) WHERE signer IS NOT NULL;

CREATE TABLE dist_tags (
  package_id bigint NOT NULL,
  tag text NOT NULL,
  version text NOT NULL,
  PRIMARY KEY (package_id, tag),
  FOREIGN KEY (package_id, version) REFERENCES versions (package_id, version)
);

CREATE TABLE blobs (
  key text PRIMARY KEY,
  sha256 text NOT NULL,
  size bigint NOT NULL,
  state text NOT NULL,
  unreferenced_at bigint
);
CREATE UNIQUE INDEX blobs_live ON blobs (sha256) WHERE state = 'live';
CREATE INDEX blobs_unused ON blobs (unreferenced_at, key) WHERE unreferenced_at IS NOT NULL;

CREATE TABLE package_words (
  package_id bigint PRIMARY KEY REFERENCES packages (id),
  words tsvector NOT NULL
);
CREATE INDEX package_words_words ON package_words USING gin (words);

CREATE TABLE author_keys (
  key_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users (id),
  public_key text NOT NULL,
  name text NOT NULL,
  status text NOT NULL,
  created_at bigint NOT NULL,
  revoked_at bigint,
  reason text,
  message text,
  rotated_to text REFERENCES author_keys (key_id),
  attestation text,
  proven_at bigint
);
CREATE INDEX author_keys_user ON author_keys (user_id);

CREATE TABLE signing_keys (
  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  key_id text NOT NULL UNIQUE,
  public_key text NOT NULL,
  sealed_seed bytea NOT NULL,
  status text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint,
  rotated_from text,
  rotation_signature text
);
CREATE UNIQUE INDEX signing_keys_active ON signing_keys (status) WHERE status = 'active';

CREATE TABLE version_signatures (
  version_id bigint NOT NULL REFERENCES versions (id),
  signing_key bigint NOT NULL REFERENCES signing_keys (id),
  over_integrity text NOT NULL,
  attestation text,
  origin_attestation text,
  PRIMARY KEY (version_id, signing_key)
);

CREATE TABLE audit (
  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  at bigint NOT NULL,
  action text NOT NULL,
  actor text,
  credential_id text,
  address text,
  agent text,
  target text,
  detail text NOT NULL
);
CREATE INDEX audit_target ON audit (target, at) WHERE target IS NOT NULL;
CREATE INDEX audit_credential ON audit (credential_id, at) WHERE credential_id IS NOT NULL;

CREATE TABLE audit_chain (
  position bigint PRIMARY KEY,
  audit_id bigint NOT NULL,
  mac bytea NOT NULL
);

-- Ids aren't in the order of commits, so a reader of the highest ones would miss rows.
CREATE TABLE audit_unsealed (
  audit_id bigint PRIMARY KEY
);

-- Has no rows. Rules that run again after a conflict lock it, so that they don't conflict with each other.
CREATE TABLE turns ();

CREATE TABLE leases (
  name text PRIMARY KEY,
  holder text NOT NULL,
  expires_at bigint NOT NULL
);

CREATE TABLE idempotency_keys (
  user_id text NOT NULL,
  key_hash bytea NOT NULL,
  fingerprint bytea NOT NULL,
  value_id text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (user_id, key_hash)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE webhook_progress (
  name text PRIMARY KEY,
  position bigint NOT NULL
);

CREATE TABLE webhook_deliveries (
  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  position bigint NOT NULL,
  type text NOT NULL,
  queue text NOT NULL,
  attempts bigint NOT NULL,
  due_at bigint
);
CREATE INDEX webhook_deliveries_queue ON webhook_deliveries (queue, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE due_at IS NOT NULL;
`

export const sql: string = tables.replace(/\btext\b/g, 'text COLLATE "C"')
