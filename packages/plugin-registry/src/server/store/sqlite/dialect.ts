import type {Dialect, DialectStatements} from '../dialect.js'
import {tokenLogStatement} from '../token-log-sql.js'
import type {WordSearch} from '../words.js'

/** Limits the packages that a search finds, ranks and counts, so that it stays fast. */
const maxFound = 1000

const scopesOf = `
  SELECT name FROM users WHERE id = ?1
  UNION ALL
  SELECT name FROM organizations WHERE id = ?1
  UNION ALL
  SELECT o.name FROM members m JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = ?1`

const isVisible = `
  (p.visibility = 'public' OR (
    p.scope IN (${scopesOf}) AND (NOT ?3 OR EXISTS (SELECT 1 FROM json_each(?2) WHERE p.name GLOB value))
  ))`

const hasLatest = `EXISTS (SELECT 1 FROM dist_tags t WHERE t.package_id = p.id AND t.tag = 'latest')`

const statements: DialectStatements = {
  recordUses: `
    UPDATE credential_uses SET last_used_at = used.value ->> 1, address = used.value ->> 2, agent = used.value ->> 3,
      action = used.value ->> 4, package = used.value ->> 5, refused = used.value ->> 6
    FROM json_each(?1) used
    WHERE credential_id = used.value ->> 0 AND last_used_at <= used.value ->> 1`,

  addAuditRow: `
    INSERT INTO audit (at, action, actor, credential_id, address, agent, target, detail)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`,

  // Transactions run one after another, so IDs are in the order of commits.
  findUnsealed: `
    SELECT id, at, action, actor, credential_id, address, agent, target, detail FROM audit
    WHERE id > ?1 ORDER BY id LIMIT ?2`,

  countUnsealed: 'SELECT count(*) AS count FROM audit WHERE id > ?1',

  findAdded: `
    SELECT a.id FROM audit a WHERE a.id >= ?1 AND a.id < (SELECT max(audit_id) FROM audit_chain)
      AND a.id NOT IN (SELECT audit_id FROM audit_chain) ORDER BY a.id LIMIT ?2`,

  addLink: 'INSERT INTO audit_chain (position, audit_id, mac) VALUES (?1, ?2, ?3)',

  findTokenLog: tokenLogStatement(
    (page) => `SELECT found.id FROM own CROSS JOIN audit found WHERE found.id IN (${page})`,
  ),

  removeWords: 'DELETE FROM package_words WHERE rowid = ?1',

  addWords: `
    INSERT INTO package_words (rowid, audience, name, keywords, description, readme)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,

  findNewest: `
    SELECT p.id FROM packages p WHERE ${isVisible} AND ${hasLatest}
    ORDER BY p.published_at DESC, p.name LIMIT ${maxFound}`,

  findNamed: `
    SELECT p.id FROM packages p
    WHERE (p.name = ?4 OR substr(p.name, length(p.scope) + 3) = ?4) AND ${isVisible} AND ${hasLatest}
    ORDER BY p.id DESC LIMIT ${maxFound}`,

  findMatching: `
    SELECT p.id FROM package_words w CROSS JOIN packages p ON p.id = w.rowid
    WHERE w.package_words MATCH ?4 AND ${isVisible}
    ORDER BY w.rowid DESC LIMIT ${maxFound}`,

  // FTS5's own ranking isn't used: its statistics include private packages, so the order would reveal them.
  listFound: `
    SELECT p.name, v.version, v.type, v.description, v.keywords, v.origin, v.targets, coalesce(v.published_as, u.name) AS publisher,
      coalesce(p.deprecated, v.deprecated) AS deprecated, found.value ->> 1 AS rank, p.published_at
    FROM json_each(?1) found
    CROSS JOIN packages p ON p.id = found.value ->> 0
    JOIN dist_tags t ON t.package_id = p.id AND t.tag = 'latest'
    JOIN versions v ON v.package_id = p.id AND v.version = t.version
    JOIN users u ON u.id = v.published_by
    WHERE ?4 IS NULL OR (found.value ->> 1, coalesce(p.deprecated, v.deprecated) IS NOT NULL, -p.published_at, p.name) > (?4, ?5, ?6, ?7)
    ORDER BY found.value ->> 1, coalesce(p.deprecated, v.deprecated) IS NOT NULL, p.published_at DESC, p.name
    LIMIT ?2 OFFSET ?3`,

  listColumns: 'SELECT name FROM pragma_table_info(?1)',

  // SQLite does this itself.
  alignSequences: 'SELECT 1',

  clearOwnTables: 'DELETE FROM package_words',

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
      JOIN json_each(v.dependencies) d
    WHERE p.id = ?1 AND v.dependencies IS NOT NULL`,

  addDownloads: `
    INSERT INTO downloads (package_id, day, count)
    SELECT p.id, added.value ->> 1, added.value ->> 2 FROM json_each(?1) added JOIN packages p ON p.name = added.value ->> 0
    WHERE true ORDER BY 1, 2
    ON CONFLICT (package_id, day) DO UPDATE SET count = downloads.count + excluded.count`,
}

/** The only file with SQL that other databases don't understand: full-text search (FTS5), JSON and GLOB. */
export const sqliteDialect: Dialect = {statements, matchExpression}

function matchExpression({audience, places, words, isPrefix}: WordSearch): string {
  const all = words.map((word) => `"${word}"`).join(' ') + (isPrefix ? '*' : '')
  return `audience : (${audience.join(' OR ')}) AND {${places.join(' ')}} : (${all})`
}
