import type {Dialect, DialectStatements} from '../dialect.js'
import {tokenLogStatement} from '../token-log-sql.js'
import type {Place, WordSearch} from '../words.js'
import {schemaName} from './table-names.js'

/** Limits the packages that a search finds, ranks and counts, so that it stays fast. */
const maxFound = 1000

const scopesOf = `
  SELECT name FROM users WHERE id = ?1
  UNION ALL
  SELECT name FROM organizations WHERE id = ?1
  UNION ALL
  SELECT o.name FROM members m JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = ?1`

/** A pattern is a name, or the start of names followed by `*`. */
const matchesPattern = `
  EXISTS (
    SELECT 1 FROM jsonb_array_elements_text(?2::jsonb) pattern
    WHERE p.name = pattern OR (right(pattern, 1) = '*' AND starts_with(p.name, left(pattern, -1))))`

const isVisible = `
  (p.visibility = 'public' OR (p.scope IN (${scopesOf}) AND (?3::bigint = 0 OR ${matchesPattern})))`

const hasLatest = `EXISTS (SELECT 1 FROM dist_tags t WHERE t.package_id = p.id AND t.tag = 'latest')`

/** A lexeme starts with its place, so that the index finds words of some places only. */
const prefixes: Record<Place | 'audience', string> = {
  audience: 'a/',
  name: 'n/',
  keywords: 'k/',
  description: 'd/',
  readme: 'r/',
}

const lexemesOf = (place: Place, words: string) =>
  `SELECT '${prefixes[place]}' || word FROM unnest(string_to_array(${words}, ' ')) word`

/** The tables whose IDs the database assigns. */
const numbered = ['packages', 'versions', 'signing_keys', 'audit', 'webhook_deliveries']

const alignSequence = (table: string) => `
  setval(pg_get_serial_sequence('${schemaName}.${table}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM ${table}), false)`

const statements: DialectStatements = {
  recordUses: `
    UPDATE credential_uses SET last_used_at = (used ->> 1)::bigint, address = used ->> 2, agent = used ->> 3,
      action = used ->> 4, package = used ->> 5, refused = (used ->> 6)::bigint
    FROM jsonb_array_elements(?1::jsonb) used
    WHERE credential_id = used ->> 0 AND last_used_at <= (used ->> 1)::bigint`,

  addAuditRow: `
    WITH added AS (
      INSERT INTO audit (at, action, actor, credential_id, address, agent, target, detail)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id
    )
    INSERT INTO audit_unsealed (audit_id) SELECT id FROM added`,

  findUnsealed: `
    SELECT a.id, a.at, a.action, a.actor, a.credential_id, a.address, a.agent, a.target, a.detail
    FROM audit_unsealed u JOIN audit a ON a.id = u.audit_id ORDER BY u.audit_id LIMIT ?2`,

  countUnsealed: 'SELECT count(*) AS count FROM audit_unsealed',

  findAdded: `
    SELECT a.id FROM audit a
    WHERE a.id >= ?1 AND NOT EXISTS (SELECT 1 FROM audit_unsealed u WHERE u.audit_id = a.id)
      AND a.id NOT IN (SELECT audit_id FROM audit_chain)
    ORDER BY a.id LIMIT ?2`,

  addLink: `
    WITH linked AS (
      INSERT INTO audit_chain (position, audit_id, mac) VALUES (?1, ?2, ?3) RETURNING audit_id
    )
    DELETE FROM audit_unsealed WHERE audit_id IN (SELECT audit_id FROM linked)`,

  findTokenLog: tokenLogStatement((page) => `SELECT found.id FROM own CROSS JOIN LATERAL (${page}) found`),

  removeWords: 'DELETE FROM package_words WHERE package_id = ?1',

  addWords: `
    INSERT INTO package_words (package_id, words) VALUES (?1, array_to_tsvector(ARRAY(
      SELECT '${prefixes.audience}' || ?2::text
      UNION ALL ${lexemesOf('name', '?3')}
      UNION ALL ${lexemesOf('keywords', '?4')}
      UNION ALL ${lexemesOf('description', '?5')}
      UNION ALL ${lexemesOf('readme', '?6')})))`,

  findNewest: `
    SELECT p.id FROM packages p WHERE ${isVisible} AND ${hasLatest}
    ORDER BY p.published_at DESC, p.name LIMIT ${maxFound}`,

  findNamed: `
    SELECT p.id FROM packages p
    WHERE (p.name = ?4 OR substr(p.name, length(p.scope) + 3) = ?4) AND ${isVisible} AND ${hasLatest}
    ORDER BY p.id DESC LIMIT ${maxFound}`,

  findMatching: `
    SELECT p.id FROM package_words w JOIN packages p ON p.id = w.package_id
    WHERE w.words @@ ?4::tsquery AND ${isVisible}
    ORDER BY p.id DESC LIMIT ${maxFound}`,

  listFound: `
    SELECT p.name, v.version, v.type, v.description, v.keywords, v.origin, v.targets, coalesce(v.published_as, u.name) AS publisher,
      coalesce(p.deprecated, v.deprecated) AS deprecated, (found ->> 1)::bigint AS rank, p.published_at
    FROM jsonb_array_elements(?1::jsonb) found
    JOIN packages p ON p.id = (found ->> 0)::bigint
    JOIN dist_tags t ON t.package_id = p.id AND t.tag = 'latest'
    JOIN versions v ON v.package_id = p.id AND v.version = t.version
    JOIN users u ON u.id = v.published_by
    WHERE ?4::bigint IS NULL OR ((found ->> 1)::bigint, (coalesce(p.deprecated, v.deprecated) IS NOT NULL)::int, -p.published_at, p.name)
      > (?4::bigint, ?5::bigint, ?6::bigint, ?7::text)
    ORDER BY (found ->> 1)::bigint, coalesce(p.deprecated, v.deprecated) IS NOT NULL, p.published_at DESC, p.name
    LIMIT ?2 OFFSET ?3`,

  listColumns: `
    SELECT attname::text AS name FROM pg_attribute
    WHERE attrelid = ('${schemaName}.' || ?1)::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,

  alignSequences: `SELECT ${numbered.map(alignSequence).join(', ')}`,

  clearOwnTables: `WITH words AS (DELETE FROM package_words) DELETE FROM audit_unsealed`,

  findInRange: `
    SELECT p.id FROM packages p WHERE p.name > ?4 AND p.name < ?5 AND ${isVisible} AND ${hasLatest}
    ORDER BY p.name LIMIT ?6`,

  findDependents: `
    SELECT p.name, d.version_range AS "range" FROM dependents d JOIN packages p ON p.id = d.package_id
    WHERE d.dependency = ?4 AND d.name > ?5 AND ${isVisible} AND ${hasLatest}
    ORDER BY d.name LIMIT ?6`,

  findMostInstalled: `
    SELECT p.id, m.downloads FROM most_installed m JOIN packages p ON p.id = m.package_id
    WHERE ${isVisible} AND ${hasLatest}
    ORDER BY m.downloads DESC, p.name LIMIT ?4`,

  addDependents: `
    INSERT INTO dependents (dependency, name, package_id, version_range)
    SELECT d.key, p.name, p.id, d.value
    FROM packages p JOIN dist_tags t ON t.package_id = p.id AND t.tag = 'latest'
      JOIN versions v ON v.package_id = p.id AND v.version = t.version
      CROSS JOIN LATERAL jsonb_each_text(v.dependencies::jsonb) d
    WHERE p.id = ?1 AND v.dependencies IS NOT NULL`,

  // Sorted, because processes that lock rows in different orders would deadlock.
  addDownloads: `
    INSERT INTO downloads (package_id, day, count)
    SELECT p.id, (added ->> 1)::bigint, (added ->> 2)::bigint
    FROM jsonb_array_elements(?1::jsonb) added JOIN packages p ON p.name = added ->> 0
    ORDER BY 1, 2
    ON CONFLICT (package_id, day) DO UPDATE SET count = downloads.count + excluded.count`,
}

/** The only file with SQL that other databases don't understand: full-text search, JSON and LATERAL. */
export const postgresDialect: Dialect = {statements, matchExpression}

function matchExpression({audience, places, words, isPrefix}: WordSearch): string {
  const anyOf = (lexemes: string[]) => `(${lexemes.join(' | ')})`
  const matches = words.map((word, position) => {
    const suffix = isPrefix && position === words.length - 1 ? ':*' : ''
    return anyOf(places.map((place) => `'${prefixes[place]}${word}'${suffix}`))
  })
  return [anyOf(audience.map((each) => `'${prefixes.audience}${each}'`)), ...matches].join(' & ')
}
