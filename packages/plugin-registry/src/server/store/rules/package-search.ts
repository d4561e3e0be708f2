import type {PackageStore, SearchHit, SearchReader} from '../store.js'
import type {Connection} from './connection.js'
import type {SqliteValue} from './driver.js'
import {parseJson} from './json-columns.js'

// The only file that uses SQLite's full-text search (FTS5).

const removeWords = 'DELETE FROM package_words WHERE rowid = ?'

/** The audience is one word: `public`, or a private package's scope. */
const addWords = `
  INSERT INTO package_words (rowid, audience, name, keywords, description, readme)
  SELECT p.id, CASE p.visibility WHEN 'public' THEN 'public' ELSE 's' || hex(p.scope) END,
    p.name, v.keywords, v.description, v.readme
  FROM packages p
  JOIN dist_tags t ON t.package_id = p.id AND t.tag = 'latest'
  JOIN versions v ON v.package_id = p.id AND v.version = t.version
  WHERE p.id = ?`

/** Updates the index to the package's `latest`, in the open transaction. */
export function indexPackage(connection: Connection, id: number): void {
  connection.prepare(removeWords).run(id)
  connection.prepare(addWords).run(id)
}

/** Limits the packages that a search finds, ranks and counts, so that it stays fast. */
const maxFound = 1000

/** Further words of a search are ignored. */
const maxWords = 8

const scopesOf = `
  SELECT name FROM users WHERE id = ?1
  UNION ALL
  SELECT o.name FROM members m JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = ?1`

/** ?1: user, ?2: the patterns of a token as a JSON list, ?3: whether there are any. */
const isVisible = `
  (p.visibility = 'public' OR (
    p.scope IN (${scopesOf}) AND (NOT ?3 OR EXISTS (SELECT 1 FROM json_each(?2) WHERE p.name GLOB value))
  ))`

const hasLatest = `EXISTS (SELECT 1 FROM dist_tags t WHERE t.package_id = p.id AND t.tag = 'latest')`

const findNewest = `
  SELECT p.id FROM packages p WHERE ${isVisible} AND ${hasLatest}
  ORDER BY p.published_at DESC, p.name LIMIT ${maxFound}`

/** ?4: a name, with or without scope. */
const findNamed = `
  SELECT p.id FROM packages p
  WHERE (p.name = ?4 OR substr(p.name, length(p.scope) + 3) = ?4) AND ${isVisible} AND ${hasLatest}
  ORDER BY p.id DESC LIMIT ${maxFound}`

/** ?4: the FTS5 query. */
const findMatching = `
  SELECT p.id FROM package_words w CROSS JOIN packages p ON p.id = w.rowid
  WHERE w.package_words MATCH ?4 AND ${isVisible}
  ORDER BY w.rowid DESC LIMIT ${maxFound}`

/**
 * ?1: a JSON list of [id, rank], best first. FTS5's own ranking is not used: its statistics include private packages, and
 * the order would reveal them.
 */
const listFound = `
  SELECT p.name, v.version, v.type, v.description, v.keywords, v.origin, v.targets, u.name AS publisher,
    coalesce(p.deprecated, v.deprecated) AS deprecated
  FROM json_each(?1) found
  CROSS JOIN packages p ON p.id = found.value ->> 0
  JOIN dist_tags t ON t.package_id = p.id AND t.tag = 'latest'
  JOIN versions v ON v.package_id = p.id AND v.version = t.version
  JOIN users u ON u.id = v.published_by
  ORDER BY found.value ->> 1, coalesce(p.deprecated, v.deprecated) IS NOT NULL, p.published_at DESC, p.name
  LIMIT ?2 OFFSET ?3`

interface HitRow extends Omit<SearchHit, 'keywords' | 'targets'> {
  keywords: string | null
  targets: string | null
}

export function createPackageSearch(connection: Connection): Pick<PackageStore, 'search'> {
  function idsOf(sql: string, ...parameters: SqliteValue[]): number[] {
    return (connection.prepare(sql).all(...parameters) as {id: number}[]).map(({id}) => id)
  }

  function audienceOf(reader: SearchReader | undefined): string {
    const scopes = reader ? (connection.prepare(scopesOf).all(reader.userId) as {name: string}[]) : []
    return ['public', ...scopes.map(({name}) => `s${Buffer.from(name).toString('hex')}`)].join(' OR ')
  }

  /** Packages that contain all the words, each with its best rank. */
  function findRanks(text: string, reader: SearchReader | undefined): Map<number, number> {
    const visibility = visibilityFor(reader)
    const ranks = new Map<number, number>()
    const add = (ids: number[], rank: number) => {
      for (const id of ids) if (ranks.size < maxFound && !ranks.has(id)) ranks.set(id, rank)
    }
    const words = toWords(text)
    if (text === '') add(idsOf(findNewest, ...visibility), 0)
    if (words === '') return ranks
    add(idsOf(findNamed, ...visibility, text.toLowerCase()), 0)
    const audience = audienceOf(reader)
    for (const [position, columns] of rankedColumns.entries()) {
      if (ranks.size === maxFound) break
      const match = `audience : (${audience}) AND {${columns}} : (${words})`
      add(idsOf(findMatching, ...visibility, match), position + 1)
    }
    return ranks
  }

  return {
    search: async ({text, limit, offset}, reader) =>
      connection.read(() => {
        const ranks = findRanks(text.trim(), reader)
        const rows = connection.prepare(listFound).all(JSON.stringify([...ranks]), limit, offset) as HitRow[]
        return {total: ranks.size, hits: rows.map(toHit)}
      }),
  }
}

/** The columns that have to contain all the words, best rank first. */
const rankedColumns = ['name', 'name keywords', 'name keywords description', 'name keywords description readme']

function visibilityFor(reader: SearchReader | undefined): [string | null, string, number] {
  const patterns = reader?.patterns ?? []
  return [reader?.userId ?? null, JSON.stringify(patterns), patterns.length > 0 ? 1 : 0]
}

/**
 * Converts text to an FTS5 query, without treating any of it as FTS5 syntax. The last word is a prefix, since it may be
 * incomplete.
 */
function toWords(text: string): string {
  const typed = text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  const words = [...new Set(typed.filter((word) => /[\p{L}\p{N}]/u.test(word)))].slice(0, maxWords)
  const isPrefix = (words.at(-1)?.length ?? 0) >= 2
  return words.map((word) => `"${word}"`).join(' ') + (isPrefix ? '*' : '')
}

function toHit({keywords, targets, ...row}: HitRow): SearchHit {
  return {...row, keywords: parseJson(keywords) as string[] | null, targets: parseJson(targets) as string[] | null}
}
