import {all, first, type Port} from '../port.js'
import type {TokenDetails, TokenQueries} from '../store.js'
import {tokensOf, tokensWithin} from './token-holders.js'
import {earliest, type TokenWithHistory, withHistory} from './token-values.js'
import {toRecord, toUse} from './tokens.js'

type OldValue = {
  [Column in 'old_prefix' | 'old_agent' | 'old_address' | 'old_action' | 'old_package']: string | null
} & {[Column in 'old_ends_at' | 'old_expires_at' | 'old_displaced_at' | 'old_used_at' | 'old_refused']: number | null}

export function createTokenQueries(port: Port): TokenQueries {
  return {
    async details({id, within}) {
      const row = await port.ask(first(withOldValues(tokensWithin(within)).where('tokens.id', '=', id)))
      return row && toDetails(row)
    },

    async detailsByPrefix({prefix, holder}) {
      const matching = withOldValues(tokensOf(holder)).where((row) =>
        row.or([row('newest.prefix', '=', prefix), row('old.prefix', '=', prefix)]),
      )
      return (await port.ask(all(matching.orderBy('tokens.created_at').orderBy('tokens.id')))).map(toDetails)
    },
  }
}

/** Adds the last use of the value that the newest one replaced. */
function withOldValues(tokens: ReturnType<typeof tokensOf>) {
  return withHistory(tokens)
    .leftJoin('token_values as old', 'old.id', 'newest.replaces')
    .leftJoin('token_values as displacing', 'displacing.id', 'old.displaced_by')
    .leftJoin('credential_uses as old_uses', 'old_uses.credential_id', 'old.id')
    .select([
      'old.prefix as old_prefix',
      'old.ends_at as old_ends_at',
      'old.expires_at as old_expires_at',
      'displacing.created_at as old_displaced_at',
      'old_uses.last_used_at as old_used_at',
      'old_uses.address as old_address',
      'old_uses.agent as old_agent',
      'old_uses.action as old_action',
      'old_uses.package as old_package',
      'old_uses.refused as old_refused',
    ])
}

function toDetails(row: TokenWithHistory & OldValue): TokenDetails {
  return {...toRecord(row), oldValue: toOldValue(row)}
}

function toOldValue(row: OldValue): TokenDetails['oldValue'] {
  if (row.old_prefix === null) return null
  return {
    prefix: row.old_prefix,
    retiresAt: earliest(row.old_ends_at, row.old_displaced_at),
    expiresAt: row.old_expires_at,
    lastUsedAt: row.old_used_at,
    lastUse: toUse({
      address: row.old_address,
      agent: row.old_agent,
      action: row.old_action,
      package: row.old_package,
      refused: row.old_refused,
    }),
  }
}
