import type {Selectable} from 'kysely'

import {all, first, type Port, type Rule, run, statement, type Step, together} from '../port.js'
import type {Schema} from '../schema.js'
import {type DueWebhook, registryItself, type SealedRow, type WebhookStore} from '../store.js'
import {recordChange} from './audit.js'
import {type Lease, releaseLease, takeLease} from './leases.js'
import {noteExpiringTokens} from './expiry-notices.js'

type AuditColumns = Omit<Selectable<Schema['audit']>, 'id'>

type SealedColumns = AuditColumns & {position: number; mac: Uint8Array; label: string | null}

type DueColumns = SealedColumns & Pick<Selectable<Schema['webhook_deliveries']>, 'id' | 'type' | 'queue' | 'attempts'>

/** The lease lasts longer than an attempt can take. */
const lease: Lease = {name: 'webhooks', duration: 30_000}

/** How many rows are queued at a time. A longer transaction would delay other changes. */
const maxQueued = 128

const progress = 'default'

const begin = statement(`
  INSERT INTO webhook_progress (name, position)
  SELECT ?1, coalesce(max(position), 0) FROM audit_chain WHERE true ON CONFLICT (name) DO NOTHING`)

const findProgress = statement<{position: number | null; last: number | null}>(`
  SELECT (SELECT position FROM webhook_progress WHERE name = ?1) AS position, max(position) AS last FROM audit_chain`)

const countDue = statement<{count: number}>(`
  SELECT count(*) AS count FROM (SELECT 1 FROM webhook_deliveries WHERE due_at <= ?1 LIMIT ?2) AS due`)

const sealed = `
  c.position, c.mac, a.at, a.action, a.actor, a.credential_id, a.address, a.agent, a.target, a.detail, t.label`

const joined = `
  JOIN audit a ON a.id = c.audit_id
  LEFT JOIN tokens t ON t.id = CASE WHEN a.action LIKE 'package.%' THEN a.credential_id ELSE a.target END`

const findRows = statement<SealedColumns>(
  `SELECT ${sealed} FROM audit_chain c ${joined} WHERE c.position > ?1 ORDER BY c.position LIMIT ?2`,
)

const findDue = statement<DueColumns>(`
  SELECT d.id, d.type, d.queue, d.attempts, ${sealed}
  FROM webhook_deliveries d JOIN audit_chain c ON c.position = d.position ${joined}
  WHERE d.due_at <= ?1 ORDER BY d.due_at, d.id LIMIT ?2`)

/** Adds an event. Only the first event of a queue is due. */
const enqueue = statement(`
  INSERT INTO webhook_deliveries (position, type, queue, attempts, due_at)
  VALUES (?1, ?2, ?3, 0, CASE WHEN EXISTS (SELECT 1 FROM webhook_deliveries WHERE queue = ?3) THEN NULL ELSE CAST(?4 AS bigint) END)`)

const setProgress = statement('UPDATE webhook_progress SET position = ?2 WHERE name = ?1')

const remove = statement('DELETE FROM webhook_deliveries WHERE id = ?1')

const dequeue = statement(`
  UPDATE webhook_deliveries SET due_at = ?2
  WHERE due_at IS NULL AND id = (SELECT min(id) FROM webhook_deliveries WHERE queue = ?1)`)

const postpone = statement('UPDATE webhook_deliveries SET attempts = attempts + 1, due_at = ?2 WHERE id = ?1')

export function createWebhookStore(port: Port): WebhookStore {
  return {
    begin: () =>
      port.write(function* () {
        yield* run(begin(progress))
      }),

    async hasWork(busy, now) {
      const [found, due] = await port.ask(together([first(findProgress(progress)), first(countDue(now, busy + 1))]))
      return (found?.last ?? 0) > (found?.position ?? 0) || (due?.count ?? 0) > busy
    },

    claim: (holder, {eventsOf, limit}, now) =>
      port.write(function* (): Rule<DueWebhook[]> {
        if (!(yield* takeLease(lease, holder, now))) return []
        const from = yield* first(findProgress(progress))
        const rows = (yield* all(findRows(from?.position ?? 0, maxQueued))).map(toSealedRow)
        const last = rows.at(-1)
        if (last) {
          const events = rows.flatMap((row) => eventsOf(row).map((event) => ({...event, position: row.position})))
          yield* together([
            ...events.map(({position, type, queue}) => run(enqueue(position, type, queue, now))),
            run(setProgress(progress, last.position)),
          ])
        }
        return (yield* all(findDue(now, limit))).map(toDue)
      }),

    delivered: ({id, queue}, now) =>
      port.write(function* () {
        yield* together(finish(id, queue, now))
      }),

    postpone: ({id}, dueAt) =>
      port.write(function* () {
        yield* run(postpone(id, dueAt))
      }),

    giveUp: ({id, queue, type, attempts, row}, reason, now) =>
      port.write(function* () {
        const detail = {type, position: row.position, attempts: attempts + 1, reason}
        yield* together([
          ...finish(id, queue, now),
          recordChange({at: now, action: 'webhook.give-up', by: registryItself, target: row.target, detail}),
        ])
      }),

    noteExpiring: (holder, now) =>
      port.write(function* () {
        if (!(yield* takeLease(lease, holder, now))) return 0
        return yield* noteExpiringTokens(now)
      }),

    release: (holder) =>
      port.write(function* () {
        yield* releaseLease(lease, holder)
      }),
  }
}

function finish(id: number, queue: string, now: number): [Step<number>, Step<number>] {
  return [run(remove(id)), run(dequeue(queue, now))]
}

function toSealedRow({actor, credential_id, mac, ...row}: SealedColumns): SealedRow {
  const {position, at, action, address, agent, target, label} = row
  return {
    ...{position, at, action, address, agent, target, label},
    name: actor,
    credentialId: credential_id,
    detail: JSON.parse(row.detail) as Record<string, unknown>,
    mac: Buffer.from(mac).toString('base64'),
  }
}

function toDue(columns: DueColumns): DueWebhook {
  const {id, type, queue, attempts} = columns
  return {id, type, queue, attempts, row: toSealedRow(columns)}
}
