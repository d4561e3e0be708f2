import {all, first, type Port, type Rule, run, statement, type Statement, together, type Value} from '../port.js'
import type {PackageStore, SearchHit, SearchPosition, SearchReader} from '../store.js'
import {audienceOf, places, type WordSearch, wordsIn, wordsOf, type WordSource} from '../words.js'
import {parseJson} from './json-columns.js'

const removeWords = statement({dialect: 'removeWords'})
const removeDependents = statement('DELETE FROM dependents WHERE package_id = ?1')
const addDependents = statement({dialect: 'addDependents'})
const addWords = statement({dialect: 'addWords'})
const findNewest = statement<{id: number}>({dialect: 'findNewest'})
const findNamed = statement<{id: number}>({dialect: 'findNamed'})
const findMatching = statement<{id: number}>({dialect: 'findMatching'})
const listFound = statement<HitRow>({dialect: 'listFound'})

const findLatest = statement<WordSource>(`
  SELECT p.name, p.scope, p.visibility, v.keywords, v.description, v.readme FROM packages p
  JOIN dist_tags t ON t.package_id = p.id AND t.tag = 'latest'
  JOIN versions v ON v.package_id = p.id AND v.version = t.version
  WHERE p.id = ?1`)

const findScopes = statement<{name: string}>(`
  SELECT name FROM users WHERE id = ?1
  UNION ALL
  SELECT name FROM organizations WHERE id = ?1
  UNION ALL
  SELECT o.name FROM members m JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = ?1`)

/** Limits the packages that a search ranks and counts, so that it stays fast. */
const maxFound = 1000

/** How many words of a search are used. The rest are ignored. */
const maxWords = 8

/** Updates the index, and what is stored about dependencies, to the package's `latest`. */
export function* indexPackage(id: number): Rule<void> {
  const [, , latest] = yield* together([run(removeWords(id)), run(removeDependents(id)), first(findLatest(id))])
  if (!latest) return
  const {audience, name, keywords, description, readme} = wordsOf(latest)
  yield* together([run(addWords(id, audience, name, keywords, description, readme)), run(addDependents(id))])
}

interface HitRow extends Omit<SearchHit, 'keywords' | 'targets'> {
  keywords: string | null
  targets: string | null
  rank: number
  published_at: number
}

export function createPackageSearch(port: Port): Pick<PackageStore, 'search'> {
  return {
    search: ({text, limit, offset, after}, reader) =>
      port.read(function* () {
        const ranks = yield* findRanks(text.trim(), reader)
        const rows = yield* all(listFound(JSON.stringify([...ranks]), limit + 1, offset, ...placeAfter(after)))
        const shown = rows.slice(0, limit)
        const last = rows.length > limit ? shown.at(-1) : undefined
        return {total: ranks.size, hits: shown.map(toHit), next: last && positionOf(last)}
      }),
  }
}

/** Lists packages in the order of their IDs. */
export function* listHits(ids: readonly number[]): Rule<SearchHit[]> {
  const ranked = ids.map((id, position) => [id, position])
  return (yield* all(listFound(JSON.stringify(ranked), ids.length, 0, ...placeAfter(undefined)))).map(toHit)
}

function placeAfter(position: SearchPosition | undefined): Value[] {
  if (!position) return [null, 0, 0, '']
  const {rank, isDeprecated, publishedAt, name} = position
  return [rank, Number(isDeprecated), -publishedAt, name]
}

function positionOf({rank, deprecated, published_at: publishedAt, name}: HitRow): SearchPosition {
  return {rank, isDeprecated: deprecated !== null, publishedAt, name}
}

/** Finds packages that contain all words, each with its best rank. */
function* findRanks(text: string, reader: SearchReader | undefined): Rule<Map<number, number>> {
  const visibility = visibilityFor(reader)
  const ranks = new Map<number, number>()
  function* add(query: Statement<{id: number}>, rank: number): Rule<void> {
    for (const {id} of yield* all(query)) if (ranks.size < maxFound && !ranks.has(id)) ranks.set(id, rank)
  }
  const search = toSearch(text)
  if (text === '') yield* add(findNewest(...visibility), 0)
  if (search.words.length === 0) return ranks
  yield* add(findNamed(...visibility, text.toLowerCase()), 0)
  const audience = yield* findAudience(reader)
  for (const position of places.keys()) {
    if (ranks.size === maxFound) break
    const ranked: WordSearch = {...search, audience, places: places.slice(0, position + 1)}
    yield* add(
      findMatching(...visibility, (dialect) => dialect.matchExpression(ranked)),
      position + 1,
    )
  }
  return ranks
}

function* findAudience(reader: SearchReader | undefined): Rule<string[]> {
  const scopes = reader ? yield* all(findScopes(reader.userId)) : []
  return ['public', ...scopes.map(({name}) => audienceOf(name))]
}

/** The first three parameters of every statement that lists what a reader can see. */
export function visibilityFor(reader: SearchReader | undefined): Value[] {
  const patterns = reader?.patterns ?? []
  return [reader?.userId ?? null, JSON.stringify(patterns), patterns.length > 0 ? 1 : 0]
}

/** The last word matches as a prefix, because it may be incomplete. */
function toSearch(text: string): Pick<WordSearch, 'words' | 'isPrefix'> {
  const words = wordsIn(text).slice(0, maxWords)
  return {words, isPrefix: (words.at(-1)?.length ?? 0) >= 2}
}

function toHit({keywords, targets, rank: _rank, published_at: _at, ...row}: HitRow): SearchHit {
  return {...row, keywords: parseJson(keywords) as string[] | null, targets: parseJson(targets) as string[] | null}
}
