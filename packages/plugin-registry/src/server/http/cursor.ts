import type {LogPosition, SearchPosition, TokenPosition} from '../store/store.js'

/** The start of the next page. Opaque to clients; the protocol defines its format as `TokenCursor`. */
export function formatCursor({createdAt, id}: TokenPosition): string {
  return `${createdAt}.${id}`
}

/** @param cursor must match `TokenCursor`. */
export function parseCursor(cursor: string): TokenPosition {
  const [createdAt, id = ''] = cursor.split('.')
  return {createdAt: Number(createdAt), id}
}

export function formatLogCursor({at, id}: LogPosition): string {
  return `${at}.${id}`
}

/** @param cursor must match `LogCursor`. */
export function parseLogCursor(cursor: string): LogPosition {
  const [at, id] = cursor.split('.').map(Number) as [number, number]
  return {at, id}
}

export function formatSearchCursor({rank, isDeprecated, publishedAt, name}: SearchPosition): string {
  return [rank, Number(isDeprecated), publishedAt, name].join('.')
}

/** @param cursor must match `SearchCursor`. */
export function parseSearchCursor(cursor: string): SearchPosition {
  const [rank, deprecated, publishedAt, ...name] = cursor.split('.')
  const position = {rank: Number(rank), isDeprecated: deprecated === '1', publishedAt: Number(publishedAt)}
  return {...position, name: name.join('.')}
}
