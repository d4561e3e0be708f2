import type {Dialect} from '../dialect.js'

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

/** The only file with SQL that other databases don't understand: full-text search (FTS5), JSON and GLOB. */
export const sqliteDialect: Dialect = {
  recordUses: `
    UPDATE credential_uses SET last_used_at = used.value ->> 1, address = used.value ->> 2, agent = used.value ->> 3,
      action = used.value ->> 4, package = used.value ->> 5
    FROM json_each(?1) used
    WHERE credential_id = used.value ->> 0 AND last_used_at < used.value ->> 1`,

  // Transactions run one after another, so ids are in the order of commits.
  findUnsealed: 'SELECT * FROM audit WHERE id > ?1 ORDER BY id LIMIT ?2',

  removeWords: 'DELETE FROM package_words WHERE rowid = ?1',

  // The audience is one word: `public`, or a private package's scope.
  addWords: `
    INSERT INTO package_words (rowid, audience, name, keywords, description, readme)
    SELECT p.id, CASE p.visibility WHEN 'public' THEN 'public' ELSE 's' || hex(p.scope) END,
      p.name, v.keywords, v.description, v.readme
    FROM packages p
    JOIN dist_tags t ON t.package_id = p.id AND t.tag = 'latest'
    JOIN versions v ON v.package_id = p.id AND v.version = t.version
    WHERE p.id = ?1`,

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
      coalesce(p.deprecated, v.deprecated) AS deprecated
    FROM json_each(?1) found
    CROSS JOIN packages p ON p.id = found.value ->> 0
    JOIN dist_tags t ON t.package_id = p.id AND t.tag = 'latest'
    JOIN versions v ON v.package_id = p.id AND v.version = t.version
    JOIN users u ON u.id = v.published_by
    ORDER BY found.value ->> 1, coalesce(p.deprecated, v.deprecated) IS NOT NULL, p.published_at DESC, p.name
    LIMIT ?2 OFFSET ?3`,
}
