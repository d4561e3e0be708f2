import {sql} from 'kysely'

import {all, type Port, run, statement, type Step} from '../port.js'
import type {Actor, AuditLog} from '../store.js'
import {tables} from './tables.js'

export interface Change {
  at: number
  action: string
  by: Actor
  target?: string | null
  detail?: Record<string, unknown>
}

// Every transaction runs this, so it is handwritten and prepared once.
const addRow = statement({dialect: 'addAuditRow'})

/** Adds a row to the audit log. */
export function recordChange({at, action, by, target = null, detail = {}}: Change): Step<number> {
  const {name, credentialId, address, agent} = by
  return run(addRow(at, action, name, credentialId, address, agent, target, JSON.stringify(detail)))
}

const rows = tables
  .selectFrom('audit')
  .leftJoin('users', 'users.id', 'audit.target')
  .leftJoin('organizations', 'organizations.id', 'audit.target')
  .leftJoin('tokens', 'tokens.id', 'audit.target')
  .leftJoin('trusted_publishers', 'trusted_publishers.id', 'audit.target')
  .selectAll('audit')
  .select((row) =>
    row.fn
      .coalesce('users.name', 'organizations.name', 'tokens.label', 'trusted_publishers.package')
      .$castTo<string | null>()
      .as('target_name'),
  )

export function createAuditLog(port: Port): Omit<AuditLog, 'ofTokens' | 'credentials'> {
  return {
    recordRecovery: (detail, by, now) =>
      port.write(function* () {
        yield* recordChange({at: now, action: 'registry.recovered', by, detail: {...detail}})
      }),

    recordDeadUse: ({kind, id, owner, reason, at, address, agent, count}) =>
      port.write(function* () {
        const by = {name: owner, credentialId: id, address, agent}
        yield* recordChange({
          at,
          action: reason === 'rotated' ? 'token.retired-use' : `${kind}.dead-use`,
          by,
          target: id,
          detail: {reason, count},
        })
      }),

    async latest(limit, {actor, action, target, credential, since, before} = {}) {
      let query = rows.orderBy('audit.id', 'desc').limit(limit)
      if (actor !== undefined) query = query.where('audit.actor', '=', actor)
      if (action !== undefined) query = query.where(sql`substr(audit.action, 1, length(${action}))`, '=', action)
      if (target !== undefined) {
        query = query.where((row) =>
          row.or([
            row('audit.target', '=', target),
            row(sql`substr(audit.target, 1, length(${target}) + 1)`, '=', `${target}@`),
            row('users.name', '=', target),
            row('organizations.name', '=', target),
            row('tokens.label', '=', target),
          ]),
        )
      }
      if (credential !== undefined) {
        query = query.where((row) =>
          row.or([row('audit.credential_id', 'in', credential), row('audit.target', 'in', credential)]),
        )
      }
      if (since !== undefined) query = query.where('audit.at', '>=', since)
      if (before !== undefined) query = query.where('audit.at', '<', before)
      return (await port.ask(all(query))).map((row) => ({
        at: row.at,
        action: row.action,
        name: row.actor,
        credentialId: row.credential_id,
        address: row.address,
        agent: row.agent,
        target: row.target,
        targetName: row.target_name,
        detail: JSON.parse(row.detail) as Record<string, unknown>,
      }))
    },
  }
}
