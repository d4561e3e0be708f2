import type {PackageStore, SearchHit, SearchReader} from '../store.js'
import type {Connection} from './connection.js'
import type {SqliteValue} from './driver.js'
import {parseJson} from './json-columns.js'

// The one place that speaks SQLite's full-text search (FTS5).

const forget = 'DELETE FROM package_words WHERE rowid = ?'

/** Who may see a package, as one word: `public`, or the scope that a private one is in. */
const learn = `
  INSERT INTO package_words (rowid, audience, name, keywords, description, readme)
  SELECT p.id, CASE p.visibility WHEN 'public' THEN 'public' ELSE 's' || hex(p.scope) END,
    p.name, v.keywords, v.description, v.readme
  FROM packages p
  JOIN dist_tags t ON t.package_id = p.id AND t.tag = 'latest'
  JOIN versions v ON v.package_id = p.id AND v.version = t.version
  WHERE p.id = ?`

/** Brings what is searched up to date with the package's `latest`, as part of the transaction that is open. */
export function indexPackage(connection: Connection, id: number): void {
  connection.prepare(forget).run(id)
  connection.prepare(learn).run(id)
}

/** At most so many packages are found, ranked and counted, so that no search holds the registry up. */
const mostFound = 1000

/** At most so many words of a search count. */
const mostWords = 8

const scopesOf = `
  SELECT name FROM users WHERE id = ?1
  UNION ALL
  SELECT o.name FROM members m JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = ?1`

/** ?1: a user, ?2: the patterns of a token as a JSON list, ?3: whether there are any. */
const isVisible = `
  (p.visibility = 'public' OR (
    p.scope IN (${scopesOf}) AND (NOT ?3 OR EXISTS (SELECT 1 FROM json_each(?2) WHERE p.name GLOB value))
  ))`

const hasLatest = `EXISTS (SELECT 1 FROM dist_tags t WHERE t.package_id = p.id AND t.tag = 'latest')`

const findNewest = `
  SELECT p.id FROM packages p WHERE ${isVisible} AND ${hasLatest}
  ORDER BY p.published_at DESC, p.name LIMIT ${mostFound}`

/** ?4: a name, with its scope or without. */
const findNamed = `
  SELECT p.id FROM packages p
  WHERE (p.name = ?4 OR substr(p.name, length(p.scope) + 3) = ?4) AND ${isVisible} AND ${hasLatest}
  ORDER BY p.id DESC LIMIT ${mostFound}`

/** ?4: what to match. */
const findMatching = `
  SELECT p.id FROM package_words w CROSS JOIN packages p ON p.id = w.rowid
  WHERE w.package_words MATCH ?4 AND ${isVisible}
  ORDER BY w.rowid DESC LIMIT ${mostFound}`

/**
 * ?1: where each package was found, the best place first, as a JSON list of [id, place]. The statistics of the full-text
 * index have no part in the order: they count private packages too, which strangers could tell from it.
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

  /** Packages that have all the words, each by the best place where it has them. */
  function findPlaces(text: string, reader: SearchReader | undefined): Map<number, number> {
    const visibility = visibilityFor(reader)
    const places = new Map<number, number>()
    const add = (ids: number[], place: number) => {
      for (const id of ids) if (places.size < mostFound && !places.has(id)) places.set(id, place)
    }
    const words = toWords(text)
    if (text === '') add(idsOf(findNewest, ...visibility), 0)
    if (words === '') return places
    add(idsOf(findNamed, ...visibility, text.toLowerCase()), 0)
    const audience = audienceOf(reader)
    for (const [position, columns] of searched.entries()) {
      if (places.size === mostFound) break
      const match = `audience : (${audience}) AND {${columns}} : (${words})`
      add(idsOf(findMatching, ...visibility, match), position + 1)
    }
    return places
  }

  return {
    search: async ({text, limit, offset}, reader) =>
      connection.read(() => {
        const places = findPlaces(text.trim(), reader)
        const rows = connection.prepare(listFound).all(JSON.stringify([...places]), limit, offset) as HitRow[]
        return {total: places.size, hits: rows.map(toHit)}
      }),
  }
}

/** Where all the words have to be found, the best place first. */
const searched = ['name', 'name keywords', 'name keywords description', 'name keywords description readme']

function visibilityFor(reader: SearchReader | undefined): [string | null, string, number] {
  const patterns = reader?.patterns ?? []
  return [reader?.userId ?? null, JSON.stringify(patterns), patterns.length > 0 ? 1 : 0]
}

/**
 * What is searched for, with nothing left of what the full-text search would take for its own syntax. The last word, which
 * may still be being typed, stands for everything that begins with it.
 */
function toWords(text: string): string {
  const typed = text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  const words = [...new Set(typed.filter((word) => /[\p{L}\p{N}]/u.test(word)))].slice(0, mostWords)
  const isBeginning = (words.at(-1)?.length ?? 0) >= 2
  return words.map((word) => `"${word}"`).join(' ') + (isBeginning ? '*' : '')
}

function toHit({keywords, targets, ...row}: HitRow): SearchHit {
  return {...row, keywords: parseJson(keywords) as string[] | null, targets: parseJson(targets) as string[] | null}
}
