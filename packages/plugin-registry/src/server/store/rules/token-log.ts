import {all, first, type Port, statement, together} from '../port.js'
import type {AuditLog, TokenLogRow} from '../store.js'
import {tokensOf} from './token-holders.js'

interface Row {
  id: number
  at: number
  action: string
  actor: string | null
  credential_id: string | null
  address: string | null
  agent: string | null
  target: string | null
  detail: string
  token_id: string
  label: string
}

const findRows = statement<Row>({dialect: 'findTokenLog'})

/** The position before the newest row. */
const start = {at: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER}

export function createTokenLog(port: Port): Pick<AuditLog, 'ofTokens'> {
  return {
    async ofTokens(holder, {token = null, since = 0, after = start, limit}) {
      const owned = tokensOf(holder).select('tokens.id')
      const [known, rows] = await port.ask(
        together([
          first(token === null ? owned.limit(1) : owned.where('tokens.id', '=', token)),
          all(findRows(holder.id, token, since, after.at, after.id, limit)),
        ]),
      )
      return token !== null && known === undefined ? undefined : rows.map(toRow)
    },
  }
}

function toRow({
  id,
  at,
  action,
  actor,
  credential_id,
  address,
  agent,
  target,
  detail,
  token_id,
  label,
}: Row): TokenLogRow {
  return {
    ...{id, at, action, name: actor, credentialId: credential_id, address, agent, target},
    detail: JSON.parse(detail) as Record<string, unknown>,
    ...{tokenId: token_id, label},
  }
}
