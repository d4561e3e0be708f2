import {hasRight} from '../store/package-rights.js'
import type {SearchHit} from '../store/store.js'
import {withoutNulls} from '../http/without-nulls.js'
import type {Handler} from './handler.js'

const defaultLimit = 20

export const searchPackages: Handler<'searchPackages'> = async ({query, credential}, {store}) => {
  const search = {text: query.q ?? '', limit: query.limit ?? defaultLimit, offset: query.offset ?? 0}
  // Without a user or the right to read, a search finds only public packages.
  const reader =
    credential && credential.kind !== 'exchanged' && hasRight(credential, 'read')
      ? {userId: credential.owner.id, patterns: credential.kind === 'token' ? credential.patterns : []}
      : undefined
  const {total, hits} = await store.packages.search(search, reader)
  return {results: hits.map(toResult), total}
}

function toResult({name, publisher, ...hit}: SearchHit) {
  return {name, publisher: {username: publisher}, ...withoutNulls(hit)}
}
