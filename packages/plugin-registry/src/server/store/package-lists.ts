import type {AuthorKey} from './key-store.js'
import type {SearchHit, SearchReader} from './package-store.js'

/** A page of a list that is sorted by name. */
export interface PackagePage {
  /** The name before the page. Undefined for the first page. */
  after: string | undefined
  limit: number
}

export interface Dependent {
  name: string
  /** The range that its `latest` depends on. */
  range: string
}

/** What a reader can see of a scope. */
export interface ScopeContents {
  kind: 'user' | 'organization'
  packages: SearchHit[]
  /** Whether there are more packages after the page. */
  hasMore: boolean
  /** Those of a user, oldest first. */
  keys: AuthorKey[]
}

/** Lists of packages. They only contain what the reader can read; without a reader, public packages. */
export interface PackageLists {
  /** Lists packages of a user or an organization by name. @returns undefined if the scope doesn't exist */
  inScope(scope: string, page: PackagePage, reader: SearchReader | undefined): Promise<ScopeContents | undefined>
  /** Lists the packages whose `latest` depends on a package, by name. */
  dependents(
    name: string,
    page: PackagePage,
    reader: SearchReader | undefined,
  ): Promise<{dependents: Dependent[]; hasMore: boolean}>
  /** Lists the packages with the most downloads, as of the last refresh. @param limit at most 50 */
  mostInstalled(limit: number, reader: SearchReader | undefined): Promise<(SearchHit & {downloads: number})[]>
}
