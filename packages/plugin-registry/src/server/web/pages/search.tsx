import type {JSX} from 'preact'

import type {Links} from '../links.js'
import {NextPage} from '../next-page.js'
import type {Page} from '../page.js'
import {type Hit, Results} from './results.js'

const pageSize = 50

export function searchPage(): Page {
  return {
    url: '/-/search',
    answer: async ({query, call, links}) => {
      const {q = '', cursor} = query
      const page = {q, limit: pageSize, ...(cursor !== undefined && {cursor})}
      const {results, total, nextCursor} = await call('searchPackages', {query: page})
      return {
        title: q === '' ? 'All packages' : `Search: ${q}`,
        searched: q,
        scripts: ['search.js'],
        body: <SearchResults {...{text: q, hits: results, total, isFirst: cursor === undefined, nextCursor, links}} />,
      }
    },
  }
}

interface SearchResultsProps {
  text: string
  hits: readonly Hit[]
  total: number
  isFirst: boolean
  nextCursor: string | undefined
  links: Links
}

function SearchResults({text, hits, total, isFirst, nextCursor, links}: SearchResultsProps): JSX.Element {
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
      <NextPage
        next={nextCursor === undefined ? undefined : links.search(text, nextCursor)}
        first={isFirst ? undefined : links.search(text)}
      />
    </div>
  )
}

function countOf(total: number): string {
  if (total >= 1000) return '1000 packages or more'
  return total === 1 ? '1 package' : `${total} packages`
}
