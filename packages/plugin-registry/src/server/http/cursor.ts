import type {TokenPosition} from '../store/store.js'

/** The start of the next page. Opaque to clients; the protocol defines its format as `TokenCursor`. */
export function formatCursor({createdAt, id}: TokenPosition): string {
  return `${createdAt}.${id}`
}

/** @param cursor must match `TokenCursor`. */
export function parseCursor(cursor: string): TokenPosition {
  const [createdAt, id = ''] = cursor.split('.')
  return {createdAt: Number(createdAt), id}
}
