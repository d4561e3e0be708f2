import {setImmediate as nextTurn} from 'node:timers/promises'

import {withoutBuild} from '@apkg/package-format'
import type {Selectable} from 'kysely'

import {rolesWith} from '../organization-rights.js'
import {scopeHolder} from '../package-rights.js'
import {all, first, type Port, run, statement, together} from '../port.js'
import type {PublisherOrigin} from '../publisher-origin.js'
import type {Schema} from '../schema.js'
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
import {parseJson} from './json-columns.js'
import {findAccessOf, findGateOf, toAccess, toGate} from './package-authority.js'
import {toSameVersion} from './package-rows.js'
import {tables} from './tables.js'

// An installation reads hundreds of packages, so these are handwritten and prepared once. They find the package by its
// name, so that everything about it can be read in one round trip.
const idOf = '(SELECT id FROM packages WHERE name = ?1)'

const findPackage = statement<PackageRow>(
  `
  SELECT id, name, visibility, revision, created_at, updated_at, deprecated, (SELECT value FROM epoch) AS epoch
  FROM packages WHERE name = ?1`,
  {isCacheable: true},
)

const publishingRoles = rolesWith('publish')
  .map((role) => `'${role}'`)
  .join(', ')

/** Shows admins as publishers, because others must not see who manages the organization. */
const findMaintainers = statement<PackageState['maintainers'][number]>(
  `
  SELECT name AS username, 'owner' AS role FROM users WHERE name = ?1 AND removed_at IS NULL
  UNION ALL
  SELECT u.name, 'publisher' FROM organizations o
    JOIN members m ON m.organization_id = o.id AND m.role IN (${publishingRoles})
    JOIN users u ON u.id = m.user_id
  WHERE o.name = ?1
  ORDER BY 1`,
  {isCacheable: true},
)

/**
 * How many versions are read in one step. A step blocks the event loop on an embedded database, and these take some
 * milliseconds.
 */
const maxVersionsPerStep = 250

/** [scope and name, ID of a version, limit] The IDs of the next versions, which an index has. */
const nextIds = `(
  SELECT id FROM versions WHERE package_id = ${idOf} AND id > ?2 ORDER BY id LIMIT ?3)`

const findVersions = statement<VersionRow>(`
  SELECT v.id, v.version, v.type, v.sha256, v.size, v.unpacked_size, v.file_count, v.published_at, v.deprecated, v.yanked_at,
    v.license, v.repository, v.homepage, v.origin, v.targets, v.keywords, v.description, v.dependencies, v.signer, v.signature,
    v.signed_for, v.trusted_publisher, v.taken_down_at, coalesce(v.published_as, u.name) AS publisher
  FROM versions v JOIN users u ON u.id = v.published_by
  WHERE v.id IN ${nextIds}`)

const findSignatures = statement<SignatureRow>(`
  SELECT v.version, k.id, k.key_id, s.over_integrity, s.attestation, s.origin_attestation
  FROM versions v JOIN version_signatures s ON s.version_id = v.id JOIN signing_keys k ON k.id = s.signing_key
  WHERE v.id IN ${nextIds} AND k.status <> 'revoked'`)

const findSigners = statement<AuthorKeyRow>(
  `
  WITH RECURSIVE signers (key_id) AS (
    SELECT signer FROM versions WHERE package_id = ${idOf} AND signer IS NOT NULL
    UNION
    SELECT k.rotated_to FROM signers s JOIN author_keys k ON k.key_id = s.key_id WHERE k.rotated_to IS NOT NULL
  )
  SELECT k.key_id, k.user_id, k.public_key, k.name, k.status, k.created_at, k.revoked_at, k.reason, k.message, k.rotated_to,
    k.attestation, k.proven_at, u.name AS username
  FROM signers s JOIN author_keys k ON k.key_id = s.key_id JOIN users u ON u.id = k.user_id
  ORDER BY k.created_at, k.key_id`,
  {isCacheable: true},
)

/** Finds the dist-tags, with the readme for `latest`. */
const findTags = statement<TagRow>(`
  SELECT t.tag, t.version, v.readme FROM dist_tags t
    LEFT JOIN versions v ON v.package_id = t.package_id AND v.version = t.version AND t.tag = 'latest'
  WHERE t.package_id = ${idOf} ORDER BY t.tag`)

const findSigningKey = statement<Pick<Schema['signing_keys'], 'key_id'>>(
  `SELECT key_id FROM signing_keys WHERE status = 'active'`,
  {isCacheable: true},
)

const findVersion = statement<StateRow>(
  `
  SELECT p.visibility, v.sha256, v.size, v.published_at, v.taken_down_at, v.taken_down_reason, b.key
  FROM packages p JOIN versions v ON v.package_id = p.id
    LEFT JOIN blobs b ON b.sha256 = v.sha256 AND b.state = 'live'
  WHERE p.name = ?1 AND v.version = ?2`,
  {isCacheable: true},
)

const findStatus = statement<StatusRow>(`
  SELECT v.taken_down_at, v.taken_down_reason, coalesce(v.deprecated, p.deprecated) AS deprecated, v.yanked_at, k.key_id,
    k.revoked_at
  FROM packages p JOIN versions v ON v.package_id = p.id
    LEFT JOIN author_keys k ON k.key_id = v.signer AND k.status = 'revoked' AND k.reason = 'key-compromise'
  WHERE p.name = ?1 AND v.version = ?2`)

/** The second range finds everything that starts with `1.0.0+`, and can use the index. */
const findSameVersions = statement<Pick<Schema['versions'], 'version' | 'sha256' | 'taken_down_at'>>(`
  SELECT v.version, v.sha256, v.taken_down_at FROM packages p JOIN versions v ON v.package_id = p.id
  WHERE p.name = ?1 AND (v.version = ?2 OR (v.version > ?2 || '+' AND v.version < ?2 || ',')) ORDER BY v.id`)

const findProvenance = statement<Pick<Schema['versions'], 'provenance'>>(`
  SELECT v.provenance FROM packages p JOIN versions v ON v.package_id = p.id
  WHERE p.name = ?1 AND v.version = ?2 AND v.taken_down_at IS NULL`)

type PackageRow = Pick<
  Selectable<Schema['packages']>,
  'id' | 'name' | 'visibility' | 'revision' | 'created_at' | 'updated_at' | 'deprecated'
> & {epoch: string | null}

type TagRow = Pick<Schema['dist_tags'], 'tag' | 'version'> & Pick<Schema['versions'], 'readme'>

/** A version, without the columns that a list of versions doesn't need. */
type VersionRow = Omit<
  Selectable<Schema['versions']>,
  'package_id' | 'published_by' | 'published_as' | 'taken_down_reason' | 'readme' | 'provenance'
> & {publisher: string}

/** A signature. `id` is the ID of the signing key. */
type SignatureRow = Pick<Schema['versions'], 'version'> &
  Pick<Selectable<Schema['signing_keys']>, 'id' | 'key_id'> &
  Pick<Schema['version_signatures'], 'over_integrity' | 'attestation' | 'origin_attestation'>

type StateRow = Pick<Schema['packages'], 'visibility'> &
  Pick<Schema['versions'], 'sha256' | 'size' | 'published_at' | 'taken_down_at' | 'taken_down_reason'> & {
    key: string | null
  }

type StatusRow = Pick<Schema['versions'], 'taken_down_at' | 'taken_down_reason' | 'deprecated' | 'yanked_at'> & {
  /** The ID of the signer's key, if it was compromised. */
  key_id: string | null
  revoked_at: number | null
}

type PackageQueries = Pick<
  PackageStore,
  'access' | 'state' | 'find' | 'beginEpoch' | 'version' | 'published' | 'statuses' | 'provenance'
>

/** Finds everything that an ETag is computed from. */
function findState(name: string) {
  return [
    first(findPackage(name)),
    all(findMaintainers(scopeHolder(name))),
    all(findSigners(name)),
    first(findSigningKey()),
  ] as const
}

export function createPackageQueries(port: Port): PackageQueries {
  return {
    async access(name, userId) {
      if (userId !== undefined) return toAccess(await port.ask(findAccessOf(name, userId)))
      return {...toGate(await port.ask(findGateOf(name))), role: undefined}
    },

    state: (name) =>
      port.read(function* () {
        const [row, maintainers, signers, key] = yield* together(findState(name))
        return row && toPackageState(row, maintainers, signers, key?.key_id)
      }),

    async find(name) {
      for (let attempt = 1; ; attempt++) {
        // A package that changes all the time is read in one long step in the end.
        const record = await findInSteps(
          port,
          name,
          attempt < maxAttempts ? maxVersionsPerStep : Number.MAX_SAFE_INTEGER,
        )
        if (record !== 'changed') return record
      }
    },

    async beginEpoch(value) {
      await port.write(function* () {
        yield* together([run(tables.deleteFrom('epoch')), run(tables.insertInto('epoch').values({value}))])
      })
    },

    async version(name, version) {
      const row = await port.ask(first(findVersion(name, version)))
      return row && toState(row)
    },

    async published(name, version) {
      const gate = findGateOf(name)
      if (version === undefined) return {...toGate(await port.ask(gate)), versions: []}
      const same = all(findSameVersions(name, withoutBuild(version)))
      const [row, versions] = await port.ask(together([gate, same]))
      return {...toGate(row), versions: versions.map(toSameVersion)}
    },

    statuses: (versions, userId) =>
      port.read(function* () {
        const accesses = yield* together(versions.map(({name}) => findAccessOf(name, userId)))
        const rows = yield* together(versions.map(({name, version}) => first(findStatus(name, version))))
        return rows.map((row, position) => row && toStatus(row, toAccess(accesses[position])))
      }),

    async provenance(name, version) {
      const row = await port.ask(first(findProvenance(name, version)))
      return (parseJson(row?.provenance ?? null) as object | null) ?? undefined
    },
  }
}

/** How often reading in steps is tried again if the package was changed between two of them. */
const maxAttempts = 3

/**
 * Finds everything about a package. If it has more versions than the limit, they are read in several steps.
 *
 * @param limit how many versions to read in a step
 * @returns `changed` if the package was changed between two steps
 */
async function findInSteps(port: Port, name: string, limit: number): Promise<PackageRecord | 'changed' | undefined> {
  const found = await port.read(() => findFirstStep(name, limit))
  if (!found) return undefined
  const {record, versions, signatures} = found
  for (let last = endOf(versions, limit); last !== undefined;) {
    await nextTurn()
    const [row, key, more, others] = await port.read(() => findNextStep(name, last ?? 0, limit))
    const {revision, updatedAt, epoch, signingKey} = record
    const isSame = row?.revision === revision && row.updated_at === updatedAt && row.epoch === epoch
    if (!isSame || key?.key_id !== signingKey) return 'changed'
    versions.push(...more)
    signatures.push(...others)
    last = endOf(more, limit)
  }
  return {...record, versions: withSignatures(versions, signatures)}
}

/** The ID of the last version of a step, or undefined if there are no more. */
function endOf(versions: readonly VersionRow[], limit: number): number | undefined {
  return versions.length < limit ? undefined : versions.reduce((last, {id}) => Math.max(last, id), 0)
}

function* findFirstStep(name: string, limit: number) {
  const [row, maintainers, signers, key, versions, signatures, tags] = yield* together([
    ...findState(name),
    all(findVersions(name, 0, limit)),
    all(findSignatures(name, 0, limit)),
    all(findTags(name)),
  ])
  if (!row) return undefined
  const record: PackageRecord = {
    ...toPackageState(row, maintainers, signers, key?.key_id),
    createdAt: row.created_at,
    deprecated: row.deprecated,
    readme: tags.find(({tag}) => tag === 'latest')?.readme ?? null,
    distTags: Object.fromEntries(tags.map(({tag, version}) => [tag, version])),
    versions: [],
  }
  return {record, versions, signatures}
}

function* findNextStep(name: string, last: number, limit: number) {
  return yield* together([
    first(findPackage(name)),
    first(findSigningKey()),
    all(findVersions(name, last, limit)),
    all(findSignatures(name, last, limit)),
  ])
}

function toPackageState(
  {name, visibility, revision, updated_at: updatedAt, epoch}: PackageRow,
  maintainers: PackageState['maintainers'],
  signers: AuthorKeyRow[],
  signingKey: string | undefined,
): PackageState {
  const plainMaintainers = maintainers.map((each) => ({...each}))
  return {
    name,
    visibility,
    revision,
    updatedAt,
    epoch,
    maintainers: plainMaintainers,
    signers: signers.map(toAuthorKey),
    signingKey,
  }
}

function toState({visibility, sha256, size, key, ...row}: StateRow): VersionState {
  const {published_at: publishedAt, taken_down_at: at, taken_down_reason: reason} = row
  const takenDown = at === null ? undefined : {at, reason: reason ?? ''}
  return {visibility, sha256, size, key: key ?? undefined, publishedAt, takenDown}
}

function toStatus(row: StatusRow, access: PackageAccess): VersionStatus {
  const {taken_down_at: at, taken_down_reason: reason, deprecated, key_id: keyId, revoked_at: revokedAt} = row
  return {
    access,
    takenDown: at === null ? undefined : {at, reason: reason ?? ''},
    deprecated,
    isYanked: row.yanked_at !== null,
    compromisedKey: keyId === null ? undefined : {keyId, revokedAt: revokedAt ?? 0},
  }
}

/** @returns the versions in the order they were published. Sorting few rows here is faster than in the database. */
function withSignatures(versions: readonly VersionRow[], signatures: readonly SignatureRow[]): PublishedVersion[] {
  const available = versions.filter(({taken_down_at: at}) => at === null)
  const byVersion = new Map<string, SignatureRow[]>(available.map(({version}) => [version, []]))
  const newestFirst = signatures.toSorted((a, b) => b.id - a.id)
  for (const signature of newestFirst) byVersion.get(signature.version)?.push(signature)
  return available.toSorted((a, b) => a.id - b.id).map((row) => toVersion(row, byVersion.get(row.version) ?? []))
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
    trustedPublisher: parseJson(row.trusted_publisher) as PublisherOrigin | null,
    deprecated: row.deprecated,
    isYanked: row.yanked_at !== null,
    signature: keyId === null || signature === null ? null : {keyId, signature, registry},
    attestations: signatures.map((row) => ({
      keyId: row.key_id,
      overIntegrity: row.over_integrity,
      attestation: row.attestation,
      originAttestation: row.origin_attestation,
    })),
  }
}
