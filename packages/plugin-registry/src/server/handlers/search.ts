import {searchReaderOf} from '../auth/search-reader.js'
import {formatSearchCursor, parseSearchCursor} from '../http/cursor.js'
import {hitResponse} from '../packages/hit-response.js'
import {mostInstalledDays} from '../store/download-store.js'
import type {Handler} from './handler.js'

const defaultLimit = 20

export const searchPackages: Handler<'searchPackages'> = async ({query, credential}, {store}) => {
  const {q: text = '', limit = defaultLimit, offset = 0, cursor} = query
  const search = {text, limit, offset, after: cursor === undefined ? undefined : parseSearchCursor(cursor)}
  const {total, hits, next} = await store.packages.search(search, searchReaderOf(credential))
  return {results: hits.map(hitResponse), total, ...(next && {nextCursor: formatSearchCursor(next)})}
}

export const listMostInstalled: Handler<'listMostInstalled'> = async ({query, credential}, {store}) => {
  const found = await store.packageLists.mostInstalled(query.limit ?? 10, searchReaderOf(credential))
  const packages = found.map(({downloads, ...hit}) => ({...hitResponse(hit), downloads}))
  return {days: mostInstalledDays, packages}
}
