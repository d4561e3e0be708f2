import type {Countable, CountStore} from '../count-store.js'
import {first, type Port, statement} from '../port.js'

/** How many rows a step reads. */
const maxRows = 5000

interface CountRow {
  seen: number
  /** Null without rows. */
  count: number | null
  last: string | number | null
}

const countAll = (table: string) =>
  statement<CountRow>(`
    SELECT count(*) AS seen, count(*) AS count, max(id) AS last
    FROM (SELECT id FROM ${table} WHERE id > ?1 ORDER BY id LIMIT ${maxRows}) step`)

const counters: Record<Countable, ReturnType<typeof countAll>> = {
  tokens: statement<CountRow>(`
    SELECT count(*) AS seen, sum(CASE WHEN revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?2) THEN 1 ELSE 0 END) AS count,
      max(id) AS last
    FROM (SELECT id, revoked_at, expires_at FROM tokens WHERE id > ?1 ORDER BY id LIMIT ${maxRows}) step`),
  packages: countAll('packages'),
  webhooks: countAll('webhook_deliveries'),
}

export function createCounts(port: Port): CountStore {
  return {
    async next(kind, after, now) {
      const isText = kind === 'tokens'
      const from = after ?? (isText ? '' : 0)
      const row = await port.ask(first(isText ? counters[kind](from, now) : counters[kind](from)))
      const {seen = 0, count = 0, last = null} = row ?? {}
      return {count: count ?? 0, last: seen < maxRows || last === null ? undefined : last}
    },
  }
}
