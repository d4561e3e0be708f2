import type {CallOptions, RegistryClient} from '@apkg/command-kit'
import type {SearchResponse} from '@apkg/wire/protocol'

/** A package that matches. Fields that the registry doesn't report are null. */
export interface SearchHit {
  name: string
  /** The latest version. */
  version: string | null
  description: string | null
  /** The package type, such as `skill` or `agent`. */
  type: string | null
  /** The tool that the package was made for. */
  origin: string | null
  /** The tools that the package supports. */
  targets: string[]
  keywords: string[]
  /** Username of the publisher. */
  publisher: string | null
  /** The deprecation message. */
  deprecated: string | null
}

/** One page of matching packages. */
export interface SearchResult {
  /** Matching packages, best match first. */
  results: SearchHit[]
  /** Total number of matches. */
  total: number
  /** Number of matches before this page. */
  offset: number
}

/** One page of matches, the best first. */
export async function searchPackages(
  client: RegistryClient,
  text: string,
  {limit, offset}: {limit: number; offset: number},
  options: CallOptions = {},
): Promise<SearchResult> {
  const {results, total} = await client.call('searchPackages', {query: {q: text, limit, offset}}, options)
  return {results: results.map(hitFromWire), total, offset}
}

function hitFromWire(hit: SearchResponse['results'][number]): SearchHit {
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
