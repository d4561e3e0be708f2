import {searchReaderOf} from '../auth/search-reader.js'
import {Refusal} from '../http/refusal.js'
import {signerResponse} from '../keys/key-response.js'
import {hitResponse} from '../packages/hit-response.js'
import type {Credential} from '../store/store.js'
import type {Handler} from './handler.js'

const defaultLimit = 50

/** Without packages that the caller can read, the response is that of a scope that does not exist. */
export const getScope: Handler<'getScope'> = async ({params: {scope}, query, credential}, {store}) => {
  const page = {after: query.cursor, limit: query.limit ?? defaultLimit}
  const found = await store.packageLists.inScope(scope, page, searchReaderOf(credential))
  if (!found || (found.packages.length === 0 && !isOwn(scope, credential))) throw new Refusal('NOT_FOUND')
  const {kind, packages, hasMore, keys} = found
  const last = hasMore ? packages.at(-1)?.name : undefined
  return {
    scope,
    kind,
    packages: packages.map(hitResponse),
    keys: keys.map(signerResponse),
    ...(last !== undefined && {nextCursor: last}),
  }
}

/** Whether a session belongs to the user whose scope it is, or to a member of the organization. */
function isOwn(scope: string, credential: Credential | undefined): boolean {
  if (credential?.kind !== 'session') return false
  const {name, organizations} = credential.owner
  return name === scope || organizations.some((each) => each.name === scope)
}

export const listDependents: Handler<'listDependents'> = async ({params: {name}, query, credential}, {store}) => {
  const page = {after: query.cursor, limit: query.limit ?? defaultLimit}
  const {dependents, hasMore} = await store.packageLists.dependents(name, page, searchReaderOf(credential))
  const last = hasMore ? dependents.at(-1)?.name : undefined
  return {name, dependents, ...(last !== undefined && {nextCursor: last})}
}
