import type {RegistryClient} from '@apkg/command-kit'
import type {SearchAnswer} from '@apkg/wire/protocol'

/** A package that matches. Null is what the registry doesn't say. */
export interface SearchHit {
  name: string
  version: string | null
  description: string | null
  type: string | null
  origin: string | null
  targets: string[]
  keywords: string[]
  /** A username. */
  publisher: string | null
  deprecated: string | null
}

export interface SearchResult {
  results: SearchHit[]
  /** The number of all matches. */
  total: number
  /** The number of matches before these. */
  offset: number
}

/** One page of matches, the best first. */
export async function searchPackages(
  client: RegistryClient,
  text: string,
  {limit, offset}: {limit: number; offset: number},
): Promise<SearchResult> {
  const {results, total} = await client.call('searchPackages', {query: {q: text, limit, offset}})
  return {results: results.map(hitFromWire), total, offset}
}

function hitFromWire(hit: SearchAnswer['results'][number]): SearchHit {
  return {
    name: hit.name,
    version: hit.version ?? null,
    description: hit.description ?? null,
    type: hit.type ?? null,
    origin: hit.origin ?? null,
    targets: hit.targets ?? [],
    keywords: hit.keywords ?? [],
    publisher: hit.publisher?.username ?? null,
    deprecated: hit.deprecated ?? null,
  }
}
