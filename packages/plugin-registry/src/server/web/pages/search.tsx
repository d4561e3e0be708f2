import type {JSX} from 'preact'

import type {Links} from '../links.js'
import type {Page} from '../page.js'
import {type Hit, Results} from './results.js'

const pageSize = 20

export function searchPage(): Page {
  return {
    url: '/-/search',
    answer: async ({request, call, links}) => {
      const {q = '', from = '0'} = request.query as {q?: string; from?: string}
      const offset = /^\d{1,5}$/.test(from) ? Number(from) : 0
      // One more shows whether there is a next page.
      const {results, total} = await call('searchPackages', {query: {q, limit: pageSize + 1, offset}})
      const hits = results.slice(0, pageSize)
      const next = results.length > pageSize ? offset + pageSize : undefined
      return {
        title: q === '' ? 'All packages' : `Search: ${q}`,
        searched: q,
        scripts: ['search.js'],
        body: <SearchResults {...{text: q, hits, total, offset, next, links}} />,
      }
    },
  }
}

interface SearchResultsProps {
  text: string
  hits: readonly Hit[]
  total: number
  offset: number
  /** The offset of the next page, if there is one. */
  next: number | undefined
  links: Links
}

function SearchResults({text, hits, total, offset, next, links}: SearchResultsProps): JSX.Element {
  return (
    <div id="results">
      <h1>{text === '' ? 'All packages' : 'Search results'}</h1>
      <p class="faint" id="count">
        {countOf(total)}
        {text !== '' && (
          <>
            {' for '}
            <bdi>“{text}”</bdi>
          </>
        )}
      </p>
      {hits.length > 0 ? (
        <Results hits={hits} links={links} />
      ) : (
        <p class="empty">
          No packages found. Try fewer words, or see <a href={links.search('')}>all packages</a>.
        </p>
      )}
      {(offset > 0 || next !== undefined) && (
        <nav class="pages" aria-label="Pages">
          {offset > 0 && (
            <a class="button quiet" rel="prev" href={links.search(text, Math.max(offset - pageSize, 0))}>
              Previous
            </a>
          )}
          {next !== undefined && (
            <a class="button quiet" rel="next" href={links.search(text, next)}>
              Next
            </a>
          )}
        </nav>
      )}
    </div>
  )
}

function countOf(total: number): string {
  if (total >= 1000) return '1000 packages or more'
  return total === 1 ? '1 package' : `${total} packages`
}
