import type {Actor, AuditLog} from '../store.js'
import type {Connection} from './connection.js'

export interface Change {
  at: number
  action: string
  by: Actor
  target?: string | null
  detail?: Record<string, unknown>
}

/** Adds a row to the audit log, as part of the transaction that is open. */
export function recordChange(connection: Connection, {at, action, by, target = null, detail = {}}: Change): void {
  connection.run(
    connection.build.insertInto('audit').values({
      at,
      action,
      actor: by.name,
      credential_id: by.credentialId,
      address: by.address,
      agent: by.agent,
      target,
      detail: JSON.stringify(detail),
    }),
  )
}

export function createAuditLog(connection: Connection): AuditLog {
  return {
    async latest(limit) {
      const rows = connection.all(connection.build.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit))
      return rows.map((row) => ({
        at: row.at,
        action: row.action,
        name: row.actor,
        credentialId: row.credential_id,
        address: row.address,
        agent: row.agent,
        target: row.target,
        detail: JSON.parse(row.detail) as Record<string, unknown>,
      }))
    },
  }
}
