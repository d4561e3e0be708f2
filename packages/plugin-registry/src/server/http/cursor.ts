import type {TokenPosition} from '../store/store.js'

/** Where the next page begins. Opaque to clients; `TokenCursor` of the protocol is its shape. */
export function formatCursor({createdAt, id}: TokenPosition): string {
  return `${createdAt}.${id}`
}

/** @param cursor fits `TokenCursor`. */
export function parseCursor(cursor: string): TokenPosition {
  const [createdAt, id = ''] = cursor.split('.')
  return {createdAt: Number(createdAt), id}
}
