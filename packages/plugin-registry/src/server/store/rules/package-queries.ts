import {withoutBuild} from '@apkg/package-format'

import type {
  PackageAccess,
  PackageRecord,
  PackageState,
  PackageStore,
  PublishedVersion,
  VersionState,
  VersionStatus,
} from '../store.js'
import {type AuthorKeyRow, toAuthorKey} from './author-keys.js'
import type {Connection} from './connection.js'
import {parseJson} from './json-columns.js'
import {readAccess, scopeHolder} from './package-authority.js'
import {activeSigningKey} from './signing-keys.js'

// An installation reads hundreds of packages, so these are written by hand and prepared once.
const findPackage = `
  SELECT id, name, visibility, revision, created_at, updated_at, deprecated FROM packages WHERE name = ?`

const findMaintainers = `
  SELECT name AS username, 'owner' AS role FROM users WHERE name = ?1 AND removed_at IS NULL
  UNION ALL
  SELECT u.name, m.role FROM organizations o
    JOIN members m ON m.organization_id = o.id AND m.role = 'publisher'
    JOIN users u ON u.id = m.user_id
  WHERE o.name = ?1
  ORDER BY 1`

const findVersions = `
  SELECT v.version, v.type, v.sha256, v.size, v.unpacked_size, v.file_count, v.published_at, v.deprecated, v.license,
    v.repository, v.homepage, v.origin, v.targets, v.keywords, v.description, v.dependencies, v.signer, v.signature,
    v.signed_for, u.name AS publisher
  FROM versions v JOIN users u ON u.id = v.published_by
  WHERE v.package_id = ? AND v.taken_down_at IS NULL ORDER BY v.id`

const findSignatures = `
  SELECT v.version, k.key_id, s.over_integrity, s.attestation
  FROM versions v JOIN version_signatures s ON s.version_id = v.id JOIN signing_keys k ON k.id = s.signing_key
  WHERE v.package_id = ? AND v.taken_down_at IS NULL AND k.status <> 'revoked' ORDER BY v.id, k.id DESC`

const findSigners = `
  WITH RECURSIVE signers (key_id) AS (
    SELECT signer FROM versions WHERE package_id = ? AND signer IS NOT NULL
    UNION
    SELECT k.rotated_to FROM signers s JOIN author_keys k ON k.key_id = s.key_id WHERE k.rotated_to IS NOT NULL
  )
  SELECT k.*, u.name AS username FROM signers s JOIN author_keys k ON k.key_id = s.key_id JOIN users u ON u.id = k.user_id
  ORDER BY k.created_at, k.key_id`

const findTags = 'SELECT tag, version FROM dist_tags WHERE package_id = ? ORDER BY tag'

const findReadme = `
  SELECT v.readme FROM dist_tags t JOIN versions v ON v.package_id = t.package_id AND v.version = t.version
  WHERE t.package_id = ? AND t.tag = 'latest'`

const findVersion = `
  SELECT p.visibility, v.sha256, v.size, v.published_at, v.taken_down_at, v.taken_down_reason
  FROM packages p JOIN versions v ON v.package_id = p.id WHERE p.name = ? AND v.version = ?`

const findStatus = `
  SELECT v.taken_down_at, v.taken_down_reason, coalesce(v.deprecated, p.deprecated) AS deprecated, k.key_id, k.revoked_at
  FROM packages p JOIN versions v ON v.package_id = p.id
    LEFT JOIN author_keys k ON k.key_id = v.signer AND k.status = 'revoked' AND k.reason = 'key-compromise'
  WHERE p.name = ? AND v.version = ?`

/** The second range finds everything that starts with `1.0.0+`, and can use the index. */
const findSameVersions = `
  SELECT v.version, v.taken_down_at FROM packages p JOIN versions v ON v.package_id = p.id
  WHERE p.name = ?1 AND (v.version = ?2 OR (v.version > ?2 || '+' AND v.version < ?2 || ',')) ORDER BY v.id`

const findProvenance = `
  SELECT v.provenance FROM packages p JOIN versions v ON v.package_id = p.id
  WHERE p.name = ? AND v.version = ? AND v.taken_down_at IS NULL`

const findReference = 'SELECT 1 FROM versions WHERE sha256 = ? AND taken_down_at IS NULL LIMIT 1'

const findReferences = `
  SELECT sha256, max(size) AS size FROM versions WHERE taken_down_at IS NULL GROUP BY sha256 ORDER BY sha256`

interface PackageRow {
  id: number
  name: string
  visibility: PackageState['visibility']
  revision: number
  created_at: number
  updated_at: number
  deprecated: string | null
}

interface VersionRow {
  version: string
  type: string
  sha256: string
  size: number
  unpacked_size: number
  file_count: number
  published_at: number
  deprecated: string | null
  license: string | null
  repository: string | null
  homepage: string | null
  origin: string | null
  targets: string | null
  keywords: string | null
  description: string | null
  dependencies: string | null
  signer: string | null
  signature: string | null
  signed_for: string | null
  publisher: string
}

interface SignatureRow {
  version: string
  key_id: string
  over_integrity: string
  attestation: string | null
}

interface StateRow {
  visibility: VersionState['visibility']
  sha256: string
  size: number
  published_at: number
  taken_down_at: number | null
  taken_down_reason: string | null
}

interface StatusRow {
  taken_down_at: number | null
  taken_down_reason: string | null
  deprecated: string | null
  key_id: string | null
  revoked_at: number | null
}

type PackageQueries = Pick<
  PackageStore,
  | 'access'
  | 'state'
  | 'find'
  | 'version'
  | 'sameVersions'
  | 'statuses'
  | 'provenance'
  | 'isReferenced'
  | 'referencedBlobs'
>

export function createPackageQueries(connection: Connection): PackageQueries {
  function stateOf(row: PackageRow): PackageState {
    const {name, visibility, revision, updated_at: updatedAt} = row
    const maintainers = connection.prepare(findMaintainers).all(scopeHolder(name)) as PackageState['maintainers']
    const signers = (connection.prepare(findSigners).all(row.id) as AuthorKeyRow[]).map(toAuthorKey)
    const signingKey = activeSigningKey(connection)?.key_id
    const plainMaintainers = maintainers.map((each) => ({...each}))
    return {name, visibility, revision, updatedAt, maintainers: plainMaintainers, signers, signingKey}
  }

  function recordOf(row: PackageRow): PackageRecord {
    const tags = connection.prepare(findTags).all(row.id) as {tag: string; version: string}[]
    const signatures = connection.prepare(findSignatures).all(row.id) as SignatureRow[]
    const latest = connection.prepare(findReadme).get(row.id) as {readme: string | null} | undefined
    return {
      ...stateOf(row),
      createdAt: row.created_at,
      deprecated: row.deprecated,
      readme: latest?.readme ?? null,
      distTags: Object.fromEntries(tags.map(({tag, version}) => [tag, version])),
      versions: withSignatures(connection.prepare(findVersions).all(row.id) as VersionRow[], signatures),
    }
  }

  return {
    access: async (name, userId) => readAccess(connection, name, userId),

    state: async (name) =>
      connection.read(() => {
        const row = connection.prepare(findPackage).get(name) as PackageRow | undefined
        return row && stateOf(row)
      }),

    find: async (name) =>
      connection.read(() => {
        const row = connection.prepare(findPackage).get(name) as PackageRow | undefined
        return row && recordOf(row)
      }),

    version: async (name, version) => {
      const row = connection.prepare(findVersion).get(name, version) as StateRow | undefined
      return row && toState(row)
    },

    sameVersions: async (name, version) => {
      const rows = connection.prepare(findSameVersions).all(name, withoutBuild(version))
      return (rows as {version: string; taken_down_at: number | null}[]).map(({version, taken_down_at: at}) => ({
        version,
        isTakenDown: at !== null,
      }))
    },

    statuses: async (versions, userId) =>
      connection.read(() =>
        versions.map(({name, version}) => {
          const access = readAccess(connection, name, userId)
          const row = connection.prepare(findStatus).get(name, version) as StatusRow | undefined
          return row && toStatus(row, access)
        }),
      ),

    provenance: async (name, version) => {
      const row = connection.prepare(findProvenance).get(name, version) as {provenance: string | null} | undefined
      return (parseJson(row?.provenance ?? null) as object | null) ?? undefined
    },

    isReferenced: async (sha256) => connection.prepare(findReference).get(sha256) !== undefined,

    referencedBlobs: async () => {
      const rows = connection.prepare(findReferences).all() as {sha256: string; size: number}[]
      return rows.map(({sha256, size}) => ({sha256, size}))
    },
  }
}

function toState({visibility, sha256, size, ...row}: StateRow): VersionState {
  const {published_at: publishedAt, taken_down_at: at, taken_down_reason: reason} = row
  const takenDown = at === null ? undefined : {at, reason: reason ?? ''}
  return {visibility, sha256, size, publishedAt, takenDown}
}

function toStatus(row: StatusRow, access: PackageAccess): VersionStatus {
  const {taken_down_at: at, taken_down_reason: reason, deprecated, key_id: keyId, revoked_at: revokedAt} = row
  return {
    access,
    takenDown: at === null ? undefined : {at, reason: reason ?? ''},
    deprecated,
    compromisedKey: keyId === null ? undefined : {keyId, revokedAt: revokedAt ?? 0},
  }
}

function withSignatures(versions: readonly VersionRow[], signatures: readonly SignatureRow[]): PublishedVersion[] {
  const byVersion = new Map<string, SignatureRow[]>(versions.map(({version}) => [version, []]))
  for (const signature of signatures) byVersion.get(signature.version)?.push(signature)
  return versions.map((row) => toVersion(row, byVersion.get(row.version) ?? []))
}

function toVersion(row: VersionRow, signatures: readonly SignatureRow[]): PublishedVersion {
  const {signer: keyId, signature, signed_for: registry} = row
  return {
    version: row.version,
    type: row.type,
    sha256: row.sha256,
    size: row.size,
    unpackedSize: row.unpacked_size,
    fileCount: row.file_count,
    description: row.description,
    license: row.license,
    keywords: parseJson(row.keywords) as string[] | null,
    repository: row.repository,
    homepage: row.homepage,
    dependencies: parseJson(row.dependencies) as Record<string, string> | null,
    origin: row.origin,
    targets: parseJson(row.targets) as string[] | null,
    publishedAt: row.published_at,
    publishedBy: row.publisher,
    deprecated: row.deprecated,
    signature: keyId === null || signature === null ? null : {keyId, signature, registry},
    attestations: signatures.map(({key_id: keyId, over_integrity: overIntegrity, attestation}) => ({
      keyId,
      overIntegrity,
      attestation,
    })),
  }
}
