import type {LogPosition, TokenPosition} from '../store/store.js'

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
