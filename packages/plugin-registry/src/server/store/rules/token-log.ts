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

/** ?1 is the ID of a user or an organization. */
const isOwn = (token: string) =>
  `((${token}.user_id = ?1 AND ${token}.organization_id IS NULL) OR ${token}.organization_id = ?1)`

/** Rows about tokens and accounts of others, which an operator's token changed. They aren't part of the user's log. */
const isAboutOthers = `
  EXISTS (SELECT 1 FROM tokens o WHERE o.id = recent.target AND coalesce(o.organization_id, o.user_id) <> ?1)
  OR EXISTS (SELECT 1 FROM users u WHERE u.id = recent.target AND u.id <> ?1)`

/**
 * Finds rows with the ID of one of the tokens in a column. For each token, an index finds at most one page of rows.
 */
const idsIn = (column: 'target' | 'credential_id') => `
  SELECT found.id FROM own CROSS JOIN audit found WHERE found.id IN (
    SELECT recent.id FROM audit recent
    WHERE recent.${column} = own.id AND recent.at >= ?3 AND (recent.at, recent.id) < (?4, ?5) AND NOT (${isAboutOthers})
    ORDER BY recent.at DESC, recent.id DESC LIMIT ?6)`

const findRows = statement<Row>(`
  WITH own AS (SELECT id FROM tokens t WHERE ${isOwn('t')} AND id = coalesce(?2, id))
  SELECT a.*, coalesce(t.id, c.id) AS token_id, coalesce(t.label, c.label) AS label
  FROM audit a
  LEFT JOIN tokens t ON t.id = a.target AND ${isOwn('t')}
  LEFT JOIN tokens c ON c.id = a.credential_id AND ${isOwn('c')}
  WHERE a.id IN (${idsIn('target')} UNION ${idsIn('credential_id')})
  ORDER BY a.at DESC, a.id DESC LIMIT ?6`)

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
