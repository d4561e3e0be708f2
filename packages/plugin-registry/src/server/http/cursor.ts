import {Refusal} from './refusal.js'
import type {TokenPosition} from '../store/store.js'

/** Encodes where the next page starts. Opaque to clients. */
export function formatCursor({createdAt, id}: TokenPosition): string {
  return Buffer.from(`${createdAt}.${id}`).toString('base64url')
}

/** @throws Refusal VALIDATION unless `formatCursor` made it */
export function parseCursor(cursor: string): TokenPosition {
  const [, createdAt, id] = /^(\d{1,15})\.([0-9a-z]{16})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (createdAt === undefined || id === undefined) {
    throw new Refusal('VALIDATION', {
      details: [{field: 'cursor', message: 'must be the nextCursor of an earlier page'}],
    })
  }
  return {createdAt: Number(createdAt), id}
}
