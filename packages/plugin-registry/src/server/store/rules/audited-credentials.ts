import {all, type Port, statement, together} from '../port.js'
import type {AuditedCredential, AuditLog} from '../store.js'

interface Named {
  id: string
  /** The ID of the credential that `id` belongs to. */
  owner: string
}

const startsWith = (column: string) => `${column} >= ?1 AND ${column} < ?1 || '~'`

const findValues = statement<Named>(`SELECT id, token_id AS owner FROM token_values WHERE ${startsWith('id')}`)

const findGenerations = statement<Named>(`
  SELECT id, family AS owner FROM sessions
  WHERE family IN (SELECT family FROM sessions WHERE ${startsWith('id')} UNION SELECT family FROM sessions WHERE ${startsWith('family')})`)

const findActing = statement<{id: string}>(`
  SELECT DISTINCT credential_id AS id FROM audit WHERE ${startsWith('credential_id')}
  UNION SELECT DISTINCT target FROM audit WHERE action LIKE 'session.%' AND ${startsWith('target')}`)

export function createAuditedCredentials(port: Port): Pick<AuditLog, 'credentials'> {
  return {
    async credentials(start) {
      const [values, generations, acting] = await port.ask(
        together([all(findValues(start)), all(findGenerations(start)), all(findActing(start))]),
      )
      const found = new Map<string, AuditedCredential>()
      const add = (kind: AuditedCredential['kind'], {id, owner}: Named) => {
        const known = found.get(owner) ?? {kind, id: owner, ids: [owner]}
        found.set(owner, {...known, ids: [...new Set([...known.ids, id])]})
      }
      for (const value of values) add('token', value)
      for (const generation of generations) add('session', generation)
      const known = new Set([...found.values()].flatMap(({ids}) => ids))
      for (const {id} of acting) if (!known.has(id)) add('session', {id, owner: id})
      return [...found.values()]
    },
  }
}
