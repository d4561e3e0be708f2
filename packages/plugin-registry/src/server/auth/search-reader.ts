import {hasRight} from '../store/package-rights.js'
import type {Credential, SearchReader} from '../store/store.js'

/** Who a list of packages is for. Without a user or the right to read, it has only public packages. */
export function searchReaderOf(credential: Credential | undefined): SearchReader | undefined {
  if (!credential || credential.kind === 'exchanged' || !hasRight(credential, 'read')) return undefined
  return {userId: credential.owner.id, patterns: credential.kind === 'token' ? credential.patterns : []}
}
