import {all, type Port, type Rule, run, statement, type Statement, type Step, type Value} from '../port.js'
import type {PackageStore, SearchHit, SearchReader} from '../store.js'
import {parseJson} from './json-columns.js'

const removeWords = statement({dialect: 'removeWords'})
const addWords = statement({dialect: 'addWords'})
const findNewest = statement<{id: number}>({dialect: 'findNewest'})
const findNamed = statement<{id: number}>({dialect: 'findNamed'})
const findMatching = statement<{id: number}>({dialect: 'findMatching'})
const listFound = statement<HitRow>({dialect: 'listFound'})

const findScopes = statement<{name: string}>(`
  SELECT name FROM users WHERE id = ?1
  UNION ALL
  SELECT name FROM organizations WHERE id = ?1
  UNION ALL
  SELECT o.name FROM members m JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = ?1`)

/** Limits the packages that a search ranks and counts, so that it stays fast. */
const maxFound = 1000

/** How many words of a search are used. Further words are ignored. */
const maxWords = 8

/** Updates the index to the package's `latest`. */
export function indexPackage(id: number): Step<number>[] {
  return [run(removeWords(id)), run(addWords(id))]
}

interface HitRow extends Omit<SearchHit, 'keywords' | 'targets'> {
  keywords: string | null
  targets: string | null
}

export function createPackageSearch(port: Port): Pick<PackageStore, 'search'> {
  return {
    search: ({text, limit, offset}, reader) =>
      port.read(function* () {
        const ranks = yield* findRanks(text.trim(), reader)
        const rows = yield* all(listFound(JSON.stringify([...ranks]), limit, offset))
        return {total: ranks.size, hits: rows.map(toHit)}
      }),
  }
}

/** Finds packages that contain all words, each with its best rank. */
function* findRanks(text: string, reader: SearchReader | undefined): Rule<Map<number, number>> {
  const visibility = visibilityFor(reader)
  const ranks = new Map<number, number>()
  function* add(query: Statement<{id: number}>, rank: number): Rule<void> {
    for (const {id} of yield* all(query)) if (ranks.size < maxFound && !ranks.has(id)) ranks.set(id, rank)
  }
  const words = toWords(text)
  if (text === '') yield* add(findNewest(...visibility), 0)
  if (words === '') return ranks
  yield* add(findNamed(...visibility, text.toLowerCase()), 0)
  const audience = yield* audienceOf(reader)
  for (const [position, columns] of rankedColumns.entries()) {
    if (ranks.size === maxFound) break
    const match = `audience : (${audience}) AND {${columns}} : (${words})`
    yield* add(findMatching(...visibility, match), position + 1)
  }
  return ranks
}

function* audienceOf(reader: SearchReader | undefined): Rule<string> {
  const scopes = reader ? yield* all(findScopes(reader.userId)) : []
  return ['public', ...scopes.map(({name}) => `s${Buffer.from(name).toString('hex')}`)].join(' OR ')
}

/** The columns that must contain all words, best rank first. */
const rankedColumns = ['name', 'name keywords', 'name keywords description', 'name keywords description readme']

function visibilityFor(reader: SearchReader | undefined): Value[] {
  const patterns = reader?.patterns ?? []
  return [reader?.userId ?? null, JSON.stringify(patterns), patterns.length > 0 ? 1 : 0]
}

/**
 * Converts text to an FTS5 query, without interpreting it as FTS5 syntax. The last word matches as a prefix, because it
 * may be incomplete.
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
