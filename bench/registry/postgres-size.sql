-- Bytes of tables and their indexes per token, package, version and audit entry on PostgreSQL. It inserts rows like those
-- of a registry into the tables of a new one, which `apkg registry migrate` created, and rolls them back. Run it as a
-- superuser: psql -f bench/registry/postgres-size.sql <url>

BEGIN;
SET LOCAL session_replication_role = replica;
SET LOCAL search_path = apkg;

INSERT INTO tokens (id, user_id, label, value_id, hash, prefix, scopes, patterns, lifetime, created_at, expires_at)
SELECT 't' || lpad(n::text, 15, '0'), gen_random_uuid()::text, 'ci-deploy-' || n, 'v' || lpad(n::text, 15, '0'),
  sha256(n::text::bytea), 'apkgt_abcd', '["publish"]', '["@acme/tool"]', '{"for":7776000000}', 1764500000000 + n,
  1772276000000 + n
FROM generate_series(1, 50000) n;

INSERT INTO token_values (id, token_id, generation, hash, prefix, lifetime, created_at, expires_at)
SELECT 'v' || lpad(n::text, 15, '0'), 't' || lpad(n::text, 15, '0'), 1, sha256(n::text::bytea), 'apkgt_abcd',
  '{"for":7776000000}', 1764500000000 + n, 1772276000000 + n
FROM generate_series(1, 50000) n;

INSERT INTO credential_uses (credential_id, last_used_at, address, agent, action, package)
SELECT 'v' || lpad(n::text, 15, '0'), 1764500000000 + n, '192.0.2.1', 'apkg/0.1.0 node/22.16.0 linux-x64', 'publish', '@acme/tool'
FROM generate_series(1, 50000) n;

INSERT INTO audit (at, action, actor, credential_id, address, agent, target, detail)
SELECT 1764500000000 + n, 'token.create', gen_random_uuid()::text, 's' || lpad(n::text, 15, '0'), '192.0.2.1',
  'apkg/0.1.0 node/22.16.0 linux-x64', 't' || lpad(n::text, 15, '0'), '{"label":"ci-deploy","scopes":["publish"],"expiresAt":1772276000000}'
FROM generate_series(1, 50000) n;

INSERT INTO audit_chain (position, audit_id, mac) SELECT n, n, sha256(n::text::bytea) FROM generate_series(1, 50000) n;

INSERT INTO packages (id, name, scope, visibility, revision, created_at, updated_at, published_at)
SELECT n, '@scope-' || n % 5000 || '/code-review-' || n, 'scope-' || n % 5000, 'private', 3, 1764500000000, 1764500000000, 1764500000000 + n
FROM generate_series(1, 50000) n;

INSERT INTO package_words (package_id, words)
SELECT n, array_to_tsvector(ARRAY(
  SELECT 'a/scope' || n % 5000 UNION ALL SELECT 'n/review' || n UNION ALL SELECT 'n/code'
  UNION ALL SELECT 'r/word' || (n * k) % 20011 FROM generate_series(1, 120) k))
FROM generate_series(1, 50000) n;

-- A readme of 2 kB that hardly compresses.
INSERT INTO versions (id, package_id, version, type, sha256, size, unpacked_size, file_count, published_at, published_by,
  license, description, readme)
SELECT n, n, '1.0.0', 'skill', encode(sha256(n::text::bytea), 'hex'), 60000, 200000, 8, 1764500000000, gen_random_uuid()::text,
  'MIT', 'Reviews code like a senior engineer.', (SELECT string_agg(md5((n * k)::text), ' ') FROM generate_series(1, 60) k)
FROM generate_series(1, 50000) n;

INSERT INTO dist_tags (package_id, tag, version) SELECT n, 'latest', '1.0.0' FROM generate_series(1, 50000) n;

INSERT INTO blobs (key, sha256, size, state)
SELECT 'sha256/' || encode(sha256(n::text::bytea), 'hex') || '/' || md5(n::text), encode(sha256(n::text::bytea), 'hex'), 60000, 'live'
FROM generate_series(1, 50000) n;

INSERT INTO version_signatures (version_id, signing_key, over_integrity, attestation)
SELECT n, 1, repeat('x', 88), md5(n::text) || repeat(md5((n + 1)::text), 18) FROM generate_series(1, 50000) n;

SELECT name AS "bytes per", sum(pg_total_relation_size(format('apkg.%I', part)::regclass)) / 50000 AS bytes
FROM (VALUES ('token', 'tokens'), ('token', 'token_values'), ('token', 'credential_uses'),
  ('audit entry', 'audit'), ('audit entry', 'audit_chain'),
  ('package', 'packages'), ('package', 'package_words'), ('package', 'dist_tags'),
  ('version', 'versions'), ('version', 'blobs'), ('version', 'version_signatures')) AS rows (name, part)
GROUP BY name ORDER BY name;

ROLLBACK;
